import { dayInParis } from '../../schema/parisCalendar.ts';
import type { Clock } from '../kit/agencyModule.ts';
import { createLoader, type Loader } from '../kit/loader.ts';
import type { Contract, ContractSource, CustomerId } from './source.ts';

export interface Loaders {
  /** Those in force today. */
  readonly contractsByCustomer: Loader<CustomerId, readonly Contract[]>;
}

export function createLoaders(source: ContractSource, clock: Clock): Loaders {
  return {
    contractsByCustomer: createLoader((customers) => source.contractsInForce(customers, dayInParis(clock()))),
  };
}
