import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import { toIdentityColumns } from '../kit/identityTables.ts';
import type { DeclarationHandler, MovingPerson, ReceivedMove } from '../kit/inbox/handler.ts';
import { toMoveColumns } from '../kit/inbox/moveColumns.ts';
import type { Declarer, PersonId } from './source.ts';
import type { Tables } from './tables.ts';

const HOLDER = 'Trait d’Union, déclaration unique';

/**
 * Writes a move into the register: one row for each person who moves, in force from the day of the move. The register takes everybody; who is not in it
 * yet is entered under the reference by which the hub names them here, so that two messages enter one person once.
 */
export const moveStore: DeclarationHandler = {
  async apply(move: ReceivedMove<Declarer>, { database }) {
    const tables = database as Transaction<Tables>;
    const { declarant, adults, children } = move;
    const movers = [declarant, ...adults, ...children];
    const entered = movers.filter(({ found }) => 'absent' in found && found.absent === 'NONE');
    if (entered.length > 0) await enter(tables, entered);
    const rows = movers.filter(isCertain).map((mover) => ({
      person_id: personIdOf(mover),
      usage: 'MAIN' as const,
      holder: HOLDER,
      ...toMoveColumns(move),
    }));
    await tables.insertInto('declared_address').values(rows).execute();
    return rows.length === movers.length ? { status: 'DONE' } : { status: 'NEEDS_CITIZEN', reason: SOMEBODY_UNCERTAIN };
  },

  async undo(delivery, { database }) {
    const tables = database as Transaction<Tables>;
    await tables.deleteFrom('declared_address').where('delivery', '=', delivery).execute();
  },
};

const SOMEBODY_UNCERTAIN = {
  fr: 'Votre adresse est enregistrée. Une autre personne de la déclaration n’a pas pu être reconnue avec certitude : elle doit déclarer elle-même son adresse.',
  en: 'Your address is recorded. Another person of the declaration could not be recognised for certain: they must declare their address themselves.',
};

async function enter(tables: Transaction<Tables>, movers: readonly MovingPerson<Declarer>[]): Promise<void> {
  await tables
    .insertInto('person')
    .values(movers.map((mover) => ({ id: personIdOf(mover), ...toIdentityColumns(mover.identity) })))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** In the register, or certainly not: of two who might be it, neither is written to. */
function isCertain({ found }: MovingPerson<Declarer>): boolean {
  return 'record' in found || found.absent === 'NONE';
}

function personIdOf({ found, reference }: MovingPerson<Declarer>): PersonId {
  if ('record' in found) return found.record.personId;
  return `ad-hub-${createHash('sha256').update(reference).digest('hex').slice(0, 20)}`;
}
