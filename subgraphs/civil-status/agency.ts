import type { AgencyModule } from '../kit/agencyModule.ts';
import { loadCommuneNames } from './communes.ts';
import { openFixtureSource } from './fixtureSource.ts';
import { createLoaders } from './loaders.ts';
import { createResolvers } from './resolvers.ts';

export const agency: AgencyModule = {
  async open({ fixturesDir, clock }) {
    const [source, communeName] = await Promise.all([openFixtureSource(fixturesDir, clock), loadCommuneNames()]);
    return {
      findPersons: (identities) => source.findPersons(identities),
      loaders: () => createLoaders(source),
      resolvers: createResolvers(communeName),
    };
  },
};
