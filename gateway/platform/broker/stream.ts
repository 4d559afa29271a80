import {
  AckPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Notice } from '../database/jobOutbox.ts';

export interface StreamOptions {
  /** Its name, and the first word of every subject. */
  readonly stream: string;
  readonly replicas: number;
  /** After that time a message that was handed out and not answered is handed out again, ms. */
  readonly ackWaitMs: number;
}

/** Room for an id in the headers, and for nothing more: the broker itself refuses whatever else. */
const MAX_MESSAGE_BYTES = 256;
const DUPLICATES_MS = 120_000;
/** Of one queue: those handed out, and those that wait for another attempt. */
const MAX_UNANSWERED = 100_000;
/** JetStream's own number for: there is a message of that subject already. */
const SUBJECT_TAKEN = 10077;

/** A job is a subject of its own, so that the broker holds each once, however often it is told of it. */
export function subjectOf(stream: string, { queue, id }: Notice): string {
  return `${stream}.job.${queue}.${id}`;
}

/** The id of the job that a subject is about. */
export function jobIdOf(subject: string): string {
  return subject.slice(subject.lastIndexOf('.') + 1);
}

/** On which nodes tell each other that there are jobs to take. */
export function readySubject(stream: string): string {
  return `${stream}.ready`;
}

/** Makes the stream, or brings it up to date. Returns whether it was not there. */
export async function prepareStream(manager: JetStreamManager, options: StreamOptions): Promise<boolean> {
  const { stream, replicas } = options;
  const changeable = {
    description: 'Jobs of a hub: ids, which mean something in its database alone.',
    subjects: [`${stream}.job.*.*`],
    num_replicas: replicas,
    max_msg_size: MAX_MESSAGE_BYTES,
    max_msgs_per_subject: 1,
    discard: DiscardPolicy.New,
    discard_new_per_subject: true,
    duplicate_window: nanos(DUPLICATES_MS),
  };
  try {
    await manager.streams.update(stream, changeable);
    return false;
  } catch (fault) {
    if (!(fault instanceof JetStreamApiError) || fault.status !== 404) throw fault;
  }
  const fixed = { retention: RetentionPolicy.Workqueue, storage: StorageType.File };
  await manager.streams.add({ name: stream, ...changeable, ...fixed });
  return true;
}

/** Makes the queue's durable consumer, one for all nodes, or brings it up to date. */
export async function prepareConsumer(manager: JetStreamManager, queue: string, options: StreamOptions): Promise<void> {
  await manager.consumers.add(options.stream, {
    durable_name: queue,
    filter_subject: subjectOf(options.stream, { queue, id: '*' }),
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(options.ackWaitMs),
    max_ack_pending: MAX_UNANSWERED,
    max_deliver: -1,
  });
}

/** Tells the broker of a job, and resolves when it is on its disk; what it has already it takes for the same. */
export async function tellOf(client: JetStreamClient, stream: string, notice: Notice): Promise<void> {
  try {
    // A second name under which it is the same: two nodes that tell of it at once.
    await client.publish(subjectOf(stream, notice), '', { msgID: `${notice.queue}.${notice.id}` });
  } catch (fault) {
    if (!(fault instanceof JetStreamApiError) || fault.code !== SUBJECT_TAKEN) throw fault;
  }
}
