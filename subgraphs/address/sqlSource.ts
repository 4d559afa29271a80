import { sql, type Kysely } from 'kysely';
import { toPostalAddress } from '../kit/addressTables.ts';
import { candidatesByBirthName } from '../kit/identityTables.ts';
import type { AddressSource, DeclaredAddress, Declarer, PersonId } from './source.ts';
import type { Tables } from './tables.ts';

/** The register in PostgreSQL: two statements for a fetch, however many people it is about. */
export function createSqlSource(database: Kysely<Tables>): AddressSource {
  return {
    findPersons: (identities) =>
      candidatesByBirthName(
        identities,
        (keys) => database.selectFrom('person').selectAll().where('birth_name_key', 'in', keys).execute(),
        ({ id }): Declarer => ({ personId: id }),
      ),
    addressesInForce: (persons, dayInParis) => addressesInForce(database, persons, dayInParis),
  };
}

async function addressesInForce(
  database: Kysely<Tables>,
  persons: readonly PersonId[],
  dayInParis: string,
): Promise<ReadonlyMap<PersonId, readonly DeclaredAddress[]>> {
  const rows = await database
    .selectFrom('declared_address')
    .distinctOn(['person_id', 'usage'])
    .selectAll()
    .select(sql<string>`to_char(declared_on, 'YYYY-MM-DD')`.as('declared_day'))
    .where('person_id', 'in', persons)
    .where('effective_on', '<=', sql<never>`${dayInParis}::date`)
    .orderBy('person_id')
    .orderBy('usage')
    .orderBy('effective_on', 'desc')
    .orderBy('sequence', 'desc')
    .orderBy('id', 'desc')
    .execute();

  const byPerson = new Map<PersonId, DeclaredAddress[]>();
  for (const row of rows) {
    const declared: DeclaredAddress = {
      usage: row.usage,
      holder: row.holder,
      declaredOn: row.declared_day,
      address: toPostalAddress(row),
    };
    const known = byPerson.get(row.person_id);
    if (known) known.push(declared);
    else byPerson.set(row.person_id, [declared]);
  }
  return byPerson;
}
