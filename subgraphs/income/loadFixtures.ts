import { join } from 'node:path';
import type { Kysely, Transaction } from 'kysely';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { Clock } from '../kit/agencyModule.ts';
import { readFixture } from '../kit/fixtures.ts';
import { toIdentityColumns } from '../kit/identityTables.ts';
import type { Notice } from './notice.ts';
import type { AssessmentKey } from './source.ts';
import type { DeclarantTable, Tables } from './tables.ts';

type AssessmentFixture = AssessmentKey &
  Notice & {
    /** Who the tax office knows the declarants to be, in the notice's order. */
    readonly identities: readonly PivotIdentity[];
  };

/**
 * Writes `fixtures/assessments.json`, the sandbox's stand-in for what the tax office issues each year: a data folder of last year gets the
 * notices of this one. What citizens declared stands in tables of its own and is not touched.
 */
export async function loadFixtures(database: Kysely<Tables>, fixturesDir: string, clock: Clock): Promise<void> {
  const fixtures = await readFixture<readonly AssessmentFixture[]>(join(fixturesDir, 'assessments.json'), clock);
  await database.transaction().execute(async (transaction) => {
    await writeDeclarants(transaction, fixtures);
    await transaction
      .insertInto('assessment')
      .values(
        fixtures.map(({ household, incomeYear, format, notice }) => ({
          household,
          income_year: incomeYear,
          format,
          notice: JSON.stringify(notice),
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['household', 'income_year'])
          .doUpdateSet(({ ref }) => ({ format: ref('excluded.format'), notice: ref('excluded.notice') })),
      )
      .execute();
  });
}

/** One row for each declarant of a household, however many years it was assessed. */
async function writeDeclarants(database: Transaction<Tables>, fixtures: readonly AssessmentFixture[]): Promise<void> {
  const byHousehold = new Map(fixtures.map(({ household, identities }) => [household, identities]));
  const rows = [...byHousehold].flatMap(([household, identities]) =>
    identities.map((identity, index): DeclarantTable => {
      return { household, position: index === 0 ? 1 : 2, ...toIdentityColumns(identity) };
    }),
  );
  await database
    .insertInto('declarant')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['household', 'position']).doNothing())
    .execute();
}
