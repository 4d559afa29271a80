export interface CircuitBreakerOptions {
  /** Failures in a row, with no success between them, after which nothing is sent for a while. */
  readonly failureThreshold: number;
  /** First pause; each failed probe doubles it, up to `maxPauseMs`. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
  /** Milliseconds, never going back; `performance.now` in the product. */
  readonly monotonicMs: () => number;
}

/** What became of a request that was let through. `NEUTRAL`: it says nothing of the agency (the client left). */
export type Outcome = 'SUCCESS' | 'FAILURE' | 'NEUTRAL';

/** Whether a request may go; `waitMs` 0 = go. One that goes owes one `settle`. */
export interface Admission {
  readonly waitMs: number;
  readonly isProbe: boolean;
}

export interface CircuitBreaker {
  admit(): Admission;
  settle(admission: Admission, outcome: Outcome): void;
}

/**
 * Stops asking an agency that does not answer: its callers get their error at once instead of waiting, and it gets air to
 * recover. After the pause one request at a time goes through as a probe; its success opens the way again, its failure doubles
 * the pause. Counts failures in a row rather than a share of them, so that one caller's hopeless requests between the good ones
 * of others never close an agency to all.
 */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { failureThreshold, pauseMs, maxPauseMs, monotonicMs } = options;
  let failures = 0;
  let pausedUntilMs = 0;
  let currentPauseMs = pauseMs;
  let isProbing = false;

  return {
    admit() {
      if (failures < failureThreshold) return FREE;
      const waitMs = pausedUntilMs - monotonicMs();
      if (waitMs > 0) return { waitMs, isProbe: false };
      if (isProbing) return { waitMs: currentPauseMs, isProbe: false };
      isProbing = true;
      return { waitMs: 0, isProbe: true };
    },

    settle({ isProbe }, outcome) {
      if (isProbe) isProbing = false;
      if (outcome === 'SUCCESS') {
        failures = 0;
        currentPauseMs = pauseMs;
      }
      if (outcome !== 'FAILURE') return;
      failures += 1;
      if (failures < failureThreshold) return;
      if (isProbe) currentPauseMs = Math.min(currentPauseMs * 2, maxPauseMs);
      pausedUntilMs = monotonicMs() + currentPauseMs;
    },
  };
}

const FREE: Admission = { waitMs: 0, isProbe: false };
