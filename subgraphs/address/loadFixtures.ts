import { join } from 'node:path';
import type { Insertable, Kysely, Transaction } from 'kysely';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import { toAddressColumns, type PostalAddress } from '../kit/addressTables.ts';
import type { Clock } from '../kit/agencyModule.ts';
import { readFixture } from '../kit/fixtures.ts';
import { toIdentityColumns } from '../kit/identityTables.ts';
import type { DeclaredAddress, PersonId } from './source.ts';
import type { DeclaredAddressTable, Tables } from './tables.ts';

interface PersonFixture {
  readonly id: PersonId;
  readonly identity: PivotIdentity;
  /** Oldest first. */
  readonly declarations: readonly (Omit<DeclaredAddress, 'address'> & PostalAddress)[];
}

/**
 * Fills an empty register from `fixtures/addresses.json`. A register that is not empty keeps every declaration; only the sandbox's moving
 * birth dates follow the calendar, so that a data folder of last year still knows its people.
 */
export async function loadFixtures(database: Kysely<Tables>, fixturesDir: string, clock: Clock): Promise<void> {
  const fixtures = await readFixture<readonly PersonFixture[]>(join(fixturesDir, 'addresses.json'), clock);
  await database.transaction().execute(async (transaction) => {
    const { count } = await transaction
      .selectFrom('declared_address')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow();
    await writePersons(transaction, fixtures);
    if (Number(count) > 0) return;
    await transaction
      .insertInto('declared_address')
      .values(fixtures.flatMap(({ id, declarations }) => declarations.map((declaration) => toRow(id, declaration))))
      .execute();
  });
}

async function writePersons(transaction: Transaction<Tables>, fixtures: readonly PersonFixture[]): Promise<void> {
  await transaction
    .insertInto('person')
    .values(fixtures.map(({ id, identity }) => ({ id, ...toIdentityColumns(identity) })))
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ birth_date: ({ ref }) => ref('excluded.birth_date') }),
    )
    .execute();
}

function toRow(
  person: PersonId,
  { usage, holder, declaredOn, ...address }: PersonFixture['declarations'][number],
): Insertable<DeclaredAddressTable> {
  return {
    person_id: person,
    usage,
    holder,
    declared_on: declaredOn,
    effective_on: declaredOn,
    ...toAddressColumns(address),
  };
}
