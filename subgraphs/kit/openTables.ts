import { fileURLToPath } from 'node:url';
import type { Kysely } from 'kysely';
import type { AgencyDatabase, AgencyOptions } from './agencyModule.ts';
import { migrateTables } from './migrateTables.ts';

/**
 * The agency's own tables, brought up to the `migrations/` beside its module (`import.meta.url`). Throws a TypeError without a database, and with
 * the file's name when a migration fails.
 */
export async function openTables<Tables>(
  { database }: Pick<AgencyOptions, 'database'>,
  moduleUrl: string,
): Promise<Kysely<Tables>> {
  if (!database)
    throw new TypeError(`${moduleUrl}: expected a database, got none; set "database": true in agency.json`);
  await migrateTables(database, fileURLToPath(new URL('migrations', moduleUrl)));
  return database as Kysely<Tables>;
}

/** Tables of the kit's own in the agency's schema, which it knows nothing of: their migrations are counted apart, under `name`. */
export function openKitTables(database: AgencyDatabase, moduleUrl: string, name: string): Promise<void> {
  return migrateTables(database, fileURLToPath(new URL('migrations', moduleUrl)), `${name}_migrations`);
}
