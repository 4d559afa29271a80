import { z } from 'zod';
import { ACR_LEVELS } from '../../../schema/acr.ts';
import { findPurpose } from '../../../schema/purposes.ts';
import { expandScopes } from '../../../schema/scopes.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { ClientId } from '../../platform/ids.ts';
import { addServices, readServices } from './habilitationStore.ts';
import type { HabilitationTables } from './habilitationTables.ts';
import { deleteReturnUrl, readServiceActs } from './serviceActStore.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const seedsSchema = z.object({
  services: z.array(
    z.strictObject({
      clientId: z.string().min(1),
      name: z.string().min(1),
      siret: z.string().regex(/^\d{14}$/),
      address: z.string().min(1).optional(),
      contact: z.string().min(1).optional(),
      credentials: z.array(z.strictObject({ issuer: z.string().min(1), clientId: z.string().min(1) })),
      returnUrls: z.array(z.url({ protocol: /^https?$/ })).default([]),
    }),
  ),
  habilitations: z.array(
    z.strictObject({
      id: z.string().min(1),
      version: z.number().int().positive(),
      clientId: z.string().min(1),
      purpose: z.string().refine((name) => findPurpose(name) !== undefined, 'is no purpose of the treaty'),
      // A scope that nobody knows opens nothing and is a mistake of the seed: better found here than by its silence.
      scopes: z.array(z.string().refine((name) => expandScopes([name]).size > 0, 'is no scope of the treaty')).min(1),
      legalBasis: z.enum(['INFORMATION_L114_8', 'CONSENT_RGPD_6_1_A', 'RIGHT_OF_ACCESS_RGPD_15', 'HUB_OPERATION']),
      retentionMonths: z.number().int().nonnegative(),
      minimumAcr: z.enum(ACR_LEVELS),
      firstDay: day,
      lastDay: day,
    }),
  ),
});

/**
 * Loads the sandbox's services and habilitations; twice is as good as once. Only for HUB_ENV=sandbox and tests: the caller sees to it.
 * `seeds` has its moving days and the issuer's address already filled in (seeds.ts). Throws a TypeError for seeds of another shape.
 */
export async function seedHabilitations(db: Kysely<HabilitationTables>, seeds: unknown): Promise<void> {
  const result = seedsSchema.safeParse(seeds);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `"${issue.path.join('.')}" ${issue.message}`);
    throw new TypeError(`hub seeds: ${faults.join('; ')}`);
  }
  const { services, habilitations } = result.data;
  await addServices(
    db,
    services.map(({ address, contact, ...service }) => ({
      ...service,
      ...(address && { address }),
      ...(contact && { contact }),
      clientId: service.clientId as ClientId,
    })),
    habilitations.map((habilitation) => ({ ...habilitation, clientId: habilitation.clientId as ClientId })),
  );
  for (const { clientId, returnUrls } of services) await dropFormerPorts(db, clientId as ClientId, returnUrls);
}

const LOCAL_PORT = /^(http:\/\/127\.0\.0\.1):\d+\//;

/** A front end at any free port has another one at each start: where people came back to at an earlier one goes, unless somebody entered it by an act. */
async function dropFormerPorts(
  db: Kysely<HabilitationTables>,
  clientId: ClientId,
  returnUrls: readonly string[],
): Promise<void> {
  const portless = (url: string) => url.replace(LOCAL_PORT, '$1/');
  const kept = new Set([...returnUrls, ...(await readServiceActs(db, clientId)).map(({ about }) => about)]);
  const seeded = new Set(returnUrls.filter((url) => LOCAL_PORT.test(url)).map(portless));
  const service = (await readServices(db)).find((one) => one.clientId === clientId);
  for (const url of service?.returnUrls ?? []) {
    if (!kept.has(url) && seeded.has(portless(url))) await deleteReturnUrl(db, clientId, url);
  }
}
