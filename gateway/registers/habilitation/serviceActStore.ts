import type { Kysely } from '../../platform/database/database.ts';
import type { ClientId } from '../../platform/ids.ts';
import type { HabilitationTables } from './habilitationTables.ts';

export type ServiceActType =
  'REGISTERED' | 'CONTACTS_CHANGED' | 'RETURN_URL_ADDED' | 'RETURN_URL_REMOVED' | 'SECRET_MADE' | 'SECRET_ENDED';

/** Who changed a service's account, and what. */
export interface ServiceAct {
  readonly type: ServiceActType;
  readonly clientId: ClientId;
  /** ISO 8601 instant in UTC; set when it is written. */
  readonly at?: string;
  readonly actor:
    { readonly role: 'operator' } | { readonly role: 'agent'; readonly agent: string; readonly siret: string };
  /** What it became; never a secret. */
  readonly about?: string;
}

type Database = Kysely<HabilitationTables>;

export async function appendServiceAct(db: Database, { type, clientId, at, actor, about }: ServiceAct): Promise<void> {
  const row = { client_id: clientId, type, at: at!, actor: JSON.stringify(actor), about: about ?? null };
  await db.insertInto('service_acts').values(row).execute();
}

/** All that was changed, oldest first. */
export async function readServiceActs(db: Database, clientId: ClientId): Promise<readonly ServiceAct[]> {
  const rows = await db
    .selectFrom('service_acts')
    .selectAll()
    .where('client_id', '=', clientId)
    .orderBy('act_id')
    .execute();
  return rows.map(({ type, at, actor, about }) => ({
    type,
    clientId,
    at,
    actor: actor as unknown as ServiceAct['actor'],
    ...(about !== null && { about }),
  }));
}

export async function insertService(
  db: Database,
  service: {
    readonly clientId: ClientId;
    readonly name: string;
    readonly siret: string;
    readonly address: string;
    readonly contact: string;
    readonly credentials: readonly { readonly issuer: string; readonly clientId: string }[];
  },
): Promise<void> {
  const { clientId: client_id, name, siret, address, contact } = service;
  await db.insertInto('services').values({ client_id, name, siret, address, contact }).execute();
  for (const { issuer, clientId } of service.credentials) {
    await db.insertInto('service_credentials').values({ issuer, credential_client_id: clientId, client_id }).execute();
  }
}

export async function updateContacts(
  db: Database,
  clientId: ClientId,
  contacts: { readonly address: string; readonly contact: string },
): Promise<void> {
  await db.updateTable('services').set(contacts).where('client_id', '=', clientId).execute();
}

export async function updateSiret(db: Database, clientId: ClientId, siret: string): Promise<void> {
  await db.updateTable('services').set({ siret }).where('client_id', '=', clientId).execute();
}

export async function insertReturnUrl(db: Database, clientId: ClientId, url: string): Promise<void> {
  await db
    .insertInto('service_return_urls')
    .values({ client_id: clientId, url })
    .onConflict((known) => known.doNothing())
    .execute();
}

export async function deleteReturnUrl(db: Database, clientId: ClientId, url: string): Promise<void> {
  await db.deleteFrom('service_return_urls').where('client_id', '=', clientId).where('url', '=', url).execute();
}
