import { sql } from 'kysely';
import type { Kysely } from '../../../gateway/platform/database/database.ts';
import type { ConsentTables } from '../../../gateway/registers/consent/consentTables.ts';

/** A statement of the hub's may take five seconds. */
const ROWS_AT_ONCE = 25_000;

/** Adds that many consents of people who never ask, each like the ledger's first one. */
export async function addStrangers(db: Kysely<ConsentTables>, count: number): Promise<void> {
  for (let first = 0; first < count; first += ROWS_AT_ONCE) {
    const last = Math.min(first + ROWS_AT_ONCE, count) - 1;
    await sql`
      INSERT INTO consent_events
        (consent_id, type, at, subject, client_id, purpose, kind, legal_basis, scopes, expires_at)
      SELECT 'con_' || md5('c' || n), type, at, left(md5('s' || n), 30), client_id, purpose, kind, legal_basis, scopes, expires_at
      FROM generate_series(${first}::int, ${last}::int) AS n, (SELECT * FROM consent_events ORDER BY event_id LIMIT 1) AS one`.execute(
      db,
    );
  }
  await sql`ANALYZE consent_events`.execute(db);
}
