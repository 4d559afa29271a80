import { join } from 'node:path';
import type { Clock, RecordIdentity } from '../kit/agencyModule.ts';
import { indexByBirthName } from '../kit/birthNameIndex.ts';
import { readFixture } from '../kit/fixtures.ts';
import type { KitLog } from '../kit/log.ts';
import { readPayload, type FamilyPayload } from './payload.ts';
import type { FamilyFile, FamilyFileSource, FileId, Holder } from './source.ts';

interface FileFixture {
  readonly id: FileId;
  readonly regime: Holder;
  /** Who the fund knows the beneficiaries to be; what `payload` prints of them may differ. */
  readonly identities: readonly RecordIdentity[];
  readonly payload: FamilyPayload;
}

/** The sandbox's funds: `fixtures/files.json`, in memory, in the shape that API Particulier answers. */
export async function openFixtureSource(fixturesDir: string, clock: Clock, log: KitLog): Promise<FamilyFileSource> {
  const fixtures = await readFixture<readonly FileFixture[]>(join(fixturesDir, 'files.json'), clock);
  const files = new Map<FileId, FamilyFile>(
    fixtures.map(({ id, regime, payload }) => {
      const report = (path: string): void => log.warn({ path }, 'unreadable value in a family file');
      return [id, readPayload(id, regime, payload, report)];
    }),
  );
  const findCandidates = indexByBirthName(
    fixtures.flatMap(({ id, identities }) => identities.map((identity) => ({ identity, record: { fileId: id } }))),
  );
  return {
    findPersons: async (identities) => findCandidates(identities),
    filesById: async (ids) => ids.map((id) => files.get(id)).filter((file) => file !== undefined),
  };
}
