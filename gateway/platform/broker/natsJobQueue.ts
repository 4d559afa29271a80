import { randomBytes } from 'node:crypto';
import { pauseAfter } from '../backoff.ts';
import { type Kysely, notify } from '../database/database.ts';
import {
  type OutboxTables,
  beginJobs,
  endJobs,
  findJobs,
  moveJobs,
  tellAllAgain,
  writeJobs,
} from '../database/jobOutbox.ts';
import { type JobQueue, type JobQueueOptions, SET_ASIDE, type TakenJob } from '../database/jobQueue.ts';
import type { BrokerOptions } from './connection.ts';
import { type Broker, keepBroker } from './link.ts';
import { type Pulled, pullNow } from './pull.ts';
import { jobIdOf, prepareConsumer, prepareStream, readySubject } from './stream.ts';
import { startTeller } from './teller.ts';

export interface NatsJobQueueOptions extends JobQueueOptions, BrokerOptions {
  /** Name of the stream, and first word of every subject. */
  readonly stream: string;
  /** Of the stream, on the servers of a cluster. */
  readonly replicas: number;
}

/** A job that this node has taken. */
interface Held {
  readonly message: Pulled;
  readonly attempts: number;
  readonly until: number;
}

const WRITTEN = 'outbox_written';
/** Somebody is about to end it, or is not: that is known a moment later. */
const LOCKED_MS = 100;
/** The factor by which the longest pause is longer than the first. */
const LONGEST_FACTOR = 2 ** 17;

/**
 * Jobs through NATS JetStream. What holds is the outbox in the database, written in the caller's transaction; the broker is told ids, hands each to one of
 * the nodes, and waits between attempts. It holds nothing that it could not be told again: a broker that was away, or has lost its disk, delays jobs and
 * loses none. Nothing of this waits for it. Rejects when the database does not answer.
 */
export async function openNatsJobQueue(options: NatsJobQueueOptions): Promise<JobQueue> {
  const { database, log, stream, retryLimit } = options;
  const db = await database.forOwner<OutboxTables>(options.owner);
  const nodeId = randomBytes(9).toString('base64url');
  const streamOptions = { ...options, ackWaitMs: options.expireSeconds * 1000 };
  const firstMs = options.retryDelaySeconds * 2000;
  const queues = new Set([SET_ASIDE]);
  const held = new Map<string, Held>();
  const listeners = new Set<() => void>();
  let hasBegun = false;

  async function prepare({ connection, manager }: Broker): Promise<void> {
    const isNew = await prepareStream(manager, streamOptions);
    for (const queue of queues) await prepareConsumer(manager, queue, streamOptions);
    connection.subscribe(readySubject(stream), { callback: () => listeners.forEach((listener) => listener()) });
    // While it was away it may have begun anew, without what it was told.
    if (isNew || hasBegun) await tellAllAgain(db);
    hasBegun = true;
  }
  const link = keepBroker({ ...options, prepare, onReady: () => teller.wake() });
  const teller = startTeller({ db, link, stream, log });
  const stopListening = await database.listen(WRITTEN, {
    onNotify: (writer) => writer === nodeId && teller.wake(),
    onLost: () => undefined,
    onRestored: () => teller.wake(),
  });

  async function pull(queue: string, atMost: number): Promise<readonly Pulled[]> {
    const broker = link.current();
    if (broker === undefined) return [];
    try {
      return await pullNow(broker.connection, { stream, queue, atMost });
    } catch (fault) {
      link.leave(broker, fault);
      return [];
    }
  }

  function letGo(ids: readonly string[]): void {
    for (const id of ids) {
      held.get(id)?.message.acknowledge();
      held.delete(id);
    }
  }

  async function take(queue: string, atMost: number): Promise<readonly TakenJob[]> {
    for (;;) {
      const messages = await pull(queue, atMost);
      if (messages.length === 0) return [];
      const jobs = await begin(queue, messages);
      // Of jobs that have all ended since there may be any number before one that has not.
      if (jobs.length > 0) return jobs;
    }
  }

  async function begin(queue: string, pulled: readonly Pulled[]): Promise<readonly TakenJob[]> {
    const messages = new Map(pulled.map((message) => [jobIdOf(message.subject), message]));
    const begun = await beginJobs(db, queue, [...messages.keys()]);
    const until = Date.now() + streamOptions.ackWaitMs;
    for (const [id, { until: ended }] of held) if (ended < Date.now()) held.delete(id);
    for (const { id, attempts } of begun) held.set(id, { message: messages.get(id)!, attempts, until });
    const others = [...messages.keys()].filter((id) => !begun.some((job) => job.id === id));
    const locked = new Set(await findJobs(db, others));
    for (const id of others) {
      if (locked.has(id)) messages.get(id)!.giveBack(LOCKED_MS);
      else messages.get(id)!.acknowledge();
    }
    // Its last attempt was of a node that is gone.
    const tooMany = begun.filter(({ attempts }) => attempts > retryLimit + 1).map(({ id }) => id);
    await setAside(tooMany);
    return begun.filter(({ id }) => !tooMany.includes(id)).map(({ id, data }) => ({ id, data }));
  }

  async function setAside(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await moveJobs(db, ids, SET_ASIDE);
    letGo(ids);
    teller.wake();
  }

  return {
    async createQueue(name) {
      if (queues.has(name)) return;
      queues.add(name);
      const broker = link.current();
      if (broker === undefined) return;
      await prepareConsumer(broker.manager, name, streamOptions).catch((fault) => link.leave(broker, fault));
    },
    async send(transaction, jobs) {
      const stranger = jobs.find(({ queue }) => !queues.has(queue));
      if (stranger !== undefined) throw new TypeError(`job queue: "${stranger.queue}" was not made before it was used`);
      await writeJobs(asOutbox(transaction), jobs);
      await notify(transaction, WRITTEN, nodeId);
    },
    take,
    async complete(_queue, ids, transaction) {
      await endJobs(transaction === undefined ? db : asOutbox(transaction), ids);
      // One that ends with a transaction may not end: it comes again, and then it is known.
      if (transaction === undefined) letGo(ids);
    },
    async fail(_queue, ids) {
      const own = ids.filter((id) => (held.get(id)?.until ?? 0) > Date.now());
      for (const id of own) {
        const { message, attempts } = held.get(id)!;
        if (attempts > retryLimit) await setAside([id]);
        else message.giveBack(pauseAfter(attempts, { firstMs, longestMs: firstMs * LONGEST_FACTOR }));
        held.delete(id);
      }
    },
    cancel: (_queue, ids, transaction) => endJobs(asOutbox(transaction), ids),
    release(_queue, ids) {
      letGo(ids);
      return Promise.resolve();
    },
    async missing(_queue, ids) {
      const known = new Set(await findJobs(db, ids));
      return ids.filter((id) => !known.has(id));
    },
    onReady(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      await stopListening();
      await teller.close();
      await link.close();
    },
  };
}

function asOutbox(transaction: Kysely<never>): Kysely<OutboxTables> {
  return transaction as unknown as Kysely<OutboxTables>;
}
