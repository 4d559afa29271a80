/** How long to wait after so many failures in a row, ms: twice as long each time, half of it by chance, so that what failed together does not come back together. */
export function pauseAfter(
  failures: number,
  { firstMs, longestMs }: { readonly firstMs: number; readonly longestMs: number },
): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 20));
  return whole / 2 + (whole / 2) * Math.random();
}
