import { createOutputs } from '../../../sandbox/seed/outputs.ts';
import type { Fixtures } from '../../../sandbox/seed/findContradictions.ts';

/** What the seed writes to a file, parsed. */
export function written<T>(path: string): T {
  const text = createOutputs().get(path);
  if (text === undefined) throw new TypeError(`the seed does not write ${path}`);
  return JSON.parse(text) as T;
}

export function writtenFixtures(): Fixtures {
  return {
    records: written('subgraphs/civil-status/fixtures/records.json'),
    files: written('subgraphs/family/fixtures/files.json'),
    assessments: written('subgraphs/income/fixtures/assessments.json'),
    addresses: written('subgraphs/address/fixtures/addresses.json'),
  };
}
