/** Chance that a seed repeats: what is killed and when; not how the machine schedules what goes on meanwhile. */
export interface Chance {
  /** From 0 up to that number, without it. */
  below(count: number): number;
  is(probability: number): boolean;
  pick<Item>(from: readonly Item[]): Item;
}

/** Mulberry32. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (count) => next() * count,
    is: (probability) => next() < probability,
    pick: (from) => from[Math.floor(next() * from.length)]!,
  };
}
