import type { Kysely } from '../../platform/database/database.ts';
import type { ClientId } from '../../platform/ids.ts';
import { addServices } from './habilitationStore.ts';
import type { HabilitationTables } from './habilitationTables.ts';
import { updateSiret } from './serviceActStore.ts';

/** The hub as agencies see it ask: one service among others. */
const SERVICE = { clientId: 'hub' as ClientId, name: 'Trait d’Union', credentials: [] };

/** As long as there is a hub: what it asks for itself ends with it, or by an instructor's revocation. */
const HABILITATION = {
  id: 'hab-hub-1',
  version: 1,
  clientId: SERVICE.clientId,
  purpose: 'relation-proof',
  scopes: ['hub_liens_familiaux'],
  legalBasis: 'HUB_OPERATION',
  retentionMonths: 0,
  minimumAcr: 'eidas1',
  firstDay: '2025-01-01',
  lastDay: '9999-12-31',
} as const;

/**
 * Enters the hub as a client of itself, with its habilitation for relation proofs: nobody could come and ask for it, since the purpose is reserved and
 * the service has no credential. At each start; a habilitation that is there, changed or revoked, stays as it is, and the SIRET is the one given last.
 */
export async function registerHub(db: Kysely<HabilitationTables>, siret: string): Promise<void> {
  await addServices(db, [{ ...SERVICE, siret }], [HABILITATION]);
  await updateSiret(db, SERVICE.clientId, siret);
}
