import { join } from 'node:path';
import type { Clock } from '../kit/agencyModule.ts';
import { indexByBirthName } from '../kit/birthNameIndex.ts';
import { readFixture } from '../kit/fixtures.ts';
import { candidateOf } from './identity.ts';
import type { CivilRecord, CivilStatusSource, RecordId } from './source.ts';

/** The sandbox's register: `fixtures/records.json`, in memory. */
export async function openFixtureSource(fixturesDir: string, clock: Clock): Promise<CivilStatusSource> {
  const records = (await readFixture<readonly CivilRecord[]>(join(fixturesDir, 'records.json'), clock)).map(
    (record) => ({
      ...record,
      // A year that moves with time is a number in a fixture.
      birthDate: String(record.birthDate),
    }),
  );
  const byId = new Map<RecordId, CivilRecord>(records.map((record) => [record.id, record]));
  const findCandidates = indexByBirthName(records.map(candidateOf));

  return {
    findPersons: async (identities) => findCandidates(identities),
    recordsById: async (ids) => ids.map((id) => byId.get(id)).filter((record) => record !== undefined),
  };
}
