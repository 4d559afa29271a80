import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { Clock } from '../kit/agencyModule.ts';
import { readFixture } from '../kit/fixtures.ts';
import { toIdentityColumns } from '../kit/identityTables.ts';
import type { KitLog } from '../kit/log.ts';
import { readPayload, type FamilyPayload } from './payload.ts';
import type { FileId, Holder } from './source.ts';
import type { Tables } from './tables.ts';

interface FileFixture {
  readonly id: FileId;
  readonly regime: Holder;
  readonly identities: readonly PivotIdentity[];
  readonly payload: FamilyPayload;
}

/**
 * Writes `fixtures/files.json`, the sandbox's stand-in for what the funds send each month: a file of last year's data folder gets this
 * year's quotient. What citizens declared stands in tables of its own and is not touched. A value that cannot be read is told once, here.
 */
export async function loadFixtures(
  database: Kysely<Tables>,
  { fixturesDir, clock, log }: { readonly fixturesDir: string; readonly clock: Clock; readonly log: KitLog },
): Promise<void> {
  const fixtures = await readFixture<readonly FileFixture[]>(join(fixturesDir, 'files.json'), clock);
  for (const { id, regime, payload } of fixtures) {
    readPayload(id, regime, payload, (path) => log.warn({ path }, 'unreadable value in a family file'));
  }
  await database.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('family_file')
      .values(fixtures.map(({ id, regime, payload }) => ({ id, holder: regime, payload: JSON.stringify(payload) })))
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet(({ ref }) => ({ payload: ref('excluded.payload'), holder: ref('excluded.holder') })),
      )
      .execute();
    await transaction
      .insertInto('beneficiary')
      .values(
        fixtures.flatMap(({ id, identities }) =>
          identities.map((identity, index) => ({ file_id: id, position: index + 1, ...toIdentityColumns(identity) })),
        ),
      )
      .onConflict((conflict) =>
        conflict.columns(['file_id', 'position']).doUpdateSet({ birth_date: ({ ref }) => ref('excluded.birth_date') }),
      )
      .execute();
  });
}
