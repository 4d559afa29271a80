import { sql, type Kysely } from 'kysely';
import { toPostalAddress } from '../kit/addressTables.ts';
import { candidatesByBirthName } from '../kit/identityTables.ts';
import { readPayload } from './payload.ts';
import type { Beneficiary, FamilyFile, FamilyFileSource, FileId } from './source.ts';
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
    filesById: (ids, dayInParis) => filesById(database, ids, dayInParis),
  };
}

/** Each file with the last address that was declared to it and is in force on that day, if there is one. */
async function filesById(
  database: Kysely<Tables>,
  ids: readonly FileId[],
  dayInParis: string,
): Promise<readonly FamilyFile[]> {
  const rows = await database
    .selectFrom('family_file')
    .leftJoinLateral(
      (lateral) =>
        lateral
          .selectFrom('declared_address')
          .selectAll()
          .select(sql<string>`to_char(effective_on, 'YYYY-MM-DD')`.as('since'))
          .whereRef('declared_address.file_id', '=', 'family_file.id')
          .where('effective_on', '<=', sql<never>`${dayInParis}::date`)
          .orderBy('effective_on', 'desc')
          .orderBy('sequence', 'desc')
          .limit(1)
          .as('declared'),
      (join) => join.onTrue(),
    )
    .selectAll('declared')
    .select(['family_file.id as file', 'family_file.holder', 'family_file.payload'])
    .where('family_file.id', 'in', ids)
    .execute();
  return rows.map(({ file, holder, payload, since, ...address }) => {
    // What cannot be read was told when the file came (loadFixtures.ts), not at every look at it.
    const read = readPayload(file, holder, payload, () => undefined);
    return since === null ? read : { ...read, declaredAddress: toPostalAddress(address), declaredAddressSince: since };
  });
}
