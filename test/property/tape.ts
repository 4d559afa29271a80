import type { Draw } from '../engine/draw.ts';

/**
 * A source of choices that fast-check can shrink: numbers are taken from a tape, and an empty tape always answers the simplest choice
 * (0, no, the first). A shorter tape of smaller numbers is therefore a simpler thing.
 */
export function readTape(tape: readonly number[]): Draw {
  let at = 0;
  const next = (): number => tape[at++] ?? 0;
  const draw: Draw = {
    below: (below) => next() % below,
    chance: (percent) => next() % 100 >= 100 - percent,
    pick: (of) => of[next() % of.length]!,
    some: (of, percent) => of.filter(() => draw.chance(percent)),
  };
  return draw;
}
