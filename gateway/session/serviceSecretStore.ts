import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import type { Kysely } from '../platform/database/database.ts';
import type { ServiceSecrets } from '../registers/habilitation/serviceSecrets.ts';
import { hashOf } from './citizenSession.ts';
import type { SessionTables } from './sessionTables.ts';

/**
 * A service's secrets: two at most, so that a new one can be brought into use before the old one ends. Made here, 256 random bits; only the hash
 * is kept. A client that signs assertions has none.
 */
export function createServiceSecrets(db: Kysely<SessionTables>, clock: Clock): ServiceSecrets {
  const now = () => new Date(clock()).toISOString();
  return {
    async list(clientId) {
      const row = await db
        .selectFrom('session_clients')
        .selectAll()
        .where('client_id', '=', clientId)
        .executeTakeFirst();
      if (row === undefined || row.secret_hash === null) return [];
      const first = { since: row.secret_since ?? undefined };
      return row.second_secret_hash === null ? [first] : [first, { since: row.second_secret_since ?? undefined }];
    },

    async make(clientId) {
      const secret = randomBytes(32).toString('base64url');
      // One statement: of two at once the second finds the place taken.
      const { rows } = await sql`insert into session_clients (client_id, method, secret_hash, secret_since)
        values (${clientId}, 'client_secret_post', ${hashOf(secret)}, ${now()})
        on conflict (client_id) do update
          set second_secret_hash = ${hashOf(secret)}, second_secret_since = ${now()}
          where session_clients.secret_hash is not null and session_clients.second_secret_hash is null
        returning client_id`.execute(db);
      return rows.length === 1 ? secret : undefined;
    },

    async endOlder(clientId) {
      const { rows } = await sql`update session_clients
        set secret_hash = second_secret_hash, secret_since = second_secret_since,
            second_secret_hash = null, second_secret_since = null
        where client_id = ${clientId} and second_secret_hash is not null
        returning client_id`.execute(db);
      return rows.length === 1;
    },
  };
}
