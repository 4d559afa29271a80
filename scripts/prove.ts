import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { compareWorld } from '../test/engine/runBoth.ts';
import { proveVerdicts, toPlace } from './prove/verdicts.ts';

const USAGE = `npm run prove -- [--cases N] [--seed N] [--break cut|withhold|guard|mask]
npm run prove -- --engine [--cases N] [--seed N]
             compare the hub's answers, errors and requests with an oracle's on generated schemas, data, callers and operations
  --break    take one enforcement place out: the run succeeds when a counterexample is found
  --engine   compare the compiled engine with @apollo/gateway's instead
  --cases    operations to compare, 50 to a schema (default 20000)
  --seed     first schema; the same seed is the same run (default: drawn, and printed)`;

const OPERATIONS_PER_WORLD = 50;
const PROGRESS_EVERY_WORLDS = 20;

const { values } = parseArgs({
  options: {
    engine: { type: 'boolean', default: false },
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    break: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
process.exit((await prove()) ? 0 : 1);

async function prove(): Promise<boolean> {
  const cases = toCount('cases', values.cases);
  const seed = toCount('seed', values.seed) ?? randomInt(1_000_000_000);
  if (values.engine) return (await proveEngine(cases, seed)) === 0;
  return proveVerdicts({ cases: cases ?? 0, seed, broken: toPlace(values.break) });
}

/** Number of differences; each is printed with the two seeds that reproduce it. */
async function proveEngine(cases: number | undefined, seed: number): Promise<number> {
  const worlds = Math.ceil((cases ?? 0) / OPERATIONS_PER_WORLD);
  console.log(`${worlds} schemas of ${OPERATIONS_PER_WORLD} operations, from seed ${seed}`);
  let differences = 0;
  for (let world = 0; world < worlds; world++) {
    const first = (seed + world) * OPERATIONS_PER_WORLD;
    const seeds = Array.from({ length: OPERATIONS_PER_WORLD }, (_, at) => first + at);
    for (const difference of await compareWorld(seed + world, seeds)) {
      differences++;
      console.log(JSON.stringify(difference, null, 2));
    }
    if ((world + 1) % PROGRESS_EVERY_WORLDS === 0) console.log(`${(world + 1) * OPERATIONS_PER_WORLD} compared`);
  }
  console.log(`${worlds * OPERATIONS_PER_WORLD} operations, ${differences} differences`);
  return differences;
}

function toCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 0)
    throw new TypeError(`--${name}: expected a whole number, got "${text}"`);
  return count;
}
