import { CompiledQuery, type Kysely, sql } from 'kysely';
import PgBoss from 'pg-boss';
import type { Log } from '../log.ts';
import { type Database, notify } from './database.ts';

/**
 * Durable jobs: at least once, retried with growing pauses and jitter, set aside when they never succeed. There are two ways, which hold the same: all in
 * the owner's database (here), and through a message broker (platform/broker), which is told ids and nothing else.
 */
export interface JobQueue {
  /** Makes a queue if it is not there; one that is keeps its settings up to date. */
  createQueue(name: string): Promise<void>;
  /** Written in the caller's transaction: the jobs are there when it commits, and only then. Throws a TypeError for a queue that was not made. */
  send(transaction: Kysely<never>, jobs: readonly NewJob[]): Promise<void>;
  /** Due jobs, at most that many, this node's from now on until they are ended or their time is over. */
  take(queue: string, atMost: number): Promise<readonly TakenJob[]>;
  /** Done; in the caller's transaction when one is given. A job that was cancelled, or taken from this node since, stays as it is. */
  complete(queue: string, ids: readonly string[], transaction?: Kysely<never>): Promise<void>;
  /** To be tried again later, or set aside. */
  fail(queue: string, ids: readonly string[]): Promise<void>;
  /** Whatever it stands at, unless it has ended. */
  cancel(queue: string, ids: readonly string[], transaction: Kysely<never>): Promise<void>;
  /** This node is through with jobs that it took and that were cancelled meanwhile. */
  release(queue: string, ids: readonly string[]): Promise<void>;
  /** Those of these that it does not have: ended, or written when jobs went the other way. */
  missing(queue: string, ids: readonly string[]): Promise<readonly string[]>;
  /** Called when there may be jobs to take, whichever node wrote them. Returns what ends it. */
  onReady(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface NewJob {
  /** A UUID. */
  readonly id: string;
  readonly queue: string;
  readonly data: Readonly<Record<string, string>>;
}

export interface TakenJob {
  readonly id: string;
  readonly data: Readonly<Record<string, string>>;
}

export interface JobQueueOptions {
  readonly database: Database;
  readonly owner: string;
  readonly log: Log;
  /** The first pause before another attempt, seconds; each is about twice the one before, with jitter. */
  readonly retryDelaySeconds: number;
  /** Attempts after the first; with 18 and a first pause of 2 s a job is tried for three days at least. */
  readonly retryLimit: number;
  /** After this time a taken job counts as failed: the node that had it is gone. Seconds. */
  readonly expireSeconds: number;
}

/** Where jobs end up that never succeeded, with the data they had. */
export const SET_ASIDE = 'set-aside';

const SCHEMA_SUFFIX = 'jobs';
const WRITTEN = 'jobs_written';
/** A paused queue keeps what it has for so long. */
const RETENTION_DAYS = 365;

/** pg-boss (10) over our own connections, so that a job is written in the transaction that makes it necessary. Rejects when the database does not answer. */
export async function openJobQueue(options: JobQueueOptions): Promise<JobQueue> {
  const { database, owner, log } = options;
  const db = await database.forOwner<unknown>(owner);
  const schema = await database.secondSchema(owner, SCHEMA_SUFFIX);
  await install(db, schema);

  const boss = new PgBoss({
    db: asBossDatabase(db),
    schema,
    migrate: false,
    schedule: false,
    maintenanceIntervalSeconds: Math.min(30, options.expireSeconds),
  });
  boss.on('error', (error) => log.warn({ err: error }, 'job queue: maintenance failed, tried again'));
  const settings: QueueSettings = {
    retryLimit: options.retryLimit,
    retryDelay: options.retryDelaySeconds,
    retryBackoff: true,
    expireInSeconds: options.expireSeconds,
    retentionMinutes: RETENTION_DAYS * 24 * 60,
  };
  await createQueue(db, schema, SET_ASIDE, settings);
  await boss.start();
  const listeners = new Set<() => void>();
  const tellListeners = () => listeners.forEach((listener) => listener());
  const stopListening = await database.listen(WRITTEN, {
    onNotify: tellListeners,
    onLost: () => undefined,
    onRestored: tellListeners,
  });

  return {
    createQueue: (name) => createQueue(db, schema, name, { ...settings, deadLetter: SET_ASIDE }),
    async send(transaction, jobs) {
      for (const { id, queue, data } of jobs) {
        const written = await boss.send(queue, data, { id, db: asBossDatabase(transaction) });
        if (written === null) throw new TypeError(`job queue: "${queue}" was not made before it was used`);
      }
      await notify(transaction, WRITTEN, '');
    },
    async take(queue, atMost) {
      return boss.fetch<Record<string, string>>(queue, { batchSize: atMost });
    },
    async complete(queue, ids, transaction) {
      if (ids.length === 0) return;
      // Its types (10.4) leave out the third parameter for several ids; what it runs has it.
      const complete = boss.complete.bind(boss) as unknown as CompleteJobs;
      await complete(queue, [...ids], null, transaction && { db: asBossDatabase(transaction) });
    },
    async fail(queue, ids) {
      if (ids.length > 0) await boss.fail(queue, [...ids]);
    },
    async cancel(queue, ids, transaction) {
      if (ids.length > 0) await boss.cancel(queue, [...ids], { db: asBossDatabase(transaction) });
    },
    // Cancelled it has ended, with whatever was to be known of it.
    release: () => Promise.resolve(),
    async missing(queue, ids) {
      if (ids.length === 0) return [];
      const { rows } = await sql<{ id: string }>`select id::text from ${sql.id(schema, 'job')}
        where name = ${queue} and state < 'completed' and id in (${sql.join(ids.map((id) => sql`${id}::uuid`))})`.execute(
        db,
      );
      const known = new Set(rows.map(({ id }) => id));
      return ids.filter((id) => !known.has(id));
    },
    onReady(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      await stopListening();
      await boss.stop({ graceful: false });
    },
  };
}

interface QueueSettings {
  readonly retryLimit: number;
  readonly retryDelay: number;
  readonly retryBackoff: true;
  readonly expireInSeconds: number;
  readonly retentionMinutes: number;
  readonly deadLetter?: string;
}

/** One node at a time: each queue is a partition, and two that are attached at once lock each other out (pg-boss 10.4 takes no lock for it). */
async function createQueue(db: Kysely<unknown>, schema: string, name: string, settings: QueueSettings): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`${schema} queues`}))`.execute(transaction);
    const options = JSON.stringify({ ...settings, policy: 'standard' });
    await sql`select ${sql.id(schema, 'create_queue')}(${name}, ${options}::json)`.execute(transaction);
    await sql`update ${sql.id(schema, 'queue')} set retry_limit = ${settings.retryLimit}, retry_delay = ${settings.retryDelay},
      expire_seconds = ${settings.expireInSeconds}, updated_on = now() where name = ${name}`.execute(transaction);
  });
}

type CompleteJobs = (
  queue: string,
  ids: string[],
  output: null,
  options: PgBoss.ConnectionOptions | undefined,
) => Promise<void>;

/** Its own installer would want to make the schema, which an owner of the embedded database may not. */
async function install(db: Kysely<unknown>, schema: string): Promise<void> {
  const boss = asBossDatabase(db);
  const isInstalled = async () => {
    const { rows } = await boss.executeSql(`SELECT to_regclass('${schema}.version') AS name`, []);
    return (rows as { name: string | null }[])[0]?.name !== null;
  };
  if (await isInstalled()) return;
  const plans = PgBoss.getConstructionPlans(schema).replace(/CREATE SCHEMA IF NOT EXISTS \w+\s*;/, '');
  try {
    await boss.executeSql(plans, []);
  } catch (fault) {
    // Two nodes that start at once: the plans take a lock, and the second finds everything made.
    if (!(await isInstalled())) throw fault;
  }
}

const WHOLE_TRANSACTION = /^\s*BEGIN;([\s\S]*)COMMIT;\s*$/;

/** What pg-boss writes as one text with BEGIN and COMMIT becomes a transaction of ours: one that fails must not leave its connection inside it. */
function asBossDatabase(db: Kysely<never> | Kysely<unknown>): PgBoss.Db {
  const own = db as Kysely<unknown>;
  return {
    async executeSql(text, values = []) {
      const inner = WHOLE_TRANSACTION.exec(text)?.[1];
      if (inner === undefined) return own.executeQuery(CompiledQuery.raw(text, values.map(toParameter))) as never;
      return own.transaction().execute((transaction) => transaction.executeQuery(CompiledQuery.raw(inner))) as never;
    },
  };
}

/** Objects travel as JSON text; the embedded database takes them no other way. */
function toParameter(value: unknown): unknown {
  const isPlainObject =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
  return isPlainObject ? JSON.stringify(value) : value;
}
