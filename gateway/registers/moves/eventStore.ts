import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import {
  type CitizenReason,
  type DeclarationEventType,
  MOVE_AMENDED,
  MOVE_CANCELLED,
  MOVE_DECLARED,
} from '../../../schema/declaration.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { JobQueue } from '../../platform/database/jobQueue.ts';
import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import type { DeliveryReference, MoveDeliveryStatus } from './move.ts';
import type { MoveTables } from './moveTables.ts';

type Transaction = Kysely<MoveTables>;

/** What one citizen says to one recipient goes one after the other. */
export interface Lane {
  readonly declarant: SubjectKey;
  readonly agency: AgencyId;
}

/** What a recipient is to know from now on: a content, or that nothing of it counts any more. */
export interface Word extends Lane {
  readonly delivery: DeliveryReference;
  /** null cancels. */
  readonly content: string | null;
  readonly sha256: string | null;
  readonly at: string;
}

/** What of the queue a store needs, and which agencies have one: the others pull. */
export interface LaneQueues {
  readonly jobs: Pick<JobQueue, 'send' | 'cancel' | 'missing'>;
  readonly isPushed: (agency: AgencyId) => boolean;
}

/**
 * Nobody else adds to these lanes or takes from them until the transaction ends, and the recipients' numbers are this transaction's to give. In one order,
 * so that two declarations never wait for each other.
 */
export async function lockLanes(db: Transaction, lanes: readonly Lane[]): Promise<void> {
  const names = [...new Set(lanes.map(({ declarant, agency }) => `${agency} ${declarant}`))].sort();
  for (const name of names) await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 7))`.execute(db);
}

/** Says it, in place of whatever has been said to that recipient and not arrived: each event holds all of a declaration. The lane is locked. */
export async function say(db: Transaction, word: Word, { jobs }: LaneQueues): Promise<void> {
  const { delivery, agency, declarant, content, at } = word;
  const said = await db
    .selectFrom('move_events')
    .select(['event_id', 'type', 'state', 'attempts', 'job_id'])
    .where('delivery', '=', delivery)
    .orderBy('sequence')
    // An attempt that begins this moment is seen, or does not begin: unseen it would arrive, and its recipient never hear that it is taken back.
    .forUpdate()
    .execute();
  const open = said.filter(({ state }) => state === 'PENDING' || state === 'SET_ASIDE');
  if (open.length > 0) {
    const ids = open.map(({ event_id }) => event_id);
    const superseded = { state: 'SUPERSEDED' as const, content: null };
    await db.updateTable('move_events').set(superseded).where('event_id', 'in', ids).execute();
    const jobIds = open.flatMap(({ job_id }) => job_id ?? []);
    await jobs.cancel(agency, jobIds, db as unknown as Kysely<never>);
  }
  // Of what was tried without an answer nobody knows whether it arrived: it counts as heard.
  const heard = said.findLast(({ state, attempts }) => state === 'ACKNOWLEDGED' || attempts > 0);
  if (content === null && heard === undefined) {
    await setStatus(db, { delivery, status: 'NOT_SENT', at, currentEvent: null, sha256: null });
    await addStep(db, { delivery, eventId: null, at, status: 'NOT_SENT' });
    return;
  }
  const eventId = randomUUID();
  await db
    .insertInto('move_events')
    .values({
      ...{ event_id: eventId, delivery, declarant, agency, at, job_id: null },
      sequence: await nextSequence(db, agency),
      type: typeOf(content, heard?.type),
      content: content ?? '{}',
    })
    .execute();
  await setStatus(db, { delivery, status: 'SENDING', at, currentEvent: eventId, sha256: word.sha256 });
  await addStep(db, { delivery, eventId, at, status: 'SENDING' });
}

function typeOf(content: string | null, heard: string | undefined): DeclarationEventType {
  if (content === null) return MOVE_CANCELLED;
  return heard === undefined || heard === MOVE_CANCELLED ? MOVE_DECLARED : MOVE_AMENDED;
}

async function nextSequence(db: Transaction, agency: AgencyId): Promise<number> {
  const numbered = await db
    .insertInto('move_recipients')
    .values({ agency, last_sequence: 1, paused_at: null })
    .onConflict((known) =>
      known.column('agency').doUpdateSet((row) => ({ last_sequence: row('move_recipients.last_sequence', '+', 1) })),
    )
    .returning('last_sequence')
    .executeTakeFirstOrThrow();
  return numbered.last_sequence;
}

/** Gives the lane's first event a job, unless it has one: to be called whenever an event was added, or one has ended. The lane is locked. */
export async function advanceLane(db: Transaction, { declarant, agency }: Lane, queues: LaneQueues): Promise<void> {
  if (!queues.isPushed(agency)) return;
  const first = await db
    .selectFrom('move_events')
    .select(['event_id', 'job_id'])
    .where('declarant', '=', declarant)
    .where('agency', '=', agency)
    .where('state', '=', 'PENDING')
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  if (first === undefined || first.job_id !== null) return;
  const jobId = randomUUID();
  await db.updateTable('move_events').set({ job_id: jobId }).where('event_id', '=', first.event_id).execute();
  const job = { id: jobId, queue: agency, data: { event: first.event_id } };
  await queues.jobs.send(db as unknown as Kysely<never>, [job]);
}

export interface StatusChange {
  readonly delivery: DeliveryReference;
  readonly status: MoveDeliveryStatus;
  readonly reason?: CitizenReason | undefined;
  readonly at: string;
  readonly currentEvent?: string | null;
  readonly sha256?: string | null;
}

export async function setStatus(db: Transaction, change: StatusChange): Promise<void> {
  const { delivery, status, reason, at, currentEvent, sha256 } = change;
  await db
    .updateTable('move_deliveries')
    .set({
      ...{ status, status_at: at, reason: reason ? JSON.stringify(reason) : null },
      ...(currentEvent !== undefined && { current_event: currentEvent }),
      ...(sha256 !== undefined && { sha256 }),
    })
    .where('delivery', '=', delivery)
    .execute();
}

/** Said twice it stands once. */
export async function addStep(
  db: Transaction,
  step: Pick<StatusChange, 'delivery' | 'status' | 'reason' | 'at'> & { readonly eventId: string | null },
): Promise<void> {
  const { delivery, eventId, at, status, reason } = step;
  await db
    .insertInto('move_steps')
    .values({ delivery, event_id: eventId, at, status, reason: reason ? JSON.stringify(reason) : null })
    .onConflict((known) => known.columns(['event_id', 'status', 'at']).doNothing())
    .execute();
}
