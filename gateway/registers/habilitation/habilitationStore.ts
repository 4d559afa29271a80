import { sql } from 'kysely';
import type { Acr } from '../../../schema/acr.ts';
import type { LegalBasis } from '../../../schema/purposes.ts';
import { expandScopes } from '../../../schema/scopes.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { ClientId } from '../../platform/ids.ts';
import type { Habilitation, Service } from './habilitation.ts';
import { appendAct, versionRow } from './habilitationActStore.ts';
import type { HabilitationTables } from './habilitationTables.ts';

export async function readServices(db: Kysely<HabilitationTables>): Promise<readonly Service[]> {
  const services = await db.selectFrom('services').selectAll().execute();
  const credentials = await db.selectFrom('service_credentials').selectAll().execute();
  const returnUrls = await db.selectFrom('service_return_urls').selectAll().orderBy('url').execute();
  return services.map(({ client_id: clientId, name, siret, address, contact }) => ({
    clientId: clientId as ClientId,
    name,
    siret,
    ...(address !== null && { address }),
    ...(contact !== null && { contact }),
    credentials: credentials
      .filter((credential) => credential.client_id === clientId)
      .map((credential) => ({ issuer: credential.issuer, clientId: credential.credential_client_id })),
    returnUrls: returnUrls.filter((row) => row.client_id === clientId).map(({ url }) => url),
  }));
}

/** Every version, newest first. */
export async function readHabilitations(db: Kysely<HabilitationTables>): Promise<readonly Habilitation[]> {
  const rows = await db
    .selectFrom('habilitations')
    .selectAll()
    .select(CALLS_PER_MINUTE.as('calls_per_minute'))
    .orderBy('version', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    clientId: row.client_id as ClientId,
    purpose: row.purpose,
    scopes: expandScopes(row.scopes as unknown as string[]),
    legalBasis: row.legal_basis as LegalBasis,
    retentionMonths: row.retention_months,
    minimumAcr: row.minimum_acr as Acr,
    firstDay: row.first_day,
    lastDay: row.last_day,
    ...(row.calls_per_minute !== null && { callsPerMinute: row.calls_per_minute }),
  }));
}

/** What was asked for last before the validation that made this version: the n-th made the n-th. */
const CALLS_PER_MINUTE = sql<number | null>`(
  select (asked.terms -> 'file' ->> 'callsPerMinute')::integer from habilitation_acts asked
  where asked.habilitation_id = habilitations.id and asked.terms is not null and asked.act_id < (
    select validated.act_id from habilitation_acts validated
    where validated.habilitation_id = habilitations.id and validated.type = 'VALIDATED'
    order by validated.act_id offset habilitations.version - 1 limit 1)
  order by asked.act_id desc limit 1)`;

/** Adds what is not there yet; what is there stays as it is. All or nothing. */
export async function addServices(
  db: Kysely<HabilitationTables>,
  services: readonly Service[],
  habilitations: readonly (Omit<Habilitation, 'scopes'> & { readonly scopes: readonly string[] })[],
): Promise<void> {
  const credentials = services.flatMap((service) => {
    return service.credentials.map(({ issuer, clientId }) => ({
      issuer,
      credential_client_id: clientId,
      client_id: service.clientId,
    }));
  });
  const returnUrls = services.flatMap(({ clientId, returnUrls: urls = [] }) => {
    return urls.map((url) => ({ client_id: clientId, url }));
  });
  await db.transaction().execute(async (transaction) => {
    for (const { clientId, name, siret, address = null, contact = null } of services) {
      const row = { client_id: clientId, name, siret, address, contact };
      await transaction
        .insertInto('services')
        .values(row)
        .onConflict((known) => known.doNothing())
        .execute();
    }
    for (const row of credentials) {
      await transaction
        .insertInto('service_credentials')
        .values(row)
        .onConflict((known) => known.doNothing())
        .execute();
    }
    for (const row of returnUrls) {
      await transaction
        .insertInto('service_return_urls')
        .values(row)
        .onConflict((known) => known.doNothing())
        .execute();
    }
    for (const habilitation of habilitations) await addHabilitation(transaction, habilitation, services);
  });
}

/** As if it had been asked for and validated on its first day, so that it can be followed, reopened and revoked like any other. */
async function addHabilitation(
  db: Kysely<HabilitationTables>,
  habilitation: Omit<Habilitation, 'scopes'> & { readonly scopes: readonly string[] },
  services: readonly Service[],
): Promise<void> {
  const { id, version, ...terms } = habilitation;
  const { numInsertedOrUpdatedRows: added } = await db
    .insertInto('habilitations')
    .values(versionRow(id, version, terms))
    .onConflict((known) => known.doNothing())
    .executeTakeFirst();
  if (added === 0n) return;
  const siret = services.find(({ clientId }) => clientId === terms.clientId)?.siret ?? '';
  const at = `${terms.firstDay}T08:00:00.000Z`;
  const applicant = { agent: SEEDED, siret, role: 'applicant' } as const;
  await appendAct(db, id, { type: 'DRAFTED', at, actor: applicant, terms });
  await appendAct(db, id, { type: 'SUBMITTED', at, actor: applicant });
  await appendAct(db, id, { type: 'VALIDATED', at, actor: { ...applicant, siret: '', role: 'instructor' } });
}

/** Stands for the agents of acts that nobody did. */
const SEEDED = 'seed';
