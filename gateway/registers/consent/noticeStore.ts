import { sql } from 'kysely';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { Consent, GiveConsent } from './consent.ts';
import type { ConsentTables } from './consentTables.ts';
import { foldConsents } from './consentState.ts';
import { readEvents } from './consentStore.ts';

/**
 * Whether the subject is still to be told of these scopes (CRPA L114-8): no living notice covers them, and the person's last word on a notice was
 * not to decline it, wholly (an objection) or in part (fewer scopes accepted than asked). Only they can take that back.
 */
export async function needsNotice(
  db: Kysely<ConsentTables>,
  { subject, clientId, purpose }: Omit<GiveConsent, 'kind'>,
  scopes: readonly ScopeName[],
  nowMs: number,
): Promise<boolean> {
  const entries = foldConsents(await readEvents(db, subject, { clientId, purpose }), nowMs);
  const notices = entries.filter(({ kind }) => kind === 'NOTICE');
  // A request that waits for its answer, or never got one, is the service's word and not the person's.
  const decided = notices.filter(({ acts }) => acts.some(({ type }) => type !== 'REQUESTED'));
  const last = decided.sort((one, other) => (decidedAt(one) < decidedAt(other) ? -1 : 1)).at(-1);
  if (last !== undefined && hasDeclined(last)) return false;
  const told = new Set(notices.filter(({ status }) => status === 'ACTIVE').flatMap((notice) => notice.scopes));
  return scopes.some((scope) => !told.has(scope));
}

function decidedAt({ acts }: Consent): string {
  return acts.at(-1)!.at;
}

function hasDeclined({ status, acts, scopes }: Consent): boolean {
  return status === 'OBJECTED' || (status === 'ACTIVE' && acts[0]!.scopes.some((scope) => !scopes.includes(scope)));
}

/** Waits until no other transaction has these entries locked; free again when this one ends. `about` names subject, service and purpose. */
export async function lockEntries(db: Kysely<ConsentTables>, about: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${about}, 0))`.execute(db);
}
