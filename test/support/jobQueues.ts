import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type QueryExecutorProvider, sql } from 'kysely';
import { openNatsJobQueue } from '../../gateway/platform/broker/natsJobQueue.ts';
import { SETTINGS } from '../../gateway/platform/config.ts';
import type { Database } from '../../gateway/platform/database/database.ts';
import { type JobQueue, type JobQueueOptions, openJobQueue } from '../../gateway/platform/database/jobQueue.ts';
import { TEST_NATS_URL } from './nats.ts';

const names = new WeakMap<Database, string>();

/** The stream of an owner's jobs: the same for all who open them on that database. */
export function testStream(database: Database, owner: string): string {
  const name = names.get(database) ?? randomBytes(6).toString('hex');
  names.set(database, name);
  return `${name}-${owner}`;
}

/** The queue on the way of jobs that this run is about. Through a broker, too, what was written is there to take when it is asked for. */
export async function openTestJobs(options: JobQueueOptions): Promise<JobQueue> {
  if (TEST_NATS_URL === undefined) return openJobQueue(options);
  const { database, owner } = options;
  const broker = { address: SETTINGS.natsUrl.read(TEST_NATS_URL)!, stream: testStream(database, owner), replicas: 1 };
  const jobs = await openNatsJobQueue({ ...options, ...broker });
  const db = await database.forOwner<never>(owner);
  return {
    ...jobs,
    async take(queue, atMost) {
      const untold = sql<{ count: number }>`select count(*)::int as count from job_outbox
        where tell_at < clock_timestamp() + interval '1 minute'`;
      while ((await untold.execute(db)).rows[0]!.count > 0) await pause(5);
      return jobs.take(queue, atMost);
    },
  };
}

/** Takes away all jobs; `schema` is the owner's second one. What a broker still knows of them it forgets when it is asked. */
export async function emptyTestJobs(transaction: QueryExecutorProvider, schema: string): Promise<void> {
  if (TEST_NATS_URL === undefined) await sql`delete from ${sql.id(schema, 'job')}`.execute(transaction);
  else await sql`truncate job_outbox`.execute(transaction);
}
