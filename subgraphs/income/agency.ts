import type { AgencyModule } from '../kit/agencyModule.ts';
import { openFixtureSource } from './fixtureSource.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

export const agency: AgencyModule = {
  async open({ fixturesDir, clock }) {
    const source = await openFixtureSource(fixturesDir, clock);
    return {
      findPersons: (identities) => source.findPersons(identities),
      loaders: () => createLoaders(source),
      resolvers,
    };
  },
};
