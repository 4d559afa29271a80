import type { Transaction } from 'kysely';
import type { DeclarationHandler, MovingPerson, ReceivedMove } from '../kit/inbox/handler.ts';
import { toMoveColumns } from '../kit/inbox/moveColumns.ts';
import type { Beneficiary, FileId } from './source.ts';
import type { Tables } from './tables.ts';

/**
 * Writes a move into the file of the one who declares it, for the day of the move. A file is a household's: where its other beneficiary does not move
 * too, the fund has to know first whether they still live together, and asks.
 */
export const moveStore: DeclarationHandler = {
  async apply(move: ReceivedMove<Beneficiary>, { database }) {
    const tables = database as Transaction<Tables>;
    const fileId = fileOf(move.declarant)!;
    const staying = await beneficiariesBeside(tables, fileId, [move.declarant, ...move.adults]);
    if (staying > 0) return { status: 'NEEDS_CITIZEN', reason: STILL_TOGETHER };
    await tables
      .insertInto('declared_address')
      .values({
        file_id: fileId,
        ...toMoveColumns(move),
      })
      .execute();
    return { status: 'DONE' };
  },

  async undo(delivery, { database }) {
    const tables = database as Transaction<Tables>;
    await tables.deleteFrom('declared_address').where('delivery', '=', delivery).execute();
  },
};

const STILL_TOGETHER = {
  fr: 'L’autre bénéficiaire de votre dossier ne déménage pas avec vous. Indiquez à votre caisse si vous vivez toujours ensemble : votre adresse sera changée ensuite.',
  en: 'The other beneficiary of your file does not move with you. Tell your fund whether you still live together: your address is changed after that.',
};

function fileOf({ found }: MovingPerson<Beneficiary>): FileId | undefined {
  return 'record' in found ? found.record.fileId : undefined;
}

/** How many beneficiaries of the file are not among those who move. */
async function beneficiariesBeside(
  tables: Transaction<Tables>,
  fileId: FileId,
  movers: readonly MovingPerson<Beneficiary>[],
): Promise<number> {
  const moving = movers.filter((mover) => fileOf(mover) === fileId).length;
  const { count } = await tables
    .selectFrom('beneficiary')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('file_id', '=', fileId)
    .executeTakeFirstOrThrow();
  return Number(count) - moving;
}
