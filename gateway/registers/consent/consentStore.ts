import type { Insertable, Selectable } from 'kysely';
import type { LegalBasis, PurposeName } from '../../../schema/purposes.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { ClientId, ConsentId, SubjectKey } from '../../platform/ids.ts';
import type { Consent, ConsentActType, ConsentKind, ConsentRequest, ConsentSubject } from './consent.ts';
import type { ConsentTables } from './consentTables.ts';

/** One act in the ledger, as it was written. */
export interface ConsentEvent {
  readonly type: ConsentActType;
  readonly at: string;
  readonly consent: Omit<Consent, 'status' | 'requestedAt' | 'givenAt' | 'endedAt' | 'acts'>;
}

type Database = Kysely<ConsentTables>;

/** All acts of a subject, oldest first; of one service and purpose alone when they are given. */
export async function readEvents(
  db: Database,
  subject: SubjectKey,
  only?: { readonly clientId: ClientId; readonly purpose: PurposeName },
): Promise<readonly ConsentEvent[]> {
  const all = db.selectFrom('consent_events').selectAll().where('subject', '=', subject).orderBy('event_id');
  const query = only ? all.where('client_id', '=', only.clientId).where('purpose', '=', only.purpose) : all;
  return (await query.execute()).map(toEvent);
}

/** All acts on one consent, if it is that subject's. */
export async function readEventsOf(db: Database, subject: SubjectKey, id: ConsentId): Promise<readonly ConsentEvent[]> {
  const query = db.selectFrom('consent_events').selectAll().where('consent_id', '=', id);
  return (await query.where('subject', '=', subject).orderBy('event_id').execute()).map(toEvent);
}

export async function appendEvent(db: Database, event: ConsentEvent): Promise<void> {
  await db.insertInto('consent_events').values(toRow(event)).execute();
}

type RequestPart = Pick<ConsentRequest, 'returnUrl' | 'state'>;

export async function appendRequest(db: Database, id: ConsentId, { returnUrl, state }: RequestPart): Promise<void> {
  const row = { consent_id: id, return_url: returnUrl, state: state ?? null };
  await db.insertInto('consent_requests').values(row).execute();
}

export async function readRequest(db: Database, id: ConsentId): Promise<RequestPart | undefined> {
  const query = db.selectFrom('consent_requests').select(['return_url', 'state']).where('consent_id', '=', id);
  const row = await query.executeTakeFirst();
  return row && { returnUrl: row.return_url, ...(row.state !== null && { state: row.state }) };
}

/** Of these requests, and of the links they came by, only the service's own note goes. Returns of how many. */
export async function eraseStates(db: Database, ids: readonly ConsentId[]): Promise<number> {
  if (ids.length === 0) return 0;
  return db.transaction().execute(async (transaction) => {
    let erased = 0n;
    for (const table of ['consent_links', 'consent_requests'] as const) {
      const { numUpdatedRows } = await transaction
        .updateTable(table)
        .set({ state: null })
        .where('consent_id', 'in', [...ids])
        .where('state', 'is not', null)
        .executeTakeFirst();
      if (table === 'consent_requests') erased = numUpdatedRows;
    }
    return Number(erased);
  });
}

/** For consents whose id is known beforehand (seeds): one that is there already stays as it is. Returns whether it was new. */
export async function appendFirstEvent(db: Database, event: ConsentEvent): Promise<boolean> {
  const inserted = await db
    .insertInto('consent_events')
    .values(toRow(event))
    .onConflict((known) => known.column('consent_id').where('type', '=', 'GIVEN').doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

function toEvent(row: Selectable<ConsentTables['consent_events']>): ConsentEvent {
  return {
    type: row.type,
    at: row.at,
    consent: {
      id: row.consent_id as ConsentId,
      kind: row.kind as ConsentKind,
      subject: row.subject as SubjectKey,
      clientId: row.client_id as ClientId,
      purpose: row.purpose,
      legalBasis: row.legal_basis as LegalBasis,
      scopes: row.scopes as unknown as ScopeName[],
      expiresAt: row.expires_at,
      ...(row.subjects !== null && { subjects: row.subjects as unknown as ConsentSubject[] }),
    },
  };
}

function toRow({ type, at, consent }: ConsentEvent): Insertable<ConsentTables['consent_events']> {
  return {
    consent_id: consent.id,
    type,
    at,
    subject: consent.subject,
    client_id: consent.clientId,
    purpose: consent.purpose,
    kind: consent.kind,
    legal_basis: consent.legalBasis,
    scopes: JSON.stringify(consent.scopes),
    expires_at: consent.expiresAt,
    subjects: consent.subjects ? JSON.stringify(consent.subjects) : null,
  };
}
