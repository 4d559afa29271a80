import type { Clock } from '../../platform/clock.ts';
import type { AgencyId } from '../../platform/ids.ts';

export interface AgencyHealth {
  readonly status: 'ok' | 'unavailable';
  /** ISO 8601 instant in UTC. */
  readonly checkedAt: string;
}

/** An answer that is younger is given again: whoever reads the catalogue must not make the hub ask agencies at will. */
const KEPT_MS = 10_000;
const TIMEOUT_MS = 1_500;

/** Asks each agency's `GET /health`, every ten seconds at most, and all of them at once. */
export function createAgencyHealth(
  urls: () => ReadonlyMap<AgencyId, string>,
  clock: Clock,
): () => Promise<ReadonlyMap<AgencyId, AgencyHealth>> {
  const known = new Map<string, { readonly askedAtMs: number; readonly answer: Promise<AgencyHealth> }>();

  function ask(url: string): Promise<AgencyHealth> {
    const before = known.get(url);
    if (before !== undefined && clock() - before.askedAtMs < KEPT_MS) return before.answer;
    const askedAtMs = clock();
    const answer = isUp(url).then((up): AgencyHealth => ({
      status: up ? 'ok' : 'unavailable',
      checkedAt: new Date(askedAtMs).toISOString(),
    }));
    known.set(url, { askedAtMs, answer });
    return answer;
  }

  return async () => {
    const entries = [...urls()].map(async ([agency, url]) => [agency, await ask(url)] as const);
    return new Map(await Promise.all(entries));
  };
}

async function isUp(graphUrl: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('health', graphUrl), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
