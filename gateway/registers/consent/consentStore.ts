import type { Insertable, Selectable } from 'kysely';
import type { LegalBasis, PurposeName } from '../../../schema/purposes.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { ClientId, ConsentId, SubjectKey } from '../../platform/ids.ts';
import type { Consent, ConsentKind } from './consent.ts';
import type { ConsentEventType, ConsentTables } from './consentTables.ts';

/** One act in the ledger, as it was written. */
export interface ConsentEvent {
  readonly type: ConsentEventType;
  readonly at: string;
  readonly consent: Omit<Consent, 'status' | 'givenAt' | 'endedAt'> & { readonly expiresAt: string };
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
  };
}
