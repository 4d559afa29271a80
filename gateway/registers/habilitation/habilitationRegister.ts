import type { PurposeName } from '../../../schema/purposes.ts';
import { type ChangeFeed, openChangeFeed } from '../../platform/database/changeFeed.ts';
import type { Database, Kysely } from '../../platform/database/database.ts';
import { HubError } from '../../platform/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ClientId } from '../../platform/ids.ts';
import type { Habilitation, HabilitationRegister, Service } from './habilitation.ts';
import { type HabilitationAct, type HabilitationRequest, faultOfAct, foldRequest } from './habilitationRequest.ts';
import { appendAct, appendVersion, lockRequest, readActs, readAllActs, readRevoked } from './habilitationActStore.ts';
import { readHabilitations, readServices } from './habilitationStore.ts';
import type { HabilitationTables } from './habilitationTables.ts';
import { type ServiceAct, appendServiceAct, readServiceActs } from './serviceActStore.ts';

export interface LoadedHabilitationRegister extends HabilitationRegister {
  /** Reads everything again, and swaps it in as a whole; rejects, keeping what it has, when the database does not answer. */
  reload(): Promise<void>;
  findRequest(id: string): Promise<HabilitationRequest | undefined>;
  /** Every request of those services, newest first; of all services without a list. */
  listRequests(of?: readonly ClientId[]): Promise<readonly HabilitationRequest[]>;
  listServices(): readonly Service[];
  /** What is in force on that day by this very request. */
  findVersion(id: string, dayInParis: string): Habilitation | undefined;
  /** Runs a change of services in one transaction, writes down who did it, and tells every node before it resolves. */
  changeServices(act: ServiceAct, change: (transaction: Kysely<HabilitationTables>) => Promise<void>): Promise<void>;
  listServiceActs(clientId: ClientId): Promise<readonly ServiceAct[]>;
  /**
   * Does an act on a request for a habilitation, and records it. What it puts in force or ends is so for every node's next request once it
   * resolves. Throws HubError HUB_HABILITATION_ACT_REFUSED with `detailKey` when that actor may not do that now; then nothing has changed.
   */
  act(id: string, act: Omit<HabilitationAct, 'at'>): Promise<HabilitationRequest>;
  close(): Promise<void>;
}

/**
 * Who may ask what, held in memory: every request asks three times, and the whole register of 1,500 administrations is a few megabytes.
 * Rejects when the database does not answer: a hub that does not know its services does not start. With `database` it follows what other nodes
 * change, and refuses (HUB_LEDGER_UNAVAILABLE) while it cannot know.
 */
export async function openHabilitationRegister(
  db: Kysely<HabilitationTables>,
  {
    database,
    clock = Date.now,
  }: { readonly database?: Pick<Database, 'listen' | 'kind'>; readonly clock?: Clock } = {},
): Promise<LoadedHabilitationRegister> {
  let held = await load(db);
  let loads = 0;
  let loaded = 0;
  /** Of two loads under way the one that began later counts, whichever ends first. */
  async function reload(): Promise<void> {
    const number = (loads += 1);
    const fresh = await load(db);
    if (number < loaded) return;
    loaded = number;
    held = fresh;
  }
  const feed: ChangeFeed | undefined =
    database &&
    (await openChangeFeed({
      database,
      db: db as unknown as Kysely<never>,
      topic: 'habilitation',
      // While notifications may be missed, renewals of the lease bring every change.
      listener: { forget: reload, forgetAll: reload, suspend: () => {}, resume: () => {} },
    }));

  return {
    findService: (issuer, clientId) => held.serviceByCredential.get(pair(issuer, clientId)),
    getService: (clientId) => held.serviceByClientId.get(clientId),
    findHabilitation(clientId, purpose, day) {
      if (feed?.holdsLease() === false)
        throw new HubError('HUB_LEDGER_UNAVAILABLE', { detail: 'this node has no lease' });
      const versions = held.versionsByPurpose.get(pair(clientId, purpose)) ?? [];
      return versions.find(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);
    },
    reload,
    findRequest: async (id) => foldRequest(id, await readActs(db, id)),
    listRequests: async (of) => {
      const requests = [...(await readAllActs(db, of))].flatMap(([id, acts]) => foldRequest(id, acts) ?? []);
      return requests.sort((one, other) => (one.acts.at(-1)!.at < other.acts.at(-1)!.at ? 1 : -1));
    },
    listServices: () => [...held.serviceByClientId.values()],
    findVersion: (id, day) =>
      [...held.versionsByPurpose.values()]
        .flat()
        .find((version) => version.id === id && version.firstDay <= day && day <= version.lastDay),
    async changeServices(act, write) {
      const change = await db.transaction().execute(async (transaction) => {
        await write(transaction);
        await appendServiceAct(transaction, { ...act, at: new Date(clock()).toISOString() });
        return feed?.announce(transaction as unknown as Kysely<never>, act.clientId);
      });
      await reload();
      if (change !== undefined) await feed!.settle(change);
    },
    listServiceActs: (clientId) => readServiceActs(db, clientId),
    async act(id, input) {
      const { request, change } = await db.transaction().execute(async (transaction) => {
        await lockRequest(transaction, id);
        const acts = await readActs(transaction, id);
        const before = foldRequest(id, acts);
        const clientId = before?.terms.clientId ?? input.terms?.clientId;
        const siret = clientId && held.serviceByClientId.get(clientId)?.siret;
        const fault = faultOfAct(before, input, siret);
        if (fault !== undefined) {
          const extensions = { detailKey: fault.key };
          throw new HubError('HUB_HABILITATION_ACT_REFUSED', { detail: `${id}: ${fault.words}`, extensions });
        }
        const act = { ...input, at: new Date(clock()).toISOString() };
        const after = foldRequest(id, [...acts, act])!;
        await appendAct(transaction, id, act);
        if (act.type === 'VALIDATED') await appendVersion(transaction, id, after.terms);
        const changes = act.type === 'VALIDATED' || act.type === 'REVOKED';
        return {
          request: after,
          change: changes ? await feed?.announce(transaction as unknown as Kysely<never>, id) : undefined,
        };
      });
      await reload();
      if (change !== undefined) await feed!.settle(change);
      return request;
    },
    close: async () => feed?.close(),
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
  const revoked = await readRevoked(db);
  const habilitations = (await readHabilitations(db)).filter(({ id }) => !revoked.has(id));
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
