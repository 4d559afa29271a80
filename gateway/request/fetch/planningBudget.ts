import { createBuckets } from '../../platform/buckets.ts';
import type { Clock } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';

/** Charges a caller for one new operation; throws HUB_OPERATION_BUDGET_EXCEEDED when nothing is left. */
export type ChargePlanning = (payer: string) => void;

const MOST_PAYERS = 100_000;

/**
 * A bucket of `perMinute` new operations for each caller. Planning is the one thing a caller can make the hub do that costs
 * milliseconds; a form asks the same operations again and again, and pays for each once.
 */
export function createPlanningBudget({
  perMinute,
  clock,
}: {
  readonly perMinute: number;
  readonly clock: Clock;
}): ChargePlanning {
  const buckets = createBuckets({ maxHolders: MOST_PAYERS, clock });
  return (payer) => {
    const retryAfterSeconds = buckets.take(payer, perMinute);
    if (retryAfterSeconds > 0)
      throw new HubError('HUB_OPERATION_BUDGET_EXCEEDED', { extensions: { retryAfterSeconds } });
  };
}
