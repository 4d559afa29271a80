import type { Clock } from './agencyModule.ts';

/** Remembers which nonces were used, for as long as they could be used again. */
export interface Nonces {
  /** True the first time; false ever after within `ttlMs`, and when there is no room to remember it. */
  accept(nonce: string): boolean;
}

/**
 * Two generations, so that forgetting costs nothing: a nonce is remembered between `ttlMs` and twice that. `max` bounds a
 * generation [1000000]; beyond it nothing is accepted, since a nonce that is not remembered could be replayed.
 */
export function createNonces(clock: Clock, ttlMs: number, max = 1_000_000): Nonces {
  let current = new Set<string>();
  let previous = new Set<string>();
  let turnedAtMs = clock();

  return {
    accept(nonce) {
      const elapsedMs = clock() - turnedAtMs;
      if (elapsedMs >= ttlMs) {
        previous = elapsedMs >= 2 * ttlMs ? new Set() : current;
        current = new Set();
        turnedAtMs = clock();
      }
      if (current.has(nonce) || previous.has(nonce) || current.size >= max) return false;
      current.add(nonce);
      return true;
    },
  };
}
