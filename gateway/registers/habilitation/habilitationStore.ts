import type { Acr } from '../../../schema/acr.ts';
import type { LegalBasis } from '../../../schema/purposes.ts';
import { expandScopes } from '../../../schema/scopes.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { ClientId } from '../../platform/ids.ts';
import type { Habilitation, Service } from './habilitation.ts';
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
    for (const habilitation of habilitations) {
      await transaction
        .insertInto('habilitations')
        .values({
          id: habilitation.id,
          version: habilitation.version,
          client_id: habilitation.clientId,
          purpose: habilitation.purpose,
          scopes: JSON.stringify(habilitation.scopes),
          legal_basis: habilitation.legalBasis,
          retention_months: habilitation.retentionMonths,
          minimum_acr: habilitation.minimumAcr,
          first_day: habilitation.firstDay,
          last_day: habilitation.lastDay,
        })
        .onConflict((known) => known.doNothing())
        .execute();
    }
  });
}
