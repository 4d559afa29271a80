import { fileURLToPath } from 'node:url';
import type { Kysely } from 'kysely';
import type { AgencyModule } from '../kit/agencyModule.ts';
import { migrateTables } from '../kit/migrateTables.ts';
import { createLoaders } from './loaders.ts';
import { loadFixtures } from './loadFixtures.ts';
import { resolvers } from './resolvers.ts';
import { createSqlSource } from './sqlSource.ts';
import type { Tables } from './tables.ts';

const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url));

export const agency: AgencyModule = {
  async open({ fixturesDir, clock, database, mayLoadFixtures = false }) {
    if (!database) throw new TypeError('address: expected a database, got none');
    await migrateTables(database, MIGRATIONS);
    const tables = database as Kysely<Tables>;
    if (mayLoadFixtures) await loadFixtures(tables, fixturesDir, clock);
    const source = createSqlSource(tables);
    return {
      findPersons: (identities) => source.findPersons(identities),
      loaders: ({ clock: requestClock }) => createLoaders(source, requestClock),
      resolvers,
    };
  },
};
