import type { PurposeName } from '../../../schema/purposes.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { ClientId } from '../../platform/ids.ts';
import type { Habilitation, HabilitationRegister, Service } from './habilitation.ts';
import { readHabilitations, readServices } from './habilitationStore.ts';
import type { HabilitationTables } from './habilitationTables.ts';

export interface LoadedHabilitationRegister extends HabilitationRegister {
  /** Reads everything again, and swaps it in as a whole; rejects, keeping what it has, when the database does not answer. */
  reload(): Promise<void>;
}

/**
 * Who may ask what, held in memory: every request asks three times, and the whole register of 1,500 administrations is a few megabytes.
 * Rejects when the database does not answer: a hub that does not know its services does not start.
 */
export async function openHabilitationRegister(db: Kysely<HabilitationTables>): Promise<LoadedHabilitationRegister> {
  let held = await load(db);
  return {
    findService: (issuer, clientId) => held.serviceByCredential.get(pair(issuer, clientId)),
    getService: (clientId) => held.serviceByClientId.get(clientId),
    findHabilitation(clientId, purpose, day) {
      const versions = held.versionsByPurpose.get(pair(clientId, purpose)) ?? [];
      return versions.find(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);
    },
    async reload() {
      held = await load(db);
    },
  };
}

interface Held {
  readonly serviceByCredential: ReadonlyMap<string, Service>;
  readonly serviceByClientId: ReadonlyMap<ClientId, Service>;
  /** Newest version first: on a day that two versions cover the newer one counts. */
  readonly versionsByPurpose: ReadonlyMap<string, readonly Habilitation[]>;
}

async function load(db: Kysely<HabilitationTables>): Promise<Held> {
  const services = await readServices(db);
  const habilitations = await readHabilitations(db);
  return {
    serviceByClientId: new Map(services.map((service) => [service.clientId, service])),
    serviceByCredential: new Map(
      services.flatMap((service) => {
        return service.credentials.map(({ issuer, clientId }) => [pair(issuer, clientId), service] as const);
      }),
    ),
    versionsByPurpose: byPurpose(habilitations),
  };
}

function byPurpose(habilitations: readonly Habilitation[]): ReadonlyMap<string, readonly Habilitation[]> {
  const groups = new Map<string, Habilitation[]>();
  for (const habilitation of habilitations) {
    const key = pair(habilitation.clientId, habilitation.purpose);
    groups.set(key, [...(groups.get(key) ?? []), habilitation]);
  }
  return groups;
}

/** Neither part can hold a line feed: issuers are URLs, the rest are names. */
function pair(one: string, other: PurposeName): string {
  return `${one}\n${other}`;
}
