import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../test/support/postgres.ts';
import { runFaults } from './faults/run.ts';

/*
 * npm run faults -- --kills 200
 * Kills a hub's node, on a real PostgreSQL, in the middle of what it does with declarations, and holds what the agencies took against what the citizens
 * were told. Ends with 1 when a promise did not hold.
 */

const { values } = parseArgs({ options: { kills: { type: 'string', default: '200' } } });
const postgres = await startPostgres();
const dataDir = mkdtempSync(join(tmpdir(), 'faults-'));
const { kills, acknowledged, faults } = await runFaults({ url: postgres.url, dataDir, kills: Number(values.kills) });
await postgres.stop();
rmSync(dataDir, { recursive: true, force: true });
process.stdout.write(`${kills} kills, ${acknowledged} declarations acknowledged, ${faults.length} promises broken\n`);
process.stdout.write(faults.map((fault) => `  ${fault}\n`).join(''));
process.exit(faults.length === 0 ? 0 : 1);
