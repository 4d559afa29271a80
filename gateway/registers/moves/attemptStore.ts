import { type DeclarationEventType, MOVE_CANCELLED, type StatusOfEvent } from '../../../schema/declaration.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import { type LaneQueues, addStep, advanceLane, lockLanes, setStatus } from './eventStore.ts';
import type { DeliveryReference, MoveReference } from './move.ts';
import type { MoveTables } from './moveTables.ts';

type Database = Kysely<MoveTables>;

/** An event on its way to its recipient. */
export interface Attempt {
  readonly eventId: string;
  readonly agency: AgencyId;
  readonly delivery: DeliveryReference;
  readonly sequence: number;
  readonly type: DeclarationEventType;
  readonly at: string;
  readonly content: string;
}

/**
 * Begins an attempt, which may arrive until `untilMs`; undefined when there is nothing to say any more. One statement: a cancellation either comes first,
 * and nothing is sent, or sees the attempt, and waits for it.
 */
export async function beginAttempt(db: Database, eventId: string, untilMs: number): Promise<Attempt | undefined> {
  const begun = await db
    .updateTable('move_events')
    .set((row) => ({ attempts: row('attempts', '+', 1), in_flight_until: untilMs }))
    .where('event_id', '=', eventId)
    .where('state', '=', 'PENDING')
    .returning(['event_id', 'agency', 'delivery', 'sequence', 'type', 'at', 'content'])
    .executeTakeFirst();
  return begun && toAttempt(begun);
}

/** The attempt is over: nothing of it can arrive any more. */
export async function endAttempt(db: Database, eventId: string): Promise<void> {
  await db.updateTable('move_events').set({ in_flight_until: 0 }).where('event_id', '=', eventId).execute();
}

/** Until when something of a declaration that counts no more may still arrive, ms since the epoch; 0 when nothing may. */
export async function inFlightUntil(db: Database, reference: MoveReference): Promise<number> {
  const { until } = await db
    .selectFrom('move_events')
    .innerJoin('move_deliveries', 'move_deliveries.delivery', 'move_events.delivery')
    .select(({ fn }) => fn.max('in_flight_until').as('until'))
    .where('move_deliveries.reference', '=', reference)
    .where('move_events.state', '=', 'SUPERSEDED')
    .executeTakeFirstOrThrow();
  return Number(until ?? 0);
}

/** Events that an agency pulls, in order; what is handed out may arrive until `untilMs`. */
export async function beginPull(
  db: Database,
  agency: AgencyId,
  page: { readonly after: number; readonly limit: number; readonly untilMs: number },
): Promise<readonly Attempt[]> {
  const open = db
    .selectFrom('move_events')
    .select('event_id')
    .where('agency', '=', agency)
    .where('state', '=', 'PENDING')
    .where('sequence', '>', page.after)
    .orderBy('sequence')
    .limit(page.limit);
  const begun = await db
    .updateTable('move_events')
    .set((row) => ({ attempts: row('attempts', '+', 1), in_flight_until: page.untilMs }))
    .where('event_id', 'in', open)
    .where('state', '=', 'PENDING')
    .returning(['event_id', 'agency', 'delivery', 'sequence', 'type', 'at', 'content'])
    .execute();
  return begun.map(toAttempt).sort((a, b) => a.sequence - b.sequence);
}

/** The event of that id, if it went to that agency. */
export async function findEvent(
  db: Database,
  eventId: string,
  agency: AgencyId,
): Promise<{ readonly declarant: SubjectKey; readonly reference: MoveReference } | undefined> {
  const found = await db
    .selectFrom('move_events')
    .innerJoin('move_deliveries', 'move_deliveries.delivery', 'move_events.delivery')
    .select(['move_events.declarant', 'move_deliveries.reference'])
    .where('event_id', '=', eventId)
    .where('move_events.agency', '=', agency)
    .executeTakeFirst();
  return found && { declarant: found.declarant as SubjectKey, reference: found.reference as MoveReference };
}

/**
 * What a recipient says of an event, in the caller's transaction. Whatever it says, it has the event: its content is forgotten here, its job ends, and the
 * lane goes on. A status older than the one that stands, or about an event that counts no more, is a step of the timeline and changes nothing else.
 */
