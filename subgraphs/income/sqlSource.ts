import type { Kysely } from 'kysely';
import { candidatesByBirthName } from '../kit/identityTables.ts';
import { readNotice, type Notice } from './notice.ts';
import type { AssessmentSource, Taxpayer } from './source.ts';
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
  };
}
