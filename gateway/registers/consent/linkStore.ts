import type { LegalBasis } from '../../../schema/purposes.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { ClientId, ConsentId, SubjectKey } from '../../platform/ids.ts';
import type { ConsentKind, ConsentTerms } from './consent.ts';
import type { ConsentTables } from './consentTables.ts';

/** A question that names nobody: whoever has its link may answer it, once. */
export interface ConsentLink extends ConsentTerms {
  readonly id: ConsentId;
  readonly returnUrl: string;
  readonly state?: string;
  /** ISO 8601 instant in UTC. */
  readonly askedAt: string;
}

type Database = Kysely<ConsentTables>;

export async function appendLink(db: Database, { id, state, ...link }: ConsentLink): Promise<void> {
  const row = {
    consent_id: id,
    client_id: link.clientId,
    purpose: link.purpose,
    kind: link.kind,
    legal_basis: link.legalBasis,
    scopes: JSON.stringify(link.scopes),
    expires_at: link.expiresAt,
    return_url: link.returnUrl,
    state: state ?? null,
    asked_at: link.askedAt,
  };
  await db.insertInto('consent_links').values(row).execute();
}

/** The link, while nobody has answered it. */
export async function readFreeLink(db: Database, id: ConsentId): Promise<ConsentLink | undefined> {
  const row = await db
    .selectFrom('consent_links')
    .leftJoin('consent_link_persons', 'consent_link_persons.consent_id', 'consent_links.consent_id')
    .selectAll('consent_links')
    .where('consent_links.consent_id', '=', id)
    .where('consent_link_persons.consent_id', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.consent_id as ConsentId,
    clientId: row.client_id as ClientId,
    purpose: row.purpose,
    kind: row.kind as ConsentKind,
    legalBasis: row.legal_basis as LegalBasis,
    scopes: row.scopes as unknown as ScopeName[],
    expiresAt: row.expires_at,
    returnUrl: row.return_url,
    ...(row.state !== null && { state: row.state }),
    askedAt: row.asked_at,
  };
}

/** Whether the link became that person's; of two in the same moment one is too late. */
export async function takeLink(db: Database, id: ConsentId, subject: SubjectKey): Promise<boolean> {
  const inserted = await db
    .insertInto('consent_link_persons')
    .values({ consent_id: id, subject })
    .onConflict((known) => known.doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}
