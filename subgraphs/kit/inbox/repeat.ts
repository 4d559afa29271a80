import type { Clock } from '../agencyModule.ts';

/** A work that is done now and then in the background, one run at a time. */
export interface Repeated {
  /** Runs as soon as possible: at once, or after the run in hand. */
  wake(): void;
  /** Runs, and resolves when the last run in hand is over. */
  runNow(): Promise<void>;
  /** Ends it; resolves when the run in hand is over. */
  stop(): Promise<void>;
}

/** Longest sleep: what another process of the agency left is found by then, ms. */
const MAX_SLEEP_MS = 60_000;

/** How soon to look again whether the hub listens: under `npm start` it is the last to, ms. */
export const UNTIL_OPEN_MS = 500;

/** `work` tells when it wants to run again, as an instant in ms since the epoch; undefined leaves it to the longest sleep. It never rejects. */
export function repeat(work: () => Promise<number | undefined>, clock: Clock): Repeated {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const run = async (): Promise<void> => {
    clearTimeout(timer);
    const nextMs = await work();
    const sleepMs = nextMs === undefined ? MAX_SLEEP_MS : Math.min(Math.max(nextMs - clock(), 10), MAX_SLEEP_MS);
    if (!stopped) timer = setTimeout(start, sleepMs).unref();
  };
  const start = (): void => {
    if (stopped) return;
    again = running !== undefined;
    running ??= run().finally(() => {
      running = undefined;
      if (again) start();
    });
  };

  return {
    wake: start,
    async runNow() {
      start();
      while (running) await running;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Pause after the nth failure in a row, ms: doubled each time from one second to five minutes, less up to half of it by chance. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const full = Math.min(1_000 * 2 ** Math.min(failures, 20), 300_000);
  return full * (1 - random() / 2);
}
