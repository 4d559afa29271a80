import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../../gateway/platform/database/database.ts';
import { readLine } from '../../../gateway/registers/access/accessLine.ts';
import { readChains } from '../../../gateway/registers/access/accessStore.ts';
import type { AccessTables } from '../../../gateway/registers/access/accessTables.ts';
import { verifyChain } from '../../../gateway/registers/access/verifyChain.ts';
import type { ConsentTables } from '../../../gateway/registers/consent/consentTables.ts';
import { HUB_MIGRATIONS } from '../../support/databases.ts';
import { startPostgres } from '../../support/postgres.ts';

const WRITER = fileURLToPath(new URL('../../support/killedWriter.ts', import.meta.url));

/** Lets the writer acknowledge so many things, then kills it; returns all that it acknowledged. */
async function writeUntilKilled(url: string | undefined, dataDir: string, count: number): Promise<ReadonlySet<string>> {
  const child = spawn(
    process.execPath,
    ['--import', 'ts-blank-space/register', WRITER, url ?? '-', dataDir, HUB_MIGRATIONS],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const acknowledged = new Set<string>();
  for await (const line of createInterface(child.stdout)) {
    acknowledged.add(line);
    if (acknowledged.size === count) child.kill('SIGKILL');
  }
  if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return acknowledged;
}

test.each(['embedded', 'server'] as const)(
  'what was acknowledged before kill -9 is there afterwards, in an unbroken chain (%s database)',
  async (kind) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'killed-'));
    const postgres = kind === 'server' ? await startPostgres() : undefined;
    const acknowledged = new Set<string>();
    // Twice: the second process must take over the dead one's lock and its data.
    for (const count of [400, 900]) {
      for (const line of await writeUntilKilled(postgres?.url, dataDir, count)) acknowledged.add(line);
    }

    const database = await openDatabase(postgres ? { url: postgres.url } : { dataDir });
    const db = await database.forOwner<ConsentTables & AccessTables>('hub');
    const consents = await db.selectFrom('consent_events').select('consent_id').execute();
    const records = await db.selectFrom('access_records').select('entry').execute();
    const { faults, heads } = await verifyChain(() => readChains(db as never));
    await database.close();
    await postgres?.stop();

    const kept = new Set([
      ...consents.map((row) => `consent ${row.consent_id}`),
      ...records.flatMap((row) => readLine(row.entry).map(({ entry }) => `record ${entry.requestId}`)),
    ]);
    expect([...acknowledged].filter((line) => !kept.has(line))).toEqual([]);
    expect([...acknowledged].some((line) => line.startsWith('consent'))).toBe(true);
    expect(faults).toEqual([]);
    expect(heads).toHaveLength(2);
  },
  120_000,
);
