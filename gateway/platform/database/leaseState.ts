/** When a lease was asked for, by two clocks: the steady one does not jump with the time of day, the other goes on while the machine sleeps. */
export interface LeaseDate {
  /** Milliseconds on the caller's own `performance.now()`. */
  readonly steadyMs: number;
  /** Milliseconds since the epoch. */
  readonly wallMs: number;
}

export const NEVER: LeaseDate = { steadyMs: -Infinity, wallMs: -Infinity };

/** What the thread that renews a lease and the one that answers under it both see. Only the first of them writes. */
export interface LeaseState {
  now(): LeaseDate;
  /** NEVER, before there was a lease. */
  dated(): LeaseDate;
  date(date: LeaseDate): void;
  /** How many pieces of news have been handed over. */
  counted(): number;
  count(): void;
}

export const LEASE_STATE_BYTES = 24;
const [STEADY, WALL, COUNT] = [0, 1, 2];

/** One thread's view. Every member is written and read in the order of the calls (Atomics), which is what the lease rests on. */
export function readLeaseState(buffer: SharedArrayBuffer): LeaseState {
  const cells = new BigInt64Array(buffer);
  // Each thread's performance.now() has a start of its own; the machine's clock behind it is one.
  const startMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  return {
    now: () => ({ steadyMs: performance.now(), wallMs: Date.now() }),
    dated() {
      const steady = Atomics.load(cells, STEADY!);
      const wall = Atomics.load(cells, WALL!);
      return steady === 0n ? NEVER : { steadyMs: Number(steady) / 1e6 - startMs, wallMs: Number(wall) };
    },
    date({ steadyMs, wallMs }) {
      Atomics.store(cells, WALL!, BigInt(Math.floor(wallMs)));
      Atomics.store(cells, STEADY!, BigInt(Math.floor((steadyMs + startMs) * 1e6)));
    },
    counted: () => Number(Atomics.load(cells, COUNT!)),
    count: () => void Atomics.add(cells, COUNT!, 1n),
  };
}

/** Whether a lease of that date has been held for less than `ms`. */
export function isWithin({ steadyMs, wallMs }: LeaseDate, ms: number): boolean {
  return performance.now() - steadyMs < ms && Math.abs(Date.now() - wallMs) < ms;
}
