import { dayInParis } from '../../schema/parisCalendar.ts';
import type { Clock } from '../kit/agencyModule.ts';
import { createLoader, type Loader } from '../kit/loader.ts';
import type { AddressSource, DeclaredAddress, PersonId } from './source.ts';

export interface Loaders {
  readonly addressesByPerson: Loader<PersonId, readonly DeclaredAddress[]>;
}

export function createLoaders(source: AddressSource, clock: Clock): Loaders {
  return {
    addressesByPerson: createLoader((persons) => source.addressesInForce(persons, dayInParis(clock()))),
  };
}
