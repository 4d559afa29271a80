import { sql, type Kysely, type SelectQueryBuilder, type Transaction } from 'kysely';
import type { StatusOfEvent } from '../../../schema/declaration.ts';
import type { AgencyDatabase } from '../agencyModule.ts';
import type { OpenedDeclaration } from './openDeclaration.ts';
import type { InboxTables } from './inboxTables.ts';

/** What became of an event that was received before. */
export interface KnownEvent {
  readonly digest: string;
  /** Those said by now, in order. */
  readonly statuses: readonly StatusOfEvent[];
}

/** A status that the hub has not been told. */
export interface UntoldStatus extends StatusOfEvent {
  readonly statusId: number;
  readonly attempts: number;
}

export interface NewStatus extends StatusOfEvent {
  /** Told in the answer to the message itself. */
  readonly told: boolean;
}

/** What the inbox keeps, in the agency's own schema. Every instant is the caller's clock's, ISO 8601. */
export interface InboxStore {
  find(event: { readonly source: string; readonly id: string }, now: string): Promise<KnownEvent | undefined>;
  /** One transaction, alone with that delivery: two messages about it never run at the same time. */
  about<Result>(delivery: string, work: (inbox: InboxWriter) => Promise<Result>): Promise<Result>;
  untold(now: string, limit: number): Promise<readonly UntoldStatus[]>;
  /** When the next one is due; undefined when all is told. */
  nextDue(): Promise<string | undefined>;
  markTold(statusIds: readonly number[], now: string): Promise<void>;
  postpone(statusIds: readonly number[], until: string): Promise<void>;
  /** Forgets what was declared in events received before that instant with which the agency is done: the last word is said and told, or a later event counts. Returns of how many. */
  eraseApplied(before: string): Promise<number>;
  /** The sequence after which to pull; empty from the beginning. */
  cursor(): Promise<string>;
}

/** What is written in the transaction in which a declaration is applied. */
export interface InboxWriter {
  readonly transaction: Transaction<unknown>;
  /** False when the event is there already: somebody else was faster. */
  write(opened: OpenedDeclaration, now: string): Promise<boolean>;
  find(event: { readonly source: string; readonly id: string }, now: string): Promise<KnownEvent | undefined>;
  /** Whether a later event about the delivery has been received. */
  isOvertaken(opened: OpenedDeclaration): Promise<boolean>;
  /** Forgets what was still to follow by itself about earlier events of the delivery. */
  dropLaterStatuses(delivery: string, now: string): Promise<void>;
  say(source: string, statuses: readonly NewStatus[], now: string): Promise<void>;
  moveCursor(sequence: string): Promise<void>;
}

