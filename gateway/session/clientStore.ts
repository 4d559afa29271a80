import type { Kysely } from '../platform/database/database.ts';
import { hashOf } from './citizenSession.ts';
import type { Insertable } from 'kysely';
import type { SessionTables } from './sessionTables.ts';

/** How a service proves who it is at the token endpoint. */
export type ClientAuthentication =
  | { readonly method: 'client_secret_post'; readonly secretHashes: readonly string[] }
  | { readonly method: 'private_key_jwt'; readonly jwks: { readonly keys: readonly object[] } };

/** A secret as it is registered: known to the caller, kept as a hash. At least 32 characters. */
export type NewClient =
  | { readonly clientId: string; readonly method: 'client_secret_post'; readonly secret: string }
  | {
      readonly clientId: string;
      readonly method: 'private_key_jwt';
      readonly jwks: { readonly keys: readonly object[] };
    };

const MIN_SECRET_LENGTH = 32;

export async function findClient(
  db: Kysely<SessionTables>,
  clientId: string,
): Promise<ClientAuthentication | undefined> {
  const row = await db.selectFrom('session_clients').selectAll().where('client_id', '=', clientId).executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.secret_hash !== null) {
    const secretHashes = [row.secret_hash, row.second_secret_hash].filter((hash) => hash !== null);
    return { method: 'client_secret_post', secretHashes };
  }
  return { method: 'private_key_jwt', jwks: row.jwks as unknown as { readonly keys: readonly object[] } };
}

/** Registers how services authenticate; what is registered already is replaced, a second secret excepted. Throws a TypeError for a short secret or a private key. */
export async function registerClients(db: Kysely<SessionTables>, clients: readonly NewClient[]): Promise<void> {
  const rows = clients.map(toRow);
  await db.transaction().execute(async (transaction) => {
    for (const row of rows) {
      await transaction
        .insertInto('session_clients')
        .values(row)
        .onConflict((known) => known.column('client_id').doUpdateSet(row))
        .execute();
    }
  });
}

function toRow(client: NewClient): Insertable<SessionTables['session_clients']> {
  const { clientId: client_id, method } = client;
  if (client.method === 'private_key_jwt') {
    if (client.jwks.keys.some((key) => 'd' in key || 'k' in key)) {
      throw new TypeError(`client ${client_id}: expected public keys, got a private one`);
    }
    return { client_id, method, secret_hash: null, jwks: JSON.stringify(client.jwks) };
  }
  if (client.secret.length < MIN_SECRET_LENGTH) {
    throw new TypeError(`client ${client_id}: expected a secret of ${MIN_SECRET_LENGTH} characters or more`);
  }
  return { client_id, method, secret_hash: hashOf(client.secret), jwks: null };
}
