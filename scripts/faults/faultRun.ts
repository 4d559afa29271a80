import { setTimeout as pause } from 'node:timers/promises';
import { countUnderWay, hasten, readAftermath } from './aftermath.ts';
import { createChance } from './chance.ts';
import { startCitizens, type ToldMove } from './citizens.ts';
import { findFaults } from './findFaults.ts';
import { createKiller } from './killer.ts';
import { AGENCIES, openWorld } from './world.ts';

export interface FaultRun {
  readonly seed: number;
  /** Who died, and at which step, in order. */
  readonly struck: readonly string[];
  /** Declarations, amendments and cancellations that were answered, and those that were not. */
  readonly acknowledged: number;
  readonly unanswered: number;
  /** Events that agencies have taken. */
  readonly taken: number;
  /** What was promised and did not hold; empty when all did. */
  readonly faults: readonly string[];
}

/** One message in so many is lost on its way, or its answer. */
const LOST = 1 / 30;
/** Without anything arriving for so long, what is under way stays so, ms. */
const STALLED_MS = 30_000;

const MOVERS = ['hub', ...AGENCIES] as const;

/** Lets citizens say what they do while one process after the other is killed, and holds what agencies have in the end against what was acknowledged. */
export async function runFaults(options: { readonly kills: number; readonly seed: number }): Promise<FaultRun> {
  const chance = createChance(options.seed);
  const killer = createKiller(chance);
  let isOver = false;
  const isLost = () => !isOver && Math.random() < LOST;
  const world = await openWorld({ onCrossing: killer.onCrossing, isLost });
  try {
    const citizens = startCitizens(world, createChance(options.seed + 1));
    const struck = await killer.run(world, options.kills);
    isOver = true;
    await citizens.stop();
    const { stories } = citizens;

    // Those who start have no pauses of their own to wait out.
    await Promise.all(MOVERS.map((victim) => world.kill(victim, 'kill')));
    await world.start('hub');
    await Promise.all(AGENCIES.map(world.start));
    const underWay = await settle(world.databaseUrl);
    const told = new Map<string, readonly ToldMove[]>();
    for (const persona of new Set(stories.map((story) => story.persona)))
      told.set(persona, await citizens.movesOf(persona));
    const aftermath = await readAftermath(world.databaseUrl);
    const said = stories.flatMap((story) => story.said);
    const acknowledged = said.filter(({ acknowledgedAtMs }) => acknowledgedAtMs !== undefined).length;
    return {
      seed: options.seed,
      struck,
      acknowledged,
      unanswered: said.length - acknowledged,
      taken: aftermath.taken.length,
      faults: [
        ...world.endedByThemselves.map((victim) => `${victim} ended by itself`),
        ...(underWay > 0 ? [`${underWay} events or statuses are still under way`] : []),
        ...findFaults(stories, told, aftermath),
      ],
    };
  } finally {
    await world.close();
  }
}

/** Until nothing is under way, or nothing moves any more. Returns how much is. */
async function settle(databaseUrl: string): Promise<number> {
  let underWay = Infinity;
  for (let movedAtMs = Date.now(); underWay > 0 && Date.now() - movedAtMs < STALLED_MS; await pause(200)) {
    await hasten(databaseUrl);
    const now = await countUnderWay(databaseUrl);
    if (now < underWay) movedAtMs = Date.now();
    underWay = now;
  }
  return underWay;
}
