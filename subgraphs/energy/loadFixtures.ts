import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import { toAddressColumns, type PostalAddress } from '../kit/addressTables.ts';
import type { Clock } from '../kit/agencyModule.ts';
import { readFixture } from '../kit/fixtures.ts';
import { toIdentityColumns } from '../kit/identityTables.ts';
import type { CustomerId, EnergyKind } from './source.ts';
import type { ContractTable, Tables } from './tables.ts';

interface Fixtures {
  readonly customers: readonly { readonly id: CustomerId; readonly identity: PivotIdentity }[];
  readonly contracts: readonly ContractFixture[];
}

interface ContractFixture {
  readonly id: string;
  readonly supplier: string;
  readonly reference: string;
  readonly energy: EnergyKind;
  readonly meter: string;
  readonly startedOn: string;
  /** In the order in which they signed. */
  readonly holders: readonly CustomerId[];
  readonly address: PostalAddress;
}

/** Fills an empty file from `fixtures/contracts.json`; one that is not empty keeps what it holds. */
export async function loadFixtures(database: Kysely<Tables>, fixturesDir: string, clock: Clock): Promise<void> {
  const { customers, contracts } = await readFixture<Fixtures>(join(fixturesDir, 'contracts.json'), clock);
  await database.transaction().execute(async (transaction) => {
    const held = await transaction.selectFrom('customer').select('id').limit(1).execute();
    if (held.length > 0) return;
    await transaction
      .insertInto('customer')
      .values(customers.map(({ id, identity }) => ({ id, ...toIdentityColumns(identity) })))
      .execute();
    await transaction.insertInto('contract').values(contracts.map(toRow)).execute();
    await transaction
      .insertInto('contract_holder')
      .values(
        contracts.flatMap(({ id, holders }) =>
          holders.map((customer, index) => ({ contract_id: id, customer_id: customer, position: index + 1 })),
        ),
      )
      .execute();
  });
}

function toRow({ id, supplier, reference, energy, meter, startedOn, address }: ContractFixture) {
  return {
    ...{ id, supplier, reference, energy, meter },
    ...toAddressColumns(address),
    started_on: startedOn,
    ended_on: null,
    opened_by: null,
    ended_by: null,
  } satisfies Record<keyof ContractTable, unknown>;
}
