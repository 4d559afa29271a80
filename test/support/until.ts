/** How long a condition is waited for that would have come long ago, were the code right: the slowest machine's patience, below jest's own. */
const PATIENCE_MS = 40_000;

/**
 * Asks again and again until it is so. Rejects after 40 s with what was waited for in vain, so that a test that fails says of what it died rather than
 * that its time was over.
 */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  { everyMs = 10 }: { readonly everyMs?: number } = {},
): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${PATIENCE_MS / 1000} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
