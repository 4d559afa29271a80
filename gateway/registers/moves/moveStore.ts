import type { Selectable } from 'kysely';
import type { CitizenReason } from '../../../schema/declaration.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import type {
  DeclaredMove,
  DeliveryReference,
  Move,
  MoveContent,
  MoveDelivery,
  MoveDeliveryStatus,
  MoveMember,
  MoveReference,
  MoveStep,
} from './move.ts';
import type { MoveTables } from './moveTables.ts';

type Database = Kysely<MoveTables>;

export async function insertMove(
  db: Database,
  reference: MoveReference,
  move: DeclaredMove,
  at: string,
): Promise<void> {
  const row = { reference, declarant: move.declarant, state: 'DECLARED' as const, declared_at: at, changed_at: null };
  await db
    .insertInto('moves')
    .values({ ...row, ...toColumns(move) })
    .execute();
  await insertMembers(db, reference, move.members);
}

/** Replaces what was declared; deliveries are not its business. */
export async function updateMove(
  db: Database,
  reference: MoveReference,
  move: DeclaredMove,
  at: string,
): Promise<void> {
  const changed = { ...toColumns(move), changed_at: at };
  await db.updateTable('moves').set(changed).where('reference', '=', reference).execute();
  await db.deleteFrom('move_members').where('reference', '=', reference).execute();
  await insertMembers(db, reference, move.members);
}

export async function markCancelled(db: Database, reference: MoveReference, at: string): Promise<void> {
  const changed = { state: 'CANCELLED' as const, changed_at: at };
  await db.updateTable('moves').set(changed).where('reference', '=', reference).execute();
}

export async function updateMember(db: Database, reference: MoveReference, member: MoveMember): Promise<void> {
  await db
    .updateTable('move_members')
    .set({ state: member.state, identity: member.identity ? JSON.stringify(member.identity) : null })
    .where('reference', '=', reference)
    .where('subject', '=', member.subject)
    .execute();
}

/** Nobody else changes the declaration until the transaction ends; undefined when there is none. */
export async function lockMove(db: Database, reference: MoveReference): Promise<Move | undefined> {
  const locked = await db
    .selectFrom('moves')
    .select('reference')
    .where('reference', '=', reference)
    .forUpdate()
    .execute();
  return locked.length === 0 ? undefined : findMove(db, reference);
}

export async function findMove(db: Database, reference: MoveReference): Promise<Move | undefined> {
  return (await readMoves(db, [reference]))[0];
}

/** Newest first. */
export async function listMoves(db: Database, subject: SubjectKey): Promise<readonly Move[]> {
  const own = await db.selectFrom('moves').select('reference').where('declarant', '=', subject).execute();
  const named = await db.selectFrom('move_members').select('reference').where('subject', '=', subject).execute();
  const references = [...new Set([...own, ...named].map(({ reference }) => reference as MoveReference))];
  return references.length === 0 ? [] : readMoves(db, references);
}

/** Whom a declaration is about; empty when there is none. */
export async function subjectsOf(db: Database, reference: MoveReference): Promise<readonly SubjectKey[]> {
  const own = await db.selectFrom('moves').select('declarant').where('reference', '=', reference).execute();
  const members = await db.selectFrom('move_members').select('subject').where('reference', '=', reference).execute();
  return [...own.map(({ declarant }) => declarant), ...members.map(({ subject }) => subject)] as SubjectKey[];
}

async function readMoves(db: Database, references: readonly MoveReference[]): Promise<readonly Move[]> {
  const ofThese = [...references];
  const rows = await db
    .selectFrom('moves')
    .selectAll()
    .where('reference', 'in', ofThese)
    .orderBy('declared_at', 'desc')
    .orderBy('reference')
    .execute();
  const members = await db
    .selectFrom('move_members')
    .selectAll()
    .where('reference', 'in', ofThese)
    .orderBy('position')
    .execute();
  const deliveries = await db
    .selectFrom('move_deliveries')
    .selectAll()
    .where('reference', 'in', ofThese)
    .orderBy('agency')
    .execute();
  const steps = await db
    .selectFrom('move_steps')
    .innerJoin('move_deliveries', 'move_deliveries.delivery', 'move_steps.delivery')
    .select(['move_steps.delivery', 'move_steps.at', 'move_steps.status', 'move_steps.reason'])
    .where('move_deliveries.reference', 'in', ofThese)
    .orderBy('move_steps.step_id')
    .execute();

  return rows.map((row): Move => {
    return {
      reference: row.reference as MoveReference,
      declarant: row.declarant as SubjectKey,
      state: row.state,
      declaredAt: row.declared_at,
      changedAt: row.changed_at ?? undefined,
      effectiveDate: row.effective_date,
      content: (row.content as unknown as MoveContent | null) ?? undefined,
      erasedAt: row.erased_at ?? undefined,
      members: members.filter(({ reference }) => reference === row.reference).map(toMember),
      deliveries: deliveries
        .filter(({ reference }) => reference === row.reference)
        .map((delivery) =>
          toDelivery(delivery, steps.filter((step) => step.delivery === delivery.delivery).map(toStep)),
        ),
    };
  });
}

function toColumns({ identity, oldAddress, newAddress, effectiveDate }: DeclaredMove) {
  const content: MoveContent = { identity, oldAddress, newAddress };
  return { content: JSON.stringify(content), effective_date: effectiveDate };
}

async function insertMembers(db: Database, reference: string, members: readonly MoveMember[]): Promise<void> {
  if (members.length === 0) return;
  const rows = members.map(({ subject, role, state, identity }, position) => {
    return { reference, subject, position, role, state, identity: identity ? JSON.stringify(identity) : null };
  });
  await db.insertInto('move_members').values(rows).execute();
}

function toMember({ subject, role, state, identity }: Selectable<MoveTables['move_members']>): MoveMember {
  return {
    subject: subject as SubjectKey,
    role,
    state,
    identity: (identity as PivotIdentity | null) ?? undefined,
  };
}

function toDelivery(row: Selectable<MoveTables['move_deliveries']>, steps: readonly MoveStep[]): MoveDelivery {
  return {
    delivery: row.delivery as DeliveryReference,
    agency: row.agency as AgencyId,
    status: row.status as MoveDeliveryStatus,
    reason: (row.reason as CitizenReason | null) ?? undefined,
    statusAt: row.status_at,
    sha256: row.sha256 ?? undefined,
    promisedDays: row.promised_days,
    steps,
  };
}

function toStep({ at, status, reason }: { at: string; status: string; reason: string | null }): MoveStep {
  return { at, status: status as MoveDeliveryStatus, reason: (reason as CitizenReason | null) ?? undefined };
}
