import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import type { Crossing, Line, Moment } from './wire.ts';
import { AGENCIES, type Agency, type Victim, type World } from './world.ts';

/** A death to come: at that step, or at rest when the step does not come about. */
interface Kill {
  readonly victim: Victim;
  readonly how: 'immediate' | 'kill';
  readonly line: Line;
  readonly moment: Moment;
}

export interface Killer {
  /** To be told of all that crosses a wire. */
  readonly onCrossing: (crossing: Crossing) => Promise<void>;
  /** Kills so often; resolves when everything is back. Returns how often each died, by `victim line moment`. */
  run(world: World, kills: number): Promise<readonly string[]>;
}

/** By then a step comes about, or is not waited for, ms. */
const STEP_MS = 4_000;
/** While what arrived is being worked on: before its commit, or after it, ms. */
const WITHIN_WORK_MS = 40;
const LONGEST_DOWN_MS = 400;
const LINES_OF: Readonly<Record<Agency, readonly Line[]>> = {
  address: ['inbox'],
  energy: ['inbox', 'status'],
  family: ['inbox'],
  income: ['pull', 'status'],
};
const MOMENTS: readonly Moment[] = ['asked', 'worked', 'answered'];

export function createKiller(chance: Chance): Killer {
  let armed: { readonly kill: Kill; readonly strike: () => Promise<void> } | undefined;

  return {
    async onCrossing({ line, moment, to }) {
      if (armed === undefined) return;
      const { kill, strike } = armed;
      const isThere = isAgency(kill.victim) && line === 'inbox' ? to === kill.victim : true;
      if (line !== kill.line || moment !== kill.moment || !isThere) return;
      armed = undefined;
      if (moment === 'worked') await pause(chance.below(WITHIN_WORK_MS));
      await strike();
    },
    async run(world, kills) {
      const struck: string[] = [];
      const returns: Promise<void>[] = [];
      let failed: { readonly fault: unknown } | undefined;
      for (const victim of victimsOf(chance, kills)) {
        const lines = isAgency(victim) ? LINES_OF[victim] : (['act', 'inbox', 'pull', 'status'] as const);
        const how = victim === 'database' && chance.is(0.5) ? 'immediate' : 'kill';
        const kill: Kill = { victim, how, line: chance.pick(lines), moment: chance.pick(MOMENTS) };
        while (!(['hub', 'database', victim] as const).every(world.isUp)) {
          if (failed) throw failed.fault;
          await pause(20);
        }
        const isAtStep = await strikeAt(kill, world);
        struck.push(`${victim} ${isAtStep ? `${kill.line} ${kill.moment}` : 'at rest'}`);
        const back = pause(chance.below(LONGEST_DOWN_MS)).then(() => world.start(victim));
        returns.push(back.catch((fault: unknown) => void (failed = { fault })));
      }
      await Promise.all(returns);
      if (failed) throw failed.fault;
      return struck;
    },
  };

  /** Whether the step came about. */
  function strikeAt(kill: Kill, world: World): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const strike = async (isAtStep: boolean) => {
        await world.kill(kill.victim, kill.how);
        resolve(isAtStep);
      };
      const mine = { kill, strike: () => strike(true) };
      armed = mine;
      void pause(STEP_MS).then(() => {
        if (armed !== mine) return;
        armed = undefined;
        strike(false).catch(reject);
      });
    });
  }
}

/** In every five one hub, two databases and two agencies, in any order: the hub takes longest to come back. */
function* victimsOf(chance: Chance, kills: number): Generator<Victim> {
  for (let count = 0; count < kills;) {
    const bag: Victim[] = ['hub', 'database', 'database', chance.pick(AGENCIES), chance.pick(AGENCIES)];
    for (; bag.length > 0 && count < kills; count += 1) yield bag.splice(Math.floor(chance.below(bag.length)), 1)[0]!;
  }
}

function isAgency(victim: Victim): victim is Agency {
  return victim !== 'hub' && victim !== 'database';
}
