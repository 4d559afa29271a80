import type { Kysely } from 'kysely';
import { candidatesByBirthName } from '../kit/identityTables.ts';
import { readPayload } from './payload.ts';
import type { Beneficiary, FamilyFileSource } from './source.ts';
import type { Tables } from './tables.ts';

/** The funds' files in PostgreSQL: two statements for a fetch, however many people it is about. */
export function createSqlSource(database: Kysely<Tables>): FamilyFileSource {
  return {
    findPersons: (identities) =>
      candidatesByBirthName(
        identities,
        (keys) => database.selectFrom('beneficiary').selectAll().where('birth_name_key', 'in', keys).execute(),
        ({ file_id }): Beneficiary => ({ fileId: file_id }),
      ),
    async filesById(ids) {
      const rows = await database.selectFrom('family_file').selectAll().where('id', 'in', ids).execute();
      // What cannot be read was told when the file came (loadFixtures.ts), not at every look at it.
      return rows.map(({ id, holder, payload }) => readPayload(id, holder, payload, () => undefined));
    },
  };
}
