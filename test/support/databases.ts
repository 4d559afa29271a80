import { afterAll, beforeAll, describe } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { type Database, type Kysely, openDatabase } from '../../gateway/platform/database/database.ts';
import { TEST_NATS_URL } from './nats.ts';
import { type TestPostgres, startPostgres } from './postgres.ts';

export const HUB_MIGRATIONS = fileURLToPath(new URL('../../gateway/platform/database/migrations', import.meta.url));

/** What a suite gets: one database for all its tests, and as many empty, migrated schemas in it as it wants. */
export interface TestDatabases {
  readonly kind: Database['kind'];
  database(): Database;
  /** Another connection to the same data, as a second gateway would have; the embedded database has none and hands itself out. */
  openAnother(): Promise<Database>;
  /** A fresh owner with the hub's tables. */
  freshHub<Tables>(): Promise<{ readonly db: Kysely<Tables>; readonly owner: string }>;
}

/** Nobody shares deliveries by a broker on an embedded database. */
const KINDS: readonly Database['kind'][] = TEST_NATS_URL === undefined ? ['embedded', 'server'] : ['server'];

/** The same suite on the embedded database and on a real PostgreSQL. A database that does not start fails the suite. */
export function describeOnDatabases(name: string, suite: (databases: TestDatabases) => void): void {
  describe.each(KINDS)(`${name} (%s database)`, (kind) => {
    let postgres: TestPostgres | undefined;
    let database: Database;
    let owners = 0;
    const others: Database[] = [];

    beforeAll(async () => {
      postgres = kind === 'server' ? await startPostgres() : undefined;
      database = await openDatabase({ url: postgres?.url });
    }, 60_000);

    suite({
      kind,
      database: () => database,
      async openAnother() {
        if (postgres === undefined) return database;
        const other = await openDatabase({ url: postgres.url });
        others.push(other);
        return other;
      },
      async freshHub<Tables>() {
        const owner = `hub_test_${(owners += 1)}`;
        await database.migrate(owner, HUB_MIGRATIONS);
        return { db: await database.forOwner<Tables>(owner), owner };
      },
    });

    // After the suite's own, which may still need the database.
    afterAll(async () => {
      await Promise.all(others.map((other) => other.close()));
      await database?.close();
      await postgres?.stop();
    }, 60_000);
  });
}
