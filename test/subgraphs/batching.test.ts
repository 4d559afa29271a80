import { describe, expect, it } from '@jest/globals';
import { createLoaders as civilStatusLoaders } from '../../subgraphs/civil-status/loaders.ts';
import { createLoaders as familyLoaders } from '../../subgraphs/family/loaders.ts';
import { createLoaders as incomeLoaders } from '../../subgraphs/income/loaders.ts';
import { createLoaders as addressLoaders } from '../../subgraphs/address/loaders.ts';
import { createLoaders as energyLoaders } from '../../subgraphs/energy/loaders.ts';
import { keyText } from '../../subgraphs/income/assessmentKey.ts';
import { NOON } from './agencies.ts';

const PEOPLE = Array.from({ length: 200 }, (_, index) => `record-${index}`);

/** Counts reads of a source's method, which finds nothing. */
function counted<Result>(nothing: Result): { read: (keys: readonly unknown[]) => Promise<Result>; asked: number[] } {
  const asked: number[] = [];
  return { asked, read: async (keys) => (asked.push(keys.length), nothing) };
}

describe('200 people are one read', () => {
  it('of civil status', async () => {
    const { asked, read } = counted([]);
    const { recordById } = civilStatusLoaders({ findPersons: async () => [], recordsById: read });
    await Promise.all(PEOPLE.map((id) => recordById.load(id)));
    expect(asked).toEqual([200]);
  });

  it('of family files', async () => {
    const { asked, read } = counted([]);
    const { fileById } = familyLoaders({ findPersons: async () => [], filesById: read }, NOON);
    await Promise.all(PEOPLE.map((id) => fileById.load(id)));
    expect(asked).toEqual([200]);
  });

  it('of assessments, each year being another question', async () => {
    const { asked, read } = counted([]);
    const { assessmentByKey } = incomeLoaders(
      { findPersons: async () => [], assessmentsOf: read, residencesOf: async () => [] },
      NOON,
    );
    const keys = PEOPLE.flatMap((household) => [2024, 2025].map((incomeYear) => keyText({ household, incomeYear })));
    await Promise.all(keys.map((key) => assessmentByKey.load(key)));
    expect(asked).toEqual([400]);
  });

  it('of contracts', async () => {
    const { asked, read } = counted(new Map());
    const { contractsByCustomer } = energyLoaders({ findPersons: async () => [], contractsInForce: read }, NOON);
    await Promise.all(PEOPLE.map((id) => contractsByCustomer.load(id)));
    expect(asked).toEqual([200]);
  });

  it('of addresses', async () => {
    const { asked, read } = counted(new Map());
    const { addressesByPerson } = addressLoaders({ findPersons: async () => [], addressesInForce: read }, NOON);
    await Promise.all(PEOPLE.map((id) => addressesByPerson.load(id)));
    expect(asked).toEqual([200]);
  });
});
