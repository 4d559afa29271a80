import { dayInParis } from '../../schema/parisCalendar.ts';
import type { AgencyContext, Person, Resolvers } from '../kit/agencyModule.ts';
import { AgencyInputError } from '../kit/errors.ts';
import { compareAddresses, type ComparedAddress, type Comparison } from './compareAddresses.ts';
import type { Loaders } from './loaders.ts';
import type { Contract, Customer } from './source.ts';

type Context = AgencyContext<Loaders>;
type Args = Readonly<Record<string, never>>;

export const resolvers: Resolvers = {
  Query: {
    verifyAddress: async (
      _root: unknown,
      { address }: { readonly address: ComparedAddress },
      { self, loaders }: Context,
    ): Promise<Comparison | null> => {
      if (!address.streetLine?.trim() && !address.locality?.trim()) throw new AgencyInputError('address.streetLine');
      const caller = (await self()) as Person<Customer> | null;
      const contracts = caller?.record && (await loaders.contractsByCustomer.load(caller.record.customerId));
      if (!contracts) return null;
      return bestOf(contracts.map(({ deliveryPoint }) => compareAddresses(address, deliveryPoint.address)));
    },
  },
  Citizen: {
    energyContracts: ({ record }: Person<Customer>, _args: Args, { loaders }: Context) =>
      record ? loaders.contractsByCustomer.load(record.customerId) : null,
  },
  EnergyContract: {
    source: () => 'Lumière des Essais',
    asOf: (_contract: Contract, _args: Args, { clock }: Context) => dayInParis(clock()),
    holders: ({ holders }: Contract, _args: Args, { meet }: Context) =>
      holders.map(({ customerId, identity }) => ({
        birthName: identity.family_name,
        givenNames: identity.given_name.split(' '),
        person: meet<Customer>({ identity, record: { customerId } }),
      })),
  },
};

/** Somebody with two contracts lives where one of them is; where none is certain, what is not certain counts before a no. */
function bestOf(comparisons: readonly Comparison[]): Comparison {
  if (comparisons.includes('YES')) return 'YES';
  return comparisons.includes('UNDETERMINED') ? 'UNDETERMINED' : 'NO';
}
