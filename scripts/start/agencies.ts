import { join } from 'node:path';
import type { Database } from '../../gateway/platform/database/database.ts';
import type { AgencyFolder } from '../../subgraphs/kit/agencyFolder.ts';
import { loadAgencyKeys } from '../../subgraphs/kit/agencyKeys.ts';
import type { AgencyDatabase } from '../../subgraphs/kit/agencyModule.ts';
import { listen } from '../../subgraphs/kit/httpServer.ts';
import type { HubKeys } from '../../subgraphs/kit/hubKeys.ts';
import { createKitLog } from '../../subgraphs/kit/log.ts';
import { openAgency } from '../../subgraphs/kit/openAgency.ts';

export interface StartAgencyOptions {
  readonly dataDir: string;
  readonly database: Database;
  readonly hubKeys: HubKeys;
  /** Undefined while the hub does not listen yet. */
  readonly hubOrigin: () => string | undefined;
  readonly operatorCredential: string | undefined;
  /** [the manifest's port] 0 takes any free one. */
  readonly port?: number;
  readonly log: NodeJS.WritableStream;
}

export interface StartedAgency {
  readonly name: string;
  /** `http://host:port/graphql`. */
  readonly url: string;
  close(): Promise<void>;
}

/** One agency of the sandbox on its own port, in this process; its data may come from its fixtures. */
export async function startAgency(folder: AgencyFolder, options: StartAgencyOptions): Promise<StartedAgency> {
  const { name, port } = folder.manifest;
  const subgraph = await openAgency(folder, {
    clock: Date.now,
    log: createKitLog(name, options.log),
    mayLoadFixtures: true,
    hubOrigin: options.hubOrigin,
    authority: {
      ownKeys: await loadAgencyKeys(join(options.dataDir, 'agencies', name, 'keys', 'agency.jwks.json')),
      hubKeys: options.hubKeys,
      operatorCredential: options.operatorCredential,
    },
    ...(folder.manifest.database && { database: await ownSchema(options.database, name) }),
  });
  const server = await listen(subgraph, { port: options.port ?? port });
  return {
    name,
    url: `${server.url}/graphql`,
    async close() {
      await server.close();
      await subgraph.close();
    },
  };
}

/** The schema that belongs to one agency alone; an owner's name has no hyphen (gateway/platform/database). */
export function ownSchema(database: Database, name: string): Promise<AgencyDatabase> {
  return database.forOwner(`agency_${name.replaceAll('-', '_')}`);
}

export function agencyLabels(folders: readonly AgencyFolder[]): ReadonlyMap<string, AgencyFolder['manifest']['label']> {
  return new Map(folders.map(({ manifest }) => [manifest.name, manifest.label]));
}

export function agencyTimeouts(folders: readonly AgencyFolder[]): ReadonlyMap<string, number> {
  return new Map(folders.map(({ manifest }) => [manifest.name, manifest.timeoutMs]));
}
