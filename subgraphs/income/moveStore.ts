import type { Transaction } from 'kysely';
import type { DeclarationHandler, ReceivedMove } from '../kit/inbox/handler.ts';
import { toMoveColumns } from '../kit/inbox/moveColumns.ts';
import type { Taxpayer } from './source.ts';
import type { Tables } from './tables.ts';

/**
 * Notes where the declarant lives from that day on; the household's other one says it for themself. What was taxed stays as it was: a notice holds the
 * address on 1 January.
 */
export const moveStore: DeclarationHandler = {
  async apply(move: ReceivedMove<Taxpayer>, { database }) {
    const { found } = move.declarant;
    if (!('record' in found)) throw new TypeError('a move of nobody whom the tax office knows: the kit refuses it');
    const tables = database as Transaction<Tables>;
    await tables
      .insertInto('declared_residence')
      .values({
        household: found.record.household,
        position: found.record.declarant,
        ...toMoveColumns(move),
      })
      .execute();
    return { status: 'DONE' };
  },

  async undo(delivery, { database }) {
    const tables = database as Transaction<Tables>;
    await tables.deleteFrom('declared_residence').where('delivery', '=', delivery).execute();
  },
};
