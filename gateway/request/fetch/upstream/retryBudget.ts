export interface RetryBudget {
  /** Notes a request; each one saves up a fraction of a retry. */
  note(): void;
  /** Takes one retry if there is one. */
  take(): boolean;
}

/** Retries saved up per request: an agency in trouble gets at most a tenth more requests, not twice as many. */
const SAVED_PER_REQUEST = 0.1;
const MAX_SAVED = 10;

/** A bucket of retries for one agency, full at the start. */
export function createRetryBudget(): RetryBudget {
  let saved = MAX_SAVED;
  return {
    note() {
      saved = Math.min(saved + SAVED_PER_REQUEST, MAX_SAVED);
    },
    take() {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
