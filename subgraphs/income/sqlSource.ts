import { sql, type Kysely } from 'kysely';
import { toPostalAddress } from '../kit/addressTables.ts';
import { candidatesByBirthName } from '../kit/identityTables.ts';
import { readNotice, type Notice } from './notice.ts';
import type { AssessmentSource, Taxpayer, TaxResidence } from './source.ts';
import type { Tables } from './tables.ts';

/** The tax office's files in PostgreSQL: two statements for a fetch, however many people and years it is about. */
export function createSqlSource(database: Kysely<Tables>): AssessmentSource {
  return {
    findPersons: (identities) =>
      candidatesByBirthName(
        identities,
        (keys) => database.selectFrom('declarant').selectAll().where('birth_name_key', 'in', keys).execute(),
        ({ household, position }): Taxpayer => ({ household, declarant: position }),
      ),
    async assessmentsOf(keys) {
      const rows = await database
        .selectFrom('assessment')
        .selectAll()
        .where(({ eb, refTuple, tuple }) =>
          eb(
            refTuple('household', 'income_year'),
            'in',
            keys.map(({ household, incomeYear }) => tuple(household, incomeYear)),
          ),
        )
        .execute();
      return rows.map(({ household, income_year, format, notice }) =>
        readNotice({ household, incomeYear: income_year }, { format, notice } as Notice),
      );
    },
    residencesOf: (taxpayers, dayInParis) => residencesOf(database, taxpayers, dayInParis),
  };
}

async function residencesOf(
  database: Kysely<Tables>,
  taxpayers: readonly Taxpayer[],
  dayInParis: string,
): Promise<readonly TaxResidence[]> {
  const rows = await database
    .selectFrom('declared_residence')
    .distinctOn(['household', 'position'])
    .selectAll()
    .select([
      sql<string>`to_char(effective_on, 'YYYY-MM-DD')`.as('since'),
      sql<string>`to_char(declared_on, 'YYYY-MM-DD')`.as('declared_day'),
    ])
    .where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('household', 'position'),
        'in',
        taxpayers.map(({ household, declarant }) => tuple(household, declarant)),
      ),
    )
    .where('effective_on', '<=', sql<never>`${dayInParis}::date`)
    .orderBy('household')
    .orderBy('position')
    .orderBy('effective_on', 'desc')
    .orderBy('sequence', 'desc')
    .execute();
  return rows.map(({ household, position, since, declared_day, ...address }) => ({
    household,
    declarant: position,
    since,
    declaredOn: declared_day,
    address: toPostalAddress(address),
  }));
}