export function createInboxStore(agencyDatabase: AgencyDatabase): InboxStore {
  const database = agencyDatabase as Kysely<InboxTables>;
  return {
    find: (event, now) => findEvent(database, event, now),
    about: (delivery, work) =>
      database.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(hashtextextended(${delivery}, 0))`.execute(transaction);
        return work(createWriter(transaction));
      }),
    untold: (now, limit) => readUntold(database, now, limit),
    async nextDue() {
      const row = await database
        .selectFrom('inbox_status')
        .select(instant('next_attempt_at').as('due'))
        .where('told_at', 'is', null)
        .orderBy('next_attempt_at')
        .limit(1)
        .executeTakeFirst();
      return row?.due;
    },
    async markTold(statusIds, now) {
      await database.updateTable('inbox_status').set({ told_at: now }).where('id', 'in', statusIds).execute();
    },
    async postpone(statusIds, until) {
      await database
        .updateTable('inbox_status')
        .set(({ eb }) => ({ next_attempt_at: until, attempts: eb('attempts', '+', 1) }))
        .where('id', 'in', statusIds)
        .execute();
    },
    eraseApplied: (before) => eraseApplied(database, before),
    async cursor() {
      const row = await database.selectFrom('inbox_cursor').select('sequence').executeTakeFirst();
      return row?.sequence ?? '';
    },
  };
}

function createWriter(transaction: Transaction<InboxTables>): InboxWriter {
  return {
    transaction: transaction as Transaction<unknown>,
    async write({ event, data, digest }, now) {
      const written = await transaction
        .insertInto('inbox_event')
        .values({
          source: event.source,
          event_id: event.id,
          delivery: event.subject,
          type: event.type,
          sequence: event.sequence,
          said_at: event.time,
          digest,
          data: JSON.stringify(data),
          received_at: now,
        })
        .onConflict((conflict) => conflict.columns(['source', 'event_id']).doNothing())
        .returning('event_id')
        .execute();
      return written.length === 1;
    },
    find: (event, now) => findEvent(transaction, event, now),
    async isOvertaken({ event }) {
      const later = await transaction
        .selectFrom('inbox_event')
        .select('event_id')
        .where('delivery', '=', event.subject)
        .where('sequence', '>=', event.sequence)
        .where('event_id', '!=', event.id)
        .limit(1)
        .executeTakeFirst();
      return later !== undefined;
    },
    async dropLaterStatuses(delivery, now) {
      await transaction
        .deleteFrom('inbox_status')
        .using('inbox_event')
        .whereRef('inbox_event.source', '=', 'inbox_status.source')
        .whereRef('inbox_event.event_id', '=', 'inbox_status.event_id')
        .where('inbox_event.delivery', '=', delivery)
        .where('inbox_status.told_at', 'is', null)
        .where('inbox_status.said_at', '>', sql<never>`${now}::timestamptz`)
        .execute();
    },
    async say(source, statuses, now) {
      const rows = statuses.map(({ event, status, reason, at, told }) => ({
        source,
        event_id: event,
        status,
        reason_fr: reason?.fr ?? null,
        reason_en: reason?.en ?? null,
        said_at: at,
        told_at: told ? now : null,
        next_attempt_at: at,
      }));
      await transaction.insertInto('inbox_status').values(rows).execute();
    },
    async moveCursor(sequence) {
      await transaction
        .insertInto('inbox_cursor')
        .values({ sequence })
        .onConflict((conflict) => conflict.column('only_row').doUpdateSet({ sequence }))
        .execute();
    },
  };
}

async function findEvent(
  database: Kysely<InboxTables>,
  { source, id }: { readonly source: string; readonly id: string },
  now: string,
): Promise<KnownEvent | undefined> {
  const known = await database
    .selectFrom('inbox_event')
    .select('digest')
    .where('source', '=', source)
    .where('event_id', '=', id)
    .executeTakeFirst();
  if (!known) return undefined;
  const rows = await selectStatuses(database)
    .where('source', '=', source)
    .where('event_id', '=', id)
    .where('said_at', '<=', sql<never>`${now}::timestamptz`)
    .orderBy('id')
    .execute();
  return { digest: known.digest, statuses: rows.map(toStatus) };
}

async function eraseApplied(database: Kysely<InboxTables>, before: string): Promise<number> {
  const { numAffectedRows } = await sql`
    update inbox_event e set data = null
    where data is not null and received_at < ${before}::timestamptz and (
      (select status from inbox_status s where s.source = e.source and s.event_id = e.event_id order by id desc limit 1)
        in ('DONE', 'REFUSED')
      or exists (select from inbox_event later where later.delivery = e.delivery and later.sequence > e.sequence)
    ) and not exists (
      select from inbox_status s where s.source = e.source and s.event_id = e.event_id and s.told_at is null
    )`.execute(database);
  return Number(numAffectedRows ?? 0);
}

async function readUntold(database: Kysely<InboxTables>, now: string, limit: number): Promise<readonly UntoldStatus[]> {
  const rows = await selectStatuses(database)
    .where('told_at', 'is', null)
    .where('next_attempt_at', '<=', sql<never>`${now}::timestamptz`)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...toStatus(row), statusId: row.id, attempts: row.attempts }));
}

function selectStatuses(database: Kysely<InboxTables>) {
  return database
    .selectFrom('inbox_status')
    .select(['id', 'event_id', 'status', 'reason_fr', 'reason_en', 'attempts', instant('said_at').as('at')]);
}

type StatusRow =
  ReturnType<typeof selectStatuses> extends SelectQueryBuilder<InboxTables, 'inbox_status', infer Row> ? Row : never;

function toStatus(row: StatusRow): StatusOfEvent {
  const { reason_fr: fr, reason_en: en } = row;
  return {
    event: row.event_id,
    status: row.status,
    ...(fr !== null && en !== null && { reason: { fr, en } }),
    at: row.at,
  };
}

/** An instant as ISO 8601 text in UTC, to the millisecond. */
function instant(column: 'said_at' | 'next_attempt_at') {
  return sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
