import { sql } from 'kysely';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { GiveConsent } from './consent.ts';
import type { ConsentTables } from './consentTables.ts';
import { foldConsents } from './consentState.ts';
import { readEvents } from './consentStore.ts';

/**
 * Whether the subject is still to be told of these scopes (CRPA L114-8): no living notice covers them, and the last notice was not objected to. Who has
 * objected has said what they think of it; only they can take that back.
 */
export async function needsNotice(
  db: Kysely<ConsentTables>,
  { subject, clientId, purpose }: Omit<GiveConsent, 'kind'>,
  scopes: readonly ScopeName[],
  nowMs: number,
): Promise<boolean> {
  const entries = foldConsents(await readEvents(db, subject, { clientId, purpose }), nowMs);
  const notices = entries.filter(({ kind }) => kind === 'NOTICE');
  if (notices.at(-1)?.status === 'OBJECTED') return false;
  const told = new Set(notices.filter(({ status }) => status === 'ACTIVE').flatMap((notice) => notice.scopes));
  return scopes.some((scope) => !told.has(scope));
}

/** Waits until no other transaction has these entries locked; free again when this one ends. `about` names subject, service and purpose. */
export async function lockEntries(db: Kysely<ConsentTables>, about: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${about}, 0))`.execute(db);
}