export async function recordStatus(
  db: Database,
  said: StatusOfEvent & { readonly agency: AgencyId; readonly declarant: SubjectKey },
  queues: LaneQueues,
): Promise<void> {
  const { event: eventId, agency, declarant, status, at } = said;
  await lockLanes(db, [{ declarant, agency }]);
  const event = await db
    .selectFrom('move_events')
    .innerJoin('move_deliveries', 'move_deliveries.delivery', 'move_events.delivery')
    .innerJoin('moves', 'moves.reference', 'move_deliveries.reference')
    .select(['move_events.delivery', 'move_events.state', 'type', 'job_id', 'current_event', 'status_at', 'erased_at'])
    .where('event_id', '=', eventId)
    .executeTakeFirstOrThrow();
  const delivery = event.delivery as DeliveryReference;
  // Of what was erased nobody writes anything new about people.
  const reason = event.erased_at === null ? said.reason : undefined;
  if (event.state === 'PENDING' || event.state === 'SET_ASIDE') {
    const acknowledged = { state: 'ACKNOWLEDGED' as const, content: null, in_flight_until: 0 };
    await db.updateTable('move_events').set(acknowledged).where('event_id', '=', eventId).execute();
    const jobIds = event.job_id === null ? [] : [event.job_id];
    await queues.jobs.cancel(agency, jobIds, db as unknown as Kysely<never>);
    await advanceLane(db, { declarant, agency }, queues);
  }
  // A recipient that takes a cancellation, however it puts it, knows that nothing counts any more.
  const isCancelled = event.type === MOVE_CANCELLED && status !== 'REFUSED' && status !== 'NEEDS_CITIZEN';
  const stands = isCancelled ? 'CANCELLED' : status;
  await addStep(db, { delivery, eventId, at, status: stands, reason });
  const counts = event.current_event === eventId && (event.state === 'PENDING' || at >= event.status_at);
  if (counts) await setStatus(db, { delivery, status: stands, reason, at });
}

/** An event that no attempt has brought to its recipient; an operator may have it tried again. */
export async function setAside(
  db: Database,
  eventId: string,
  at: string,
  queues: LaneQueues,
): Promise<MoveReference | undefined> {
  const event = await db
    .selectFrom('move_events')
    .innerJoin('move_deliveries', 'move_deliveries.delivery', 'move_events.delivery')
    .select(['move_events.declarant', 'move_events.agency', 'move_events.delivery', 'reference'])
    .where('event_id', '=', eventId)
    .executeTakeFirst();
  if (event === undefined) return undefined;
  const lane = { declarant: event.declarant as SubjectKey, agency: event.agency as AgencyId };
  await lockLanes(db, [lane]);
  const changed = await db
    .updateTable('move_events')
    .set({ state: 'SET_ASIDE', job_id: null })
    .where('event_id', '=', eventId)
    .where('state', '=', 'PENDING')
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return undefined;
  const delivery = event.delivery as DeliveryReference;
  await setStatus(db, { delivery, status: 'UNDELIVERABLE', at });
  await addStep(db, { delivery, eventId, at, status: 'UNDELIVERABLE' });
  await advanceLane(db, lane, queues);
  return event.reference as MoveReference;
}

/** Everything that was set aside for an agency, in its lanes again. Returns the declarations concerned. */
export async function replay(
  db: Database,
  agency: AgencyId,
  at: string,
  queues: LaneQueues,
): Promise<readonly MoveReference[]> {
  const aside = await db
    .selectFrom('move_events')
    .innerJoin('move_deliveries', 'move_deliveries.delivery', 'move_events.delivery')
    .select(['event_id', 'declarant', 'move_events.delivery', 'reference'])
    .where('move_events.agency', '=', agency)
    .where('state', '=', 'SET_ASIDE')
    .orderBy('sequence')
    .execute();
  const lanes = aside.map(({ declarant }) => ({ declarant: declarant as SubjectKey, agency }));
  await lockLanes(db, lanes);
  for (const event of aside) {
    const again = { state: 'PENDING' as const, job_id: null };
    await db
      .updateTable('move_events')
      .set(again)
      .where('event_id', '=', event.event_id)
      .where('state', '=', 'SET_ASIDE')
      .execute();
    const delivery = event.delivery as DeliveryReference;
    await setStatus(db, { delivery, status: 'SENDING', at });
    await addStep(db, { delivery, eventId: event.event_id, at, status: 'SENDING' });
  }
  for (const lane of lanes) await advanceLane(db, lane, queues);
  return [...new Set(aside.map(({ reference }) => reference as MoveReference))];
}

/** Whether nothing is to be sent to an agency for now. */
export async function isPaused(db: Database, agency: AgencyId): Promise<boolean> {
  const row = await db
    .selectFrom('move_recipients')
    .select('paused_at')
    .where('agency', '=', agency)
    .executeTakeFirst();
  return row !== undefined && row.paused_at !== null;
}

export async function setPaused(db: Database, agency: AgencyId, pausedAt: string | null): Promise<void> {
  await db
    .insertInto('move_recipients')
    .values({ agency, last_sequence: 0, paused_at: pausedAt })
    .onConflict((known) => known.column('agency').doUpdateSet({ paused_at: pausedAt }))
    .execute();
}

function toAttempt(row: {
  event_id: string;
  agency: string;
  delivery: string;
  sequence: number;
  type: string;
  at: string;
  content: string | null;
}): Attempt {
  return {
    eventId: row.event_id,
    agency: row.agency as AgencyId,
    delivery: row.delivery as DeliveryReference,
    sequence: row.sequence,
    type: row.type as DeclarationEventType,
    at: row.at,
    content: row.content ?? '',
  };
}
