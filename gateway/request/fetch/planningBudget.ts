import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';

/** Charges a caller for one new operation; throws HUB_OPERATION_BUDGET_EXCEEDED when nothing is left. */
export type ChargePlanning = (payer: string) => void;

interface Bucket {
  left: number;
  filledAtMs: number;
}

/** Callers remembered; whoever is forgotten begins with a full bucket. */
const MOST_PAYERS = 100_000;

/**
 * A bucket of `perMinute` new operations for each caller, filled evenly. Planning is the one thing a caller can make the hub do that costs
 * milliseconds; a form asks the same operations again and again, and pays for each once.
 */
export function createPlanningBudget({
  perMinute,
  clock,
}: {
  readonly perMinute: number;
  readonly clock: Clock;
}): ChargePlanning {
  const buckets = new LRUCache<string, Bucket>({ max: MOST_PAYERS });
  const perMs = perMinute / 60_000;
  return (payer) => {
    const nowMs = clock();
    const bucket = buckets.get(payer) ?? { left: perMinute, filledAtMs: nowMs };
    bucket.left = Math.min(perMinute, bucket.left + Math.max(0, nowMs - bucket.filledAtMs) * perMs);
    bucket.filledAtMs = nowMs;
    buckets.set(payer, bucket);
    if (bucket.left < 1) {
      const retryAfterSeconds = Math.ceil((1 - bucket.left) / perMs / 1000);
      throw new HubError('HUB_OPERATION_BUDGET_EXCEEDED', { extensions: { retryAfterSeconds } });
    }
    bucket.left -= 1;
  };
}
