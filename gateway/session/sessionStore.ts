import type { Selectable } from 'kysely';
import type { Acr } from '../../schema/acr.ts';
import type { ScopeName } from '../../schema/scopes.ts';
import { type Kysely, notify } from '../platform/database/database.ts';
import type { ClientId, SubjectKey } from '../platform/ids.ts';
import type { CitizenSession } from './citizenSession.ts';
import type { SessionTables } from './sessionTables.ts';

type Database = Kysely<SessionTables>;

/** Told of every session that ends before its time; payload: id and end of the session, by a space. */
export const REVOKED_CHANNEL = 'session_revoked';

export async function insertSession(db: Database, session: CitizenSession, refreshHash: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('citizen_sessions')
      .values({
        session_id: session.id,
        client_id: session.clientId,
        subject: session.subject,
        purpose: session.purpose,
        scopes: JSON.stringify(session.scopes),
        acr: session.acr,
        sealed_identity: session.sealedIdentity,
        jkt: session.jkt ?? null,
        started_at: session.startedAtMs,
        ends_at: session.endsAtMs,
        revoked_at: null,
      })
      .execute();
    await insertRefreshToken(transaction, session.id, refreshHash);
  });
}

export interface StoredRefreshToken {
  readonly session: CitizenSession;
  readonly isUsed: boolean;
  readonly isRevoked: boolean;
}

export async function findRefreshToken(db: Database, hash: string): Promise<StoredRefreshToken | undefined> {
  const row = await db
    .selectFrom('refresh_tokens')
    .innerJoin('citizen_sessions', 'citizen_sessions.session_id', 'refresh_tokens.session_id')
    .selectAll('citizen_sessions')
    .select('refresh_tokens.used_at')
    .where('refresh_tokens.token_hash', '=', hash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { session: toSession(row), isUsed: row.used_at !== null, isRevoked: row.revoked_at !== null };
}

/** Uses one token up and puts the next in its place; of two who try at once one resolves to false. */
export async function rotateRefreshToken(
  db: Database,
  used: { readonly hash: string; readonly sessionId: string },
  nextHash: string,
  nowMs: number,
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('refresh_tokens')
      .set({ used_at: nowMs })
      .where('token_hash', '=', used.hash)
      .where('used_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) return false;
    await insertRefreshToken(transaction, used.sessionId, nextHash);
    return true;
  });
}

/** Ends a session and tells every node; a session that is over or unknown stays as it is. */
export async function endSession(db: Database, sessionId: string, nowMs: number): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const ended = await transaction
      .updateTable('citizen_sessions')
      .set({ revoked_at: nowMs })
      .where('session_id', '=', sessionId)
      .where('revoked_at', 'is', null)
      .returning('ends_at')
      .executeTakeFirst();
    if (ended === undefined) return;
    await notify(transaction as unknown as Kysely<never>, REVOKED_CHANNEL, `${sessionId} ${ended.ends_at}`);
  });
}

/** Revoked sessions of which a token may still be good. */
export async function readRevoked(
  db: Database,
  nowMs: number,
): Promise<readonly { readonly id: string; readonly endsAtMs: number }[]> {
  const rows = await db
    .selectFrom('citizen_sessions')
    .select(['session_id', 'ends_at'])
    .where('revoked_at', 'is not', null)
    .where('ends_at', '>', nowMs)
    .execute();
  return rows.map((row) => ({ id: row.session_id, endsAtMs: row.ends_at }));
}

/** What the hub knew of a session goes when nothing of it can be used any more. */
export async function deleteEndedSessions(db: Database, beforeMs: number): Promise<void> {
  await db.deleteFrom('citizen_sessions').where('ends_at', '<', beforeMs).execute();
}

async function insertRefreshToken(db: Database, sessionId: string, hash: string): Promise<void> {
  await db.insertInto('refresh_tokens').values({ token_hash: hash, session_id: sessionId, used_at: null }).execute();
}

function toSession(row: Selectable<SessionTables['citizen_sessions']>): CitizenSession {
  return {
    id: row.session_id,
    clientId: row.client_id as ClientId,
    subject: row.subject as SubjectKey,
    purpose: row.purpose,
    scopes: row.scopes as unknown as readonly ScopeName[],
    acr: row.acr as Acr,
    sealedIdentity: row.sealed_identity,
    jkt: row.jkt ?? undefined,
    startedAtMs: row.started_at,
    endsAtMs: row.ends_at,
  };
}
