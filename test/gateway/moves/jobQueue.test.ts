import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Kysely } from '../../../gateway/platform/database/database.ts';
import { SET_ASIDE } from '../../../gateway/platform/database/jobQueue.ts';
import { createLog } from '../../../gateway/platform/log.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import { openTestJobs } from '../../support/jobQueues.ts';

describeOnDatabases('the job queue', (databases) => {
  async function aQueue(change: object = {}) {
    const { db, owner } = await databases.freshHub();
    const queue = await openTestJobs({
      ...{ database: databases.database(), owner, log: createLog({ level: 'silent' }) },
      ...{ retryDelaySeconds: 0, retryLimit: 1, expireSeconds: 60, ...change },
    });
    await queue.createQueue('income');
    const job = (data: Record<string, string> = {}) => ({ id: randomUUID() as string, queue: 'income', data });
    return { db: db as unknown as Kysely<never>, queue, job };
  }

  test('has a job when the transaction that wrote it commits, and only then', async () => {
    const { db, queue, job } = await aQueue();
    const [kept, lost] = [job({ event: 'one' }), job({ event: 'two' })];
    await db.transaction().execute((transaction) => queue.send(transaction, [kept]));
    const failed = db.transaction().execute(async (transaction) => {
      await queue.send(transaction, [lost]);
      throw new Error('after all not');
    });
    await expect(failed).rejects.toThrow('after all not');
    expect(await queue.take('income', 10)).toMatchObject([{ id: kept.id, data: { event: 'one' } }]);
    expect(await queue.take('income', 10)).toEqual([]);
    await queue.close();
  });

  test('sets a job aside, with its data, when no attempt is left', async () => {
    const { db, queue, job } = await aQueue({ retryLimit: 0 });
    await queue.send(db, [job({ event: 'one' })]);
    const [taken] = await queue.take('income', 1);
    await queue.fail('income', [taken!.id]);
    expect(await queue.take('income', 1)).toEqual([]);
    expect(await queue.take(SET_ASIDE, 1)).toMatchObject([{ data: { event: 'one' } }]);
    await queue.close();
  });

  test('hands out no job that was cancelled, and ends one in the transaction that is given', async () => {
    const { db, queue, job } = await aQueue();
    const [cancelled, done] = [job(), job()];
    await queue.send(db, [cancelled, done]);
    await db.transaction().execute((transaction) => queue.cancel('income', [cancelled.id], transaction));
    expect(await queue.take('income', 10)).toMatchObject([{ id: done.id }]);
    await db.transaction().execute((transaction) => queue.complete('income', [done.id], transaction));
    await queue.fail('income', [done.id]);
    expect(await queue.take('income', 10)).toEqual([]);
    await queue.close();
  });

  test('is opened twice on one database, and knows what the first one wrote', async () => {
    const { db, owner } = await databases.freshHub();
    const options = { database: databases.database(), owner, log: createLog({ level: 'silent' }) };
    const rest = { retryDelaySeconds: 1, retryLimit: 1, expireSeconds: 60 };
    const [first, second] = await Promise.all([
      openTestJobs({ ...options, ...rest }),
      openTestJobs({ ...options, ...rest }),
    ]);
    await Promise.all([first.createQueue('income'), second.createQueue('income')]);
    await first.send(db as unknown as Kysely<never>, [{ id: randomUUID(), queue: 'income', data: {} }]);
    expect(await second.take('income', 10)).toHaveLength(1);
    await Promise.all([first.close(), second.close()]);
  });
});
