import { type Kysely, sql } from 'kysely';
import type { NewJob } from './jobQueue.ts';

/** Columns as in migrations/000012_job_outbox.sql. */
export interface OutboxTables {
  job_outbox: { job_id: string; queue: string; data: string; attempts: number; tell_at: string };
}

type Database = Kysely<OutboxTables>;

/*
 * What the background changes, several rows at once, it leaves alone while somebody else holds it (`skip locked`): a citizen's act, which ends jobs of
 * several queues in one transaction, must never be the victim of a deadlock.
 */

/** Told what it has not heard of, or may have lost, for that long nobody else tells the broker: whoever was about to has died. */
const CLAIM = sql.raw(`interval '5 seconds'`);
/** A broker keeps what it was told; it is told again all the same, for one that lost its disk says nothing of it. */
const TELL_AGAIN = sql.raw(`interval '10 minutes'`);

/** Which job, and in which queue: all that the broker hears. */
export interface Notice {
  readonly id: string;
  readonly queue: string;
}

export interface BegunJob {
  readonly id: string;
  readonly data: Readonly<Record<string, string>>;
  /** This one counted. */
  readonly attempts: number;
}

export async function writeJobs(db: Database, jobs: readonly NewJob[]): Promise<void> {
  for (const { id, queue, data } of jobs) {
    await sql`insert into job_outbox (job_id, queue, data) values (${id}, ${queue}, ${JSON.stringify(data)})`.execute(
      db,
    );
  }
}

/** What the broker is to be told now, by nobody but the caller for a while. */
export async function claimNotices(db: Database, atMost: number): Promise<readonly Notice[]> {
  const { rows } = await sql<Notice>`update job_outbox set tell_at = clock_timestamp() + ${CLAIM}
    where job_id in (select job_id from job_outbox where tell_at <= clock_timestamp() order by tell_at
      limit ${atMost} for update skip locked)
    returning job_id::text as id, queue`.execute(db);
  return rows;
}

/** The broker has them; one that has moved to another queue since is told anew. */
export async function markTold(db: Database, notices: readonly Notice[]): Promise<void> {
  const names = notices.map(({ id, queue }) => `${queue} ${id}`);
  const ids = uuids(notices.map(({ id }) => id));
  await sql`update job_outbox set tell_at = clock_timestamp() + ${TELL_AGAIN}
    where job_id in (select job_id from job_outbox where job_id in (${ids}) for update skip locked)
      and queue || ' ' || job_id::text in (${sql.join(names)})`.execute(db);
}

/** The broker may have lost anything: all is told again. */
export async function tellAllAgain(db: Database): Promise<void> {
  await sql`update job_outbox set tell_at = clock_timestamp() where job_id in
    (select job_id from job_outbox where tell_at > clock_timestamp() + ${CLAIM} for update skip locked)`.execute(db);
}

/** Begins an attempt at each of these that has not ended, and that nobody is about to end. */
export async function beginJobs(db: Database, queue: string, ids: readonly string[]): Promise<readonly BegunJob[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<BegunJob>`update job_outbox set attempts = attempts + 1
    where queue = ${queue} and job_id in (select job_id from job_outbox where job_id in (${uuids(ids)}) for update skip locked)
    returning job_id::text as id, data, attempts`.execute(db);
  return rows;
}

/** Those of these that have not ended. */
export async function findJobs(db: Database, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{
    id: string;
  }>`select job_id::text as id from job_outbox where job_id in (${uuids(ids)})`.execute(db);
  return rows.map(({ id }) => id);
}

export async function endJobs(db: Database, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await sql`delete from job_outbox where job_id in (${uuids(ids)})`.execute(db);
}

/** To another queue, as new. */
export async function moveJobs(db: Database, ids: readonly string[], queue: string): Promise<void> {
  if (ids.length === 0) return;
  await sql`update job_outbox set queue = ${queue}, attempts = 0, tell_at = clock_timestamp()
    where job_id in (${uuids(ids)})`.execute(db);
}

function uuids(ids: readonly string[]) {
  return sql.join(ids.map((id) => sql`${id}::uuid`));
}
