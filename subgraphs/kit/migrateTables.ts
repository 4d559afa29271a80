import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Migrator, sql, type Kysely, type Migration } from 'kysely';
import type { AgencyDatabase } from './agencyModule.ts';

/**
 * Runs the numbered SQL files of an agency's `migrations/` (`000001_declared_address.sql`) that its schema has not seen, in order, in one
 * transaction. Files name no schema: the database handed to the agency has its own as search path. Throws with the file's name when one
 * fails; then none is applied. `table` remembers which ran.
 */
export async function migrateTables(database: AgencyDatabase, folder: string, table = 'migrations'): Promise<void> {
  const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(database);
  const migrator = new Migrator({
    db: database,
    // Named, because the library looks for its table in every schema it can see, and would take another agency's for this one's.
    migrationTableSchema: rows[0]!.schema,
    migrationTableName: table,
    migrationLockTableName: `${table}_lock`,
    provider: { getMigrations: () => readMigrations(folder) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  throw new Error(`${join(folder, failed ?? '')}: migration failed`, { cause: error });
}

async function readMigrations(folder: string): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const migrations = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      return [file, { up: async (database: Kysely<unknown>) => void (await sql.raw(text).execute(database)) }] as const;
    }),
  );
  return Object.fromEntries(migrations);
}
