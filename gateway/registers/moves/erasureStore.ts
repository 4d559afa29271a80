import type { Kysely } from '../../platform/database/database.ts';
import type { SubjectKey } from '../../platform/ids.ts';
import { lockLanes } from './eventStore.ts';
import type { Move, MoveDeliveryStatus, MoveErasure, MoveReference } from './move.ts';
import { findMove, listMoves, lockMove } from './moveStore.ts';
import type { MoveTables } from './moveTables.ts';

/*
 * What declarations say of people goes when it has served: after a time without anything happening, or when the person asks for it and all is over. That
 * something was declared, to whom, and how it went stays; no name, no address, no hash of them and no recipient's words.
 */

type Database = Kysely<MoveTables>;

const DAY_MS = 86_400_000;
/** At most so many in one go: others wait for none of them. */
const SWEEP_LIMIT = 100;
/** Of an event that nobody has taken: it holds its content, and is delivered, or seen to by an operator, before anything is erased. */
const UNSAID = ['PENDING', 'SET_ASIDE'] as const;
const OVER: ReadonlySet<MoveDeliveryStatus> = new Set(['DONE', 'REFUSED', 'CANCELLED', 'NOT_SENT']);

export interface ErasurePowers {
  readonly db: Database;
  /** Days without anything happening, after the day of the move, until what it says is erased. */
  readonly retentionDays: number;
  /** ISO 8601 instant in UTC. */
  readonly now: () => string;
  /** Day in Paris. */
  readonly today: () => string;
}

/** Erases what is over of that person's: the content of their own declarations, and their part in those of others. */
export async function eraseOf(subject: SubjectKey, powers: ErasurePowers): Promise<MoveErasure> {
  const known = (await listMoves(powers.db, subject)).filter(({ erasedAt }) => erasedAt === undefined);
  const own = known.filter(({ declarant }) => declarant === subject);
  const erased = await eraseEach(own, (move) => isOver(move, powers.today()), powers);
  const kept = own.filter(({ reference }) => !erased.includes(reference));
  const days = kept.map((move) => lastDayOf(move, powers.retentionDays)).sort();
  const parts = known.filter((move) => move.declarant !== subject && isOver(move, powers.today()));
  return {
    moves: erased.length,
    parts: await erasePart(powers.db, subject, parts),
    kept: kept.length,
    keptUntil: days.at(-1),
  };
}

/** Erases what has not changed for `retentionDays`, whosever it is. Returns how many declarations; there may be more. */
export async function eraseOverdue(powers: ErasurePowers): Promise<number> {
  const before = new Date(Date.parse(powers.now()) - powers.retentionDays * DAY_MS).toISOString().slice(0, 10);
  const overdue = await powers.db
    .selectFrom('moves')
    .select('reference')
    .where('erased_at', 'is', null)
    .where('effective_date', '<', before)
    .where(({ eb, fn }) => eb(fn.coalesce('changed_at', 'declared_at'), '<', before))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('move_deliveries')
            .select('delivery')
            .whereRef('move_deliveries.reference', '=', 'moves.reference')
            .where('status_at', '>=', before),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('move_events')
            .innerJoin('move_deliveries', 'move_deliveries.delivery', 'move_events.delivery')
            .select('event_id')
            .whereRef('move_deliveries.reference', '=', 'moves.reference')
            .where('move_events.state', 'in', UNSAID),
        ),
      ),
    )
    .orderBy('effective_date')
    .limit(SWEEP_LIMIT)
    .execute();
  const moves = overdue.map(({ reference }) => ({ reference: reference as MoveReference }));
  const erased = await eraseEach(moves, (move) => lastDayOf(move, powers.retentionDays) <= powers.today(), powers);
  return erased.length;
}

/** Taken back or past, and every recipient has said its last word. Whoever has yet to say that they move too may still do so. */
function isOver({ state, effectiveDate, members, deliveries }: Move, today: string): boolean {
  const isAwaited = state === 'DECLARED' && members.some((member) => member.state === 'AWAITING_CONFIRMATION');
  return (
    (state === 'CANCELLED' || effectiveDate < today) && !isAwaited && deliveries.every(({ status }) => OVER.has(status))
  );
}

/** The first day on which it is erased by itself, if nothing happens any more. */
function lastDayOf({ effectiveDate, declaredAt, changedAt, deliveries }: Move, retentionDays: number): string {
  const instants = [changedAt ?? declaredAt, ...deliveries.map(({ statusAt }) => statusAt)];
  const last = [effectiveDate, ...instants.map((instant) => instant.slice(0, 10))].sort().at(-1)!;
  return new Date(Date.parse(last) + (retentionDays + 1) * DAY_MS).toISOString().slice(0, 10);
}

/** Each in a transaction of its own, looked at again once nobody else can change it. */
async function eraseEach(
  moves: readonly Pick<Move, 'reference'>[],
  isDue: (move: Move) => boolean,
  { db, now }: ErasurePowers,
): Promise<readonly MoveReference[]> {
  const erased: MoveReference[] = [];
  for (const { reference } of moves) {
    const isErased = await db.transaction().execute(async (transaction) => {
      const locked = await lockMove(transaction, reference);
      if (locked === undefined || locked.erasedAt !== undefined) return false;
      const { declarant, deliveries } = locked;
      // In the order of every act. A recipient that writes in this moment has written, or finds it erased.
      await lockLanes(
        transaction,
        deliveries.map(({ agency }) => ({ declarant, agency })),
      );
      const move = (await findMove(transaction, reference))!;
      if (!isDue(move) || (await isStillToSay(transaction, reference))) return false;
      await eraseContent(transaction, reference, now());
      return true;
    });
    if (isErased) erased.push(reference);
  }
  return erased;
}

async function eraseContent(db: Database, reference: MoveReference, at: string): Promise<void> {
  const ofMove = db.selectFrom('move_deliveries').select('delivery').where('reference', '=', reference);
  await db.updateTable('moves').set({ content: null, erased_at: at }).where('reference', '=', reference).execute();
  await db.updateTable('move_members').set({ identity: null }).where('reference', '=', reference).execute();
  await db
    .updateTable('move_steps')
    .set({ reason: null })
    .where('delivery', 'in', ofMove)
    .where('reason', 'is not', null)
    .execute();
  await db
    .updateTable('move_deliveries')
    .set({ reason: null, sha256: null })
    .where('reference', '=', reference)
    .execute();
}

async function isStillToSay(db: Database, reference: MoveReference): Promise<boolean> {
  const found = await db
    .selectFrom('move_events')
    .innerJoin('move_deliveries', 'move_deliveries.delivery', 'move_events.delivery')
    .select('event_id')
    .where('move_deliveries.reference', '=', reference)
    .where('move_events.state', 'in', UNSAID)
    .executeTakeFirst();
  return found !== undefined;
}

/** What others' declarations know of a person who moved with them. */
async function erasePart(db: Database, subject: SubjectKey, moves: readonly Move[]): Promise<number> {
  if (moves.length === 0) return 0;
  const { numUpdatedRows } = await db
    .updateTable('move_members')
    .set({ identity: null })
    .where('subject', '=', subject)
    .where(
      'reference',
      'in',
      moves.map(({ reference }) => reference),
    )
    .where('identity', 'is not', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
