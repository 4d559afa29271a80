import { sql, type Transaction } from 'kysely';
import { fromDeclared, toAddressColumns, toPostalAddress } from '../kit/addressTables.ts';
import type { DeclarationHandler, ReceivedMove } from '../kit/inbox/handler.ts';
import { compareAddresses } from './compareAddresses.ts';
import type { Customer, CustomerId } from './source.ts';
import type { Tables } from './tables.ts';

const FRANCE = '99100';

/** The network operator of the sandbox answers so long after it was asked for a supply, ms. */
const OPERATOR_MS = 2_000;

/**
 * Ends the declarant's contracts at the old address on the day of the move, and asks the network operator for the same supplies at the new one. A contract
 * that somebody else holds too is theirs as well, and ends by their word as well as the declarant's: the supplier asks.
 */
export const moveStore: DeclarationHandler = {
  async apply(move: ReceivedMove<Customer>, { database, clock }) {
    const { found } = move.declarant;
    if (!('record' in found)) throw new TypeError('a move of nobody whom the supplier knows: the kit refuses it');
    const tables = database as Transaction<Tables>;
    const old = move.oldAddress && fromDeclared(move.oldAddress);
    const contracts = await openContracts(tables, found.record.customerId);
    const ending = contracts.filter((row) => old && compareAddresses(old, toPostalAddress(row)) === 'YES');
    if (ending.length === 0) return { status: 'NEEDS_CITIZEN', reason: NO_CONTRACT_THERE };
    if (ending.some(({ holders }) => holders > 1)) return { status: 'NEEDS_CITIZEN', reason: ANOTHER_HOLDER };

    await tables
      .updateTable('contract')
      .set({ ended_on: move.effectiveDate!, ended_by: move.delivery })
      .where(
        'id',
        'in',
        ending.map(({ id }) => id),
      )
      .execute();
    if (move.newAddress!.countryCode !== FRANCE) return { status: 'DONE' };
    for (const [index, { supplier, energy }] of ending.entries()) {
      await askForSupply(tables, move, { id: `${move.delivery}-${index + 1}`, supplier, energy }, found.record);
    }
    return { status: 'IN_PROGRESS', later: { status: 'DONE', at: new Date(clock() + OPERATOR_MS).toISOString() } };
  },

  async undo(delivery, { database }) {
    const tables = database as Transaction<Tables>;
    await tables.deleteFrom('contract').where('opened_by', '=', delivery).execute();
    await tables
      .updateTable('contract')
      .set({ ended_on: null, ended_by: null })
      .where('ended_by', '=', delivery)
      .execute();
  },
};

const NO_CONTRACT_THERE = {
  fr: 'Aucun de vos contrats n’est à l’ancienne adresse déclarée. Indiquez à votre fournisseur lequel se termine.',
  en: 'None of your contracts is at the old address that you declared. Tell your supplier which one ends.',
};

const ANOTHER_HOLDER = {
  fr: 'Votre contrat a un autre titulaire, qui doit aussi demander sa fin. Rien n’est changé d’ici là.',
  en: 'Your contract has another holder, who must ask for its end too. Nothing changes until then.',
};

/** Contracts of the customer whose end is not known, alone with them: two declarations at once do not end one twice. */
function openContracts(tables: Transaction<Tables>, customer: CustomerId) {
  return tables
    .selectFrom('contract')
    .innerJoin('contract_holder', 'contract_holder.contract_id', 'contract.id')
    .selectAll('contract')
    .select(({ selectFrom }) =>
      selectFrom('contract_holder as every')
        .whereRef('every.contract_id', '=', 'contract.id')
        .select(sql<number>`count(*)::integer`.as('count'))
        .$asScalar()
        .$notNull()
        .as('holders'),
    )
    .where('contract_holder.customer_id', '=', customer)
    .where('ended_on', 'is', null)
    .orderBy('contract.id')
    .forUpdate()
    .execute();
}

async function askForSupply(
  tables: Transaction<Tables>,
  move: ReceivedMove<Customer>,
  supply: { readonly id: string; readonly supplier: string; readonly energy: 'ELECTRICITY' | 'GAS' },
  { customerId }: Customer,
): Promise<void> {
  await tables
    .insertInto('contract')
    .values({
      ...supply,
      ...toAddressColumns(fromDeclared(move.newAddress!)),
      reference: null,
      meter: null,
      started_on: move.effectiveDate!,
      ended_on: null,
      opened_by: move.delivery,
      ended_by: null,
    })
    .execute();
  await tables
    .insertInto('contract_holder')
    .values({ contract_id: supply.id, customer_id: customerId, position: 1 })
    .execute();
}
