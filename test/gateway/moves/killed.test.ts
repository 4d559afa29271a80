import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runFaults } from '../../../scripts/faults/run.ts';
import { type TestPostgres, startPostgres } from '../../support/postgres.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

test('a hub killed 20 times keeps what it acknowledged: it arrives once, in order, and not after it was taken back', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'killed-'));
  const { acknowledged, faults } = await runFaults({ url: postgres.url, dataDir, kills: 20 });
  expect(faults).toEqual([]);
  expect(acknowledged).toBeGreaterThan(20);
}, 240_000);
