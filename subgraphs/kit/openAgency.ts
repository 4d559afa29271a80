import { join } from 'node:path';
import { loadAgencyModule, type AgencyFolder } from './agencyFolder.ts';
import type { AgencyManifest } from '../../schema/agencyManifest.ts';
import type { AgencyDatabase, AgencyDefinition, Clock } from './agencyModule.ts';
import type { AuthorityOptions } from './authority.ts';
import { createSubgraph, type Subgraph } from './createSubgraph.ts';
import { openInbox, type Inbox } from './inbox/inbox.ts';
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
  /** Origin of the hub, for an agency that takes declarations and tells what became of them; undefined while it is not known [never known]. */
  readonly hubOrigin?: () => string | undefined;
  /** Pause between two pulls of an agency that pulls, ms [5000]. */
  readonly pullEveryMs?: number;
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
  const inbox = await openInboxOf(manifest, definition, { ...options, log });
  return createSubgraph({
    ...definition,
    name: manifest.name,
    typeDefs,
    clock,
    log,
    authority,
    timeoutMs: manifest.timeoutMs,
    ...(inbox && { inbox }),
  });
}

/** Throws a TypeError when the manifest takes declarations and the module does not, or has nowhere to keep them. */
async function openInboxOf(
  { name, declarations: [takes] }: AgencyManifest,
  { onDeclaration, findPersons, matches }: AgencyDefinition,
  options: OpenAgencyOptions & { readonly log: KitLog },
): Promise<Inbox | undefined> {
  if (!takes) return undefined;
  const { database, clock, log, authority, hubOrigin = () => undefined, pullEveryMs } = options;
  if (!onDeclaration)
    throw new TypeError(`${name}: agency.json has "declarations", but agency.ts gives no onDeclaration`);
  if (!database)
    throw new TypeError(`${name}: agency.json has "declarations": set "database": true, they are kept in SQL`);
  return openInbox({
    agency: name,
    takes,
    handler: onDeclaration,
    database,
    authority,
    clock,
    log,
    hubOrigin,
    ...(findPersons && { findPersons }),
    ...(matches && { matches }),
    ...(pullEveryMs !== undefined && { pullEveryMs }),
  });
}
