import type { AgencyContext, Person, Resolvers } from '../kit/agencyModule.ts';
import type { Loaders } from './loaders.ts';
import type { DeclaredAddress, Declarer } from './source.ts';

export const resolvers: Resolvers = {
  Citizen: {
    addresses: (
      { record }: Person<Declarer>,
      _args: Readonly<Record<string, never>>,
      { loaders }: AgencyContext<Loaders>,
    ) => (record ? loaders.addressesByPerson.load(record.personId) : null),
  },
  DeclaredAddress: {
    source: () => 'Service des changements de coordonnées',
    asOf: ({ declaredOn }: DeclaredAddress) => declaredOn,
  },
};
