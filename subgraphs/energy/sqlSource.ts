import { sql, type Kysely } from 'kysely';
import { toPostalAddress } from '../kit/addressTables.ts';
import { candidatesByBirthName, toIdentity } from '../kit/identityTables.ts';
import type { Contract, ContractSource, Customer, CustomerId } from './source.ts';
import type { Tables } from './tables.ts';

/** The contracts in PostgreSQL: two statements for a fetch, however many people it is about. */
export function createSqlSource(database: Kysely<Tables>): ContractSource {
  return {
    findPersons: (identities) =>
      candidatesByBirthName(
        identities,
        (keys) => database.selectFrom('customer').selectAll().where('birth_name_key', 'in', keys).execute(),
        ({ id }): Customer => ({ customerId: id }),
      ),
    contractsInForce: (customers, dayInParis) => contractsInForce(database, customers, dayInParis),
  };
}

/** One row for each customer asked for, contract of theirs, and holder of it. */
async function contractsInForce(
  database: Kysely<Tables>,
  customers: readonly CustomerId[],
  dayInParis: string,
): Promise<ReadonlyMap<CustomerId, readonly Contract[]>> {
  const day = sql<never>`${dayInParis}::date`;
  const rows = await database
    .selectFrom('contract_holder as asked')
    .innerJoin('contract', 'contract.id', 'asked.contract_id')
    .innerJoin('contract_holder as every', 'every.contract_id', 'contract.id')
    .innerJoin('customer', 'customer.id', 'every.customer_id')
    .selectAll('contract')
    .select(['asked.customer_id as asked_customer', 'customer.id as holder'])
    .select(['birth_name', 'birth_name_key', 'given_names', 'birth_date', 'gender', 'birth_place', 'birth_country'])
    .select([
      sql<string>`to_char(started_on, 'YYYY-MM-DD')`.as('since'),
      sql<string | null>`to_char(ended_on, 'YYYY-MM-DD')`.as('until'),
    ])
    .where('asked.customer_id', 'in', customers)
    .where('started_on', '<=', day)
    .where(({ or, eb }) => or([eb('ended_on', 'is', null), eb('ended_on', '>', day)]))
    .orderBy('started_on')
    .orderBy('contract.id')
    .orderBy('every.position')
    .execute();

  const byCustomer = new Map<CustomerId, Map<string, Contract>>();
  for (const row of rows) {
    const contracts = byCustomer.get(row.asked_customer) ?? new Map<string, Contract>();
    byCustomer.set(row.asked_customer, contracts);
    const { supplier, reference, energy, since, until } = row;
    const deliveryPoint = { number: row.meter, address: toPostalAddress(row) };
    const known = contracts.get(row.id) ?? { supplier, reference, energy, since, until, deliveryPoint, holders: [] };
    const holder = { customerId: row.holder, identity: toIdentity(row) };
    contracts.set(row.id, { ...known, holders: [...known.holders, holder] });
  }
  return new Map([...byCustomer].map(([customer, contracts]) => [customer, [...contracts.values()]]));
}
