import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Worker } from 'node:worker_threads';
import { openDatabase } from '../../../gateway/platform/database/database.ts';
import { createLeaseThread } from '../../../gateway/platform/database/leaseThread.ts';
import { startThread } from '../../../gateway/platform/thread.ts';
import { HUB_MIGRATIONS } from '../../support/databases.ts';
import { startPostgres } from '../../support/postgres.ts';
import { until } from '../../support/until.ts';

test('a lease whose thread ends while the database is away is held again when both are back', async () => {
  const postgres = await startPostgres();
  const database = await openDatabase({ url: postgres.url });
  await database.migrate('hub', HUB_MIGRATIONS);
  await database.close();
  const workers: Worker[] = [];
  const thread = createLeaseThread(postgres.url, (file, options) => {
    const worker = startThread(file, options);
    workers.push(worker);
    return worker;
  });
  let forgotten = 0;
  const lease = await thread.open({
    ...{ owner: 'hub', topic: 'consents', forget: () => undefined },
    forgetAll: () => void (forgotten += 1),
  });
  expect(lease.isHeld()).toBe(true);

  await postgres.crash('immediate');
  await workers[0]!.terminate();
  // In the database's place: who hangs up on the other thread's first renewal.
  let hungUp = 0;
  const nobody = createServer((socket) => {
    hungUp += workers.length - 1;
    socket.destroy();
  }).listen(Number(new URL(postgres.url).port), '127.0.0.1');
  await until('another thread asks in vain', () => hungUp > 0);
  await until('the lease has run out', () => !lease.isHeld());
  nobody.close();
  await once(nobody, 'close');
  await postgres.restart();

  const before = forgotten;
  await until('the lease is held again', () => lease.isHeld());
  expect(forgotten).toBeGreaterThan(before);
  await lease.close();
  await thread.close();
  await postgres.stop();
});
