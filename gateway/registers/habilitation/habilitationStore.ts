import type { Acr } from '../../../schema/acr.ts';
import type { LegalBasis } from '../../../schema/purposes.ts';
import { expandScopes } from '../../../schema/scopes.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { ClientId } from '../../platform/ids.ts';
import type { Habilitation, Service } from './habilitation.ts';
import { appendAct } from './habilitationActStore.ts';
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
  const rows = await db.selectFrom('habilitations').selectAll().orderBy('version', 'desc').execute();
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
  }));
}

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
    .values({
      id,
      version,
      client_id: terms.clientId,
      purpose: terms.purpose,
      scopes: JSON.stringify(terms.scopes),
      legal_basis: terms.legalBasis,
      retention_months: terms.retentionMonths,
      minimum_acr: terms.minimumAcr,
      first_day: terms.firstDay,
      last_day: terms.lastDay,
    })
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
