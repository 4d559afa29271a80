import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../test/support/postgres.ts';
import { runFaults as runProcesses } from './faults/faultRun.ts';
import { runFaults as runNode } from './faults/run.ts';

/*
 * npm run faults -- --kills 200 --seed 7
 * Kills gateway, database and agencies in the middle of deliveries, and holds what the agencies have in the end against what citizens were told. With
 * --node it kills the hub's node of moves alone, which is faster. Ends with 1 when a promise did not hold.
 */

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string' }, node: { type: 'boolean' } },
});
const kills = Number(values.kills);
const seed = Number(values.seed ?? Date.now() % 1_000_000);

async function killNodes(): Promise<readonly string[]> {
  const postgres = await startPostgres();
  const dataDir = mkdtempSync(join(tmpdir(), 'faults-'));
  const { acknowledged, faults } = await runNode({ url: postgres.url, dataDir, kills });
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
  process.stdout.write(`${kills} kills, ${acknowledged} declarations acknowledged\n`);
  return faults;
}

async function killProcesses(): Promise<readonly string[]> {
  const { struck, acknowledged, unanswered, taken, faults } = await runProcesses({ kills, seed });
  process.stdout.write(struck.map((death) => `  killed: ${death}\n`).join(''));
  process.stdout.write(`seed ${seed}: ${kills} kills, ${acknowledged} acts acknowledged, ${unanswered} unanswered, `);
  process.stdout.write(`${taken} events taken\n`);
  return faults;
}

const faults = await (values.node ? killNodes() : killProcesses());
process.stdout.write(`${faults.length} promises broken\n${faults.map((fault) => `  ${fault}\n`).join('')}`);
process.exit(faults.length === 0 ? 0 : 1);
