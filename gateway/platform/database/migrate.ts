import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kysely, type Migration, Migrator, sql } from 'kysely';

const MIGRATION_NAME = /^\d{6}_[a-z0-9_]+\.sql$/;

/**
 * Runs the numbered SQL files of a folder (`000001_consent_ledger.sql`) that this owner's schema has not seen, in order, all in one
 * transaction. Files are written for the owner's search path: they name no schema. Throws with the file's name when one fails; then none is applied.
 */
export async function migrate(db: Kysely<unknown>, owner: string, folder: string): Promise<void> {
  const migrator = new Migrator({
    db,
    migrationTableSchema: owner,
    migrationTableName: 'migrations',
    migrationLockTableName: 'migrations_lock',
    provider: { getMigrations: () => readMigrations(folder) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  throw new Error(`migration ${failed ?? 'of ' + owner} failed`, { cause: error });
}

async function readMigrations(folder: string): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const misnamed = files.find((file) => !MIGRATION_NAME.test(file));
  if (misnamed !== undefined) throw new TypeError(`${folder}: expected names like 000001_what.sql, got "${misnamed}"`);
  const migrations = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      // A new index on a hundred million rows takes longer than the server backend allows a statement of a request.
      const up = async (db: Kysely<unknown>) =>
        void (await sql.raw(`SET LOCAL statement_timeout = 0; ${text}`).execute(db));
      return [file.slice(0, -'.sql'.length), { up }] as const;
    }),
  );
  return Object.fromEntries(migrations);
}
