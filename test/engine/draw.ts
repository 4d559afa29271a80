/** A seeded source of choices: one seed, one world (mulberry32, public domain). */
export interface Draw {
  /** An integer from 0 up to, not including, `below`. */
  below(below: number): number;
  chance(percent: number): boolean;
  pick<T>(of: readonly T[]): T;
  /** Each of them, or not; at least one. */
  some<T>(of: readonly T[], percent: number): T[];
}

export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  const draw: Draw = {
    below: (below) => next() % below,
    chance: (percent) => next() % 100 < percent,
    pick: (of) => of[next() % of.length]!,
    some: (of, percent) => {
      const chosen = of.filter(() => next() % 100 < percent);
      return chosen.length > 0 ? chosen : [draw.pick(of)];
    },
  };
  return draw;
}

/** The same number for the same text: what a generated world holds at a place (FNV-1a, 32 bits, then mixed). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
