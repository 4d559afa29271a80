import type { AgencyModule } from '../kit/agencyModule.ts';
import { openTables } from '../kit/openTables.ts';
import { createLoaders } from './loaders.ts';
import { loadFixtures } from './loadFixtures.ts';
import { moveStore } from './moveStore.ts';
import { resolvers } from './resolvers.ts';
import { createSqlSource } from './sqlSource.ts';
import type { Tables } from './tables.ts';

export const agency: AgencyModule = {
  async open(options) {
    const tables = await openTables<Tables>(options, import.meta.url);
    if (options.mayLoadFixtures) await loadFixtures(tables, options.fixturesDir, options.clock);
    const source = createSqlSource(tables);
    return {
      findPersons: (identities) => source.findPersons(identities),
      loaders: ({ clock }) => createLoaders(source, clock),
      onDeclaration: moveStore,
      resolvers,
    };
  },
};
