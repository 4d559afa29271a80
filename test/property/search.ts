import fc from 'fast-check';
import { createDraw } from '../engine/draw.ts';
import { drawAsker, scopesOf, type Asker } from './asker.ts';
import { drawOperation } from './drawOperation.ts';
import { drawWorld } from './drawWorld.ts';
import type { Off, Place } from './hub.ts';
import { openStage, runCase, type Case, type Stage } from './runCase.ts';
import { readTape } from './tape.ts';
import { PEOPLE } from './world.ts';

export const CASES_PER_WORLD = 50;

export interface Search {
  /** World number `n` of a seed is the same in every run. */
  readonly seed: number;
  readonly cases: number;
  readonly off?: Off;
  /** Simpler cases to try when one is found [400]. */
  readonly mostShrinks?: number;
  readonly onProgress?: (done: number) => void;
}

export interface Found {
  /** The world's own seed: what to hand to `--seed` to meet it again at once. */
  readonly seed: number;
  readonly case: number;
  /** Shrunk: schema, operation, caller and what went wrong, for a person to read. */
  readonly text: string;
}

/** What one case is drawn from. */
interface Tapes {
  readonly world: readonly number[];
  readonly operation: readonly number[];
  readonly askers: readonly number[];
  readonly wrongMe: boolean;
}

const LENGTHS = { world: 400, operation: 600, askers: 1600 };

/** Looks for a case in which the hub does what it must not; the first one found is shrunk. Undefined: none in so many cases. */
export async function search({
  seed,
  cases,
  off = new Set<Place>(),
  mostShrinks = 400,
  onProgress,
}: Search): Promise<Found | undefined> {
  for (let done = 0; done < cases; done += CASES_PER_WORLD) {
    const worldSeed = seed + done / CASES_PER_WORLD;
    const world = drawTape(worldSeed, LENGTHS.world);
    const stage = openStage(drawWorld(readTape(world)), off);
    for (let at = 0; at < Math.min(CASES_PER_WORLD, cases - done); at++) {
      const tapes = drawTapes(world, worldSeed, at);
      const besides = at % 4 === 0 ? (['uncut', 'guarded'] as const) : at % 2 === 0 ? (['uncut'] as const) : [];
      const fault = await runCase(stage, { ...toCase(stage, tapes), ...(off.size === 0 && { besides }) });
      if (fault !== undefined)
        return { seed: worldSeed, case: at, text: await shrink(tapes, { off, mostShrinks }, fault) };
    }
    onProgress?.(done + CASES_PER_WORLD);
  }
  return undefined;
}

function drawTapes(world: readonly number[], worldSeed: number, at: number): Tapes {
  const caseSeed = worldSeed * CASES_PER_WORLD + at;
  return {
    world,
    operation: drawTape(caseSeed, LENGTHS.operation),
    askers: drawTape(caseSeed + 0x5eed, LENGTHS.askers),
    wrongMe: at % 12 === 11,
  };
}

function drawTape(seed: number, length: number): number[] {
  const draw = createDraw(seed);
  return Array.from({ length }, () => draw.below(10_000));
}

function toCase({ model, world }: Stage, { operation, askers, wrongMe }: Tapes): Case {
  const agencies = Object.keys(world.sdl);
  const half = Math.ceil(askers.length / 2);
  return {
    operation: drawOperation(model.schema, readTape(operation)),
    askers: [
      drawAsker(readTape(askers.slice(0, half)), PEOPLE[0], agencies),
      drawAsker(readTape(askers.slice(half)), PEOPLE[1], agencies),
    ],
    ...(wrongMe && { wrongMe: PEOPLE[2] }),
  };
}

/** fast-check makes the tapes shorter and smaller for as long as something is still wrong. */
async function shrink(
  found: Tapes,
  { off, mostShrinks }: { readonly off: Off; readonly mostShrinks: number },
  fault: string,
): Promise<string> {
  let simplest = describeCase(found, openStage(drawWorld(readTape(found.world)), off), fault);
  const tape = fc.array(fc.nat(9_999), { maxLength: 1_600 });
  // The operation first: a world of its own costs a composition.
  const tapes = fc.record({ operation: tape, askers: tape, world: tape, wrongMe: fc.constant(found.wrongMe) });
  let tries = 0;
  const open = createOpening(off);
  const property = fc.asyncProperty(tapes, async (candidate) => {
    if ((tries += 1) > mostShrinks) return true;
    const attempt = await tryCase(candidate, open);
    if (attempt === undefined) return true;
    simplest = attempt;
    return false;
  });
  const { world, operation, askers, wrongMe } = found;
  await fc.check(property, {
    numRuns: 1,
    examples: [[{ world: [...world], operation: [...operation], askers: [...askers], wrongMe }]],
  });
  return simplest;
}

/** Keeps the stage of the world that was tried last. */
function createOpening(off: Off): (world: readonly number[]) => Stage {
  let last: { readonly key: string; readonly stage: Stage } | undefined;
  return (world) => {
    const key = world.join();
    if (last?.key !== key) last = { key, stage: openStage(drawWorld(readTape(world)), off) };
    return last.stage;
  };
}

async function tryCase(tapes: Tapes, open: (world: readonly number[]) => Stage): Promise<string | undefined> {
  try {
    const stage = open(tapes.world);
    const fault = await runCase(stage, toCase(stage, tapes));
    return fault && describeCase(tapes, stage, fault);
  } catch {
    // A shorter tape may draw agencies that do not compose: simpler, but no world.
    return undefined;
  }
}

function describeCase(tapes: Tapes, stage: Stage, fault: string): string {
  const { operation, askers, wrongMe } = toCase(stage, tapes);
  return [
    ...Object.entries(stage.world.sdl).map(([agency, sdl]) => `# ${agency}\n${sdl}`),
    `# salt ${JSON.stringify(stage.world.salt)}, births ${JSON.stringify(stage.world.births)}, namesakes ${stage.world.namesakes}`,
    operation.query,
    `variables ${JSON.stringify(operation.variables)}`,
    ...askers.map((asker, at) => `caller ${at + 1} ${describeAsker(asker, Object.keys(stage.world.sdl))}`),
    ...(wrongMe === undefined ? [] : [`Query.me answers with ${wrongMe}`]),
    `WRONG: ${fault}`,
  ].join('\n');
}

/** What a caller lacks tells more than what they hold. */
function describeAsker(asker: Asker, agencies: readonly string[]): string {
  const { tokenScopes, habilitatedScopes, consentedScopes, declinedScopes, relatives, ...facts } = asker;
  const all = scopesOf(agencies);
  const lacks = (held: readonly string[]): readonly string[] => all.filter((scope) => !held.includes(scope));
  const missing = {
    token: lacks(tokenScopes),
    habilitation: lacks(habilitatedScopes),
    consents: lacks(consentedScopes),
  };
  const family = relatives.map(({ own, byCaller, ...one }) => {
    const words = { notOpen: lacks(own.open), declined: own.declined, byCallerNotOpen: lacks(byCaller.open) };
    return `\n  ${JSON.stringify({ ...one, ...words, byCallerDeclined: byCaller.declined })}`;
  });
  return `${JSON.stringify(facts)}\n  lacks ${JSON.stringify(missing)}, declined ${JSON.stringify(declinedScopes)}${family.join('')}`;
}
