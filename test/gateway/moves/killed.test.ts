import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runFaults } from '../../../scripts/faults/run.ts';
import { TEST_NATS_URL } from '../../support/jobQueues.ts';
import { type TestPostgres, startPostgres } from '../../support/postgres.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

// Through a broker, test/nats kills that too, and the hub as often again.
const KILLS = TEST_NATS_URL === undefined ? 20 : 4;

test('a hub killed again and again keeps what it acknowledged: it arrives once, in order, and not after it was taken back', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'killed-'));
  const { acknowledged, faults } = await runFaults({
    url: postgres.url,
    dataDir,
    kills: KILLS,
    natsUrl: TEST_NATS_URL,
  });
  expect(faults).toEqual([]);
  expect(acknowledged).toBeGreaterThan(KILLS);
}, 240_000);
