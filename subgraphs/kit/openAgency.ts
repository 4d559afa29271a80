import { join } from 'node:path';
import { loadAgencyModule, type AgencyFolder } from './agencyFolder.ts';
import type { AgencyDatabase, Clock } from './agencyModule.ts';
import type { AuthorityOptions } from './authority.ts';
import { createSubgraph, type Subgraph } from './createSubgraph.ts';
import { createKitLog, type KitLog } from './log.ts';

export interface OpenAgencyOptions {
  readonly clock: Clock;
  readonly authority: AuthorityOptions;
  /** [standard output] */
  readonly log?: KitLog;
  /** Needed when the manifest says `"database": true`. */
  readonly database?: AgencyDatabase;
  /** Where HUB_ENV is sandbox or test [false]. */
  readonly mayLoadFixtures?: boolean;
  /** [`fixtures/` in the agency's folder] */
  readonly fixturesDir?: string;
}

/** Starts any agency folder: loads its module, opens its system, builds its subgraph. `listen` (httpServer.ts) puts it on a port. */
export async function openAgency(folder: AgencyFolder, options: OpenAgencyOptions): Promise<Subgraph> {
  const { manifest, typeDefs, path } = folder;
  const { clock, authority, database, mayLoadFixtures = false, fixturesDir = join(path, 'fixtures') } = options;
  const log = options.log ?? createKitLog(manifest.name);
  if (manifest.database && !database) {
    throw new TypeError(
      `${manifest.name}: agency.json says "database": true, but no database was handed to openAgency`,
    );
  }
  const agency = await loadAgencyModule(folder);
  const definition = await agency.open({ fixturesDir, clock, log, mayLoadFixtures, ...(database && { database }) });
  return createSubgraph({
    ...definition,
    name: manifest.name,
    typeDefs,
    clock,
    log,
    authority,
    timeoutMs: manifest.timeoutMs,
  });
}
