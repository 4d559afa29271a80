import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runFaults } from '../../scripts/faults/run.ts';
import { type TestNats, startNats } from '../support/nats.ts';
import { type TestPostgres, startPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
let nats: TestNats;
beforeAll(async () => {
  [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
});
afterAll(() => Promise.all([postgres.stop(), nats.stop()]));

test('a broker killed in the middle of deliveries, and the hub with it, loses nothing and doubles nothing', async () => {
  let lives = 0;
  const { acknowledged, faults } = await runFaults({
    ...{ url: postgres.url, natsUrl: nats.url, kills: 6 },
    dataDir: mkdtempSync(join(tmpdir(), 'killed-')),
    async meanwhile() {
      lives += 1;
      // Now and then the hub dies alone.
      if (lives % 3 === 1) return;
      await pause(200 + Math.random() * 300);
      await nats.kill();
      await pause(Math.random() * 500);
      // Every third time it comes back without its disk.
      await nats.restart({ afresh: lives % 3 === 0 });
    },
  });
  expect(faults).toEqual([]);
  expect(acknowledged).toBeGreaterThan(10);
}, 240_000);
