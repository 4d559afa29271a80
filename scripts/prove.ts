import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { compareWorld } from '../test/engine/runBoth.ts';

const USAGE = `npm run prove -- --engine [--cases N] [--seed N]
  --engine   compare the compiled engine with @apollo/gateway's on generated schemas, data and operations
  --cases    operations to compare, 50 to a schema (default 20000)
  --seed     first schema; the same seed is the same run (default: drawn, and printed)`;

const OPERATIONS_PER_WORLD = 50;
const PROGRESS_EVERY_WORLDS = 20;

const { values } = parseArgs({
  options: {
    engine: { type: 'boolean', default: false },
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string' },
  },
});
if (!values.engine) {
  console.error(USAGE);
  process.exit(2);
}
process.exit((await proveEngine(toCount('cases', values.cases), toCount('seed', values.seed))) === 0 ? 0 : 1);

/** Number of differences; each is printed with the two seeds that reproduce it. */
async function proveEngine(cases: number | undefined, seed = randomInt(1_000_000_000)): Promise<number> {
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
