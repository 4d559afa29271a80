import { createFrance } from './france.ts';
import { declaredAddresses } from './fixtures/address.ts';
import { civilStatusRecords } from './fixtures/civilStatus.ts';
import { energyContracts } from './fixtures/energy.ts';
import { familyFiles } from './fixtures/family.ts';
import { assessments } from './fixtures/income.ts';
import { hubSeeds } from './hubSeeds.ts';
import { personas } from './personas.ts';
import { identityServices } from './services.ts';

/** Every file that the seed writes: path from the repository's root, and its text. Nothing random, no clock: the same at every run. */
export function createOutputs(): ReadonlyMap<string, string> {
  const france = createFrance();
  const contents: Readonly<Record<string, unknown>> = {
    'subgraphs/civil-status/fixtures/records.json': civilStatusRecords(france),
    'subgraphs/family/fixtures/files.json': familyFiles(france),
    'subgraphs/income/fixtures/assessments.json': assessments(france),
    'subgraphs/address/fixtures/addresses.json': declaredAddresses(france),
    'subgraphs/energy/fixtures/contracts.json': energyContracts(france),
    'sandbox/identity/personas.json': personas(france),
    'sandbox/identity/services.json': identityServices(),
    'gateway/registers/seeds/sandbox.json': hubSeeds(france),
  };
  return new Map(Object.entries(contents).map(([path, value]) => [path, `${JSON.stringify(value, null, 2)}\n`]));
}
