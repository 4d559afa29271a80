import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import type { Kysely } from '../../platform/database/database.ts';
import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import { insertDelivery } from './deliveryStore.ts';
import { type LaneQueues, advanceLane, lockLanes, say } from './eventStore.ts';
import type { DeclaredMove, DeliveryReference, Move, MoveDelivery, MoveReference } from './move.ts';
import { type MoveMessage, type MoveRecipients, sha256Of } from './moveMessages.ts';
import { createMoveReference } from './moveReference.ts';
import { insertMove, lockMove, markCancelled, updateMember, updateMove } from './moveStore.ts';
import type { MoveTables } from './moveTables.ts';

/*
 * What can happen to a declaration, each within one transaction with all that it makes to be said: a declaration that was acknowledged is on its way to
 * everybody, and one that was not is on its way to nobody. What is not the person's own, or has ended, is undefined and changes nothing.
 */

type Transaction = Kysely<MoveTables>;

export interface ActPowers {
  readonly queues: LaneQueues;
  readonly recipients: MoveRecipients;
  readonly messageFor: MoveMessage;
  /** ISO 8601 instant in UTC. */
  readonly now: () => string;
}

export async function declareMove(db: Transaction, move: DeclaredMove, powers: ActPowers): Promise<MoveReference> {
  const reference = createMoveReference() as MoveReference;
  await insertMove(db, reference, move, powers.now());
  await tellRecipients(db, { reference, declarant: move.declarant, move, known: [] }, powers);
  return reference;
}

export async function amendMove(
  db: Transaction,
  reference: MoveReference,
  move: DeclaredMove,
  powers: ActPowers,
): Promise<MoveReference | undefined> {
  const before = await lockMove(db, reference);
  if (before?.declarant !== move.declarant || before.state !== 'DECLARED') return undefined;
  await updateMove(db, reference, move, powers.now());
  await tellRecipients(db, { reference, declarant: move.declarant, move, known: before.deliveries }, powers);
  return reference;
}

export async function cancelMove(
  db: Transaction,
  { declarant, reference }: { readonly declarant: SubjectKey; readonly reference: MoveReference },
  powers: ActPowers,
): Promise<MoveReference | undefined> {
  const before = await lockMove(db, reference);
  if (before?.declarant !== declarant) return undefined;
  // Taken back a moment ago: this answer, too, comes when nothing can arrive any more.
  if (before.state === 'CANCELLED') return reference;
  await markCancelled(db, reference, powers.now());
  await tellRecipients(db, { reference, declarant, move: undefined, known: before.deliveries }, powers);
  return reference;
}

export async function confirmMember(
  db: Transaction,
  answer: {
    readonly subject: SubjectKey;
    readonly identity: PivotIdentity;
    readonly reference: MoveReference;
    readonly accept: boolean;
  },
  powers: ActPowers,
): Promise<MoveReference | undefined> {
  const before = await lockMove(db, answer.reference);
  const member = before?.members.find(({ subject }) => subject === answer.subject);
  if (before?.state !== 'DECLARED' || member?.state !== 'AWAITING_CONFIRMATION') return undefined;
  // Nobody can join what is no longer known.
  if (before.content === undefined) return undefined;
  const answered = answer.accept
    ? { ...member, state: 'INCLUDED' as const, identity: answer.identity }
    : { ...member, state: 'DECLINED' as const };
  await updateMember(db, answer.reference, answered);
  if (answer.accept) {
    const members = before.members.map((one) => (one.subject === answer.subject ? answered : one));
    const { reference, declarant, effectiveDate, content, deliveries } = before;
    const move = { declarant, effectiveDate, ...content, members, recipients: toldOf(before) };
    await tellRecipients(db, { reference, declarant, move, known: deliveries }, powers);
  }
  return answer.reference;
}

/** Those to whom the declaration goes as it stands: a delivery without content was taken back from its recipient. */
export function toldOf({ deliveries }: Move): readonly AgencyId[] {
  return deliveries.filter(({ sha256 }) => sha256 !== undefined).map(({ agency }) => agency);
}

interface Told {
  readonly reference: MoveReference;
  readonly declarant: SubjectKey;
  /** Undefined takes it back from everybody. */
  readonly move: DeclaredMove | undefined;
  /** The deliveries that there are already. */
  readonly known: readonly MoveDelivery[];
}

/** Says to each recipient what is new to it, and nothing to whom it would be the same. */
async function tellRecipients(
  db: Transaction,
  { reference, declarant, move, known }: Told,
  powers: ActPowers,
): Promise<void> {
  const agencies = [...new Set([...known.map(({ agency }) => agency), ...(move?.recipients ?? [])])].sort();
  await lockLanes(
    db,
    agencies.map((agency) => ({ declarant, agency })),
  );
  for (const agency of agencies) {
    const delivery = known.find((one) => one.agency === agency);
    const content = move?.recipients.includes(agency) ? powers.messageFor(agency, move) : null;
    const sha256 = content === null ? null : sha256Of(content);
    if (delivery !== undefined && (delivery.sha256 ?? null) === sha256) continue;
    const at = powers.now();
    const to = delivery?.delivery ?? (await newDelivery(db, { reference, agency, at }, powers));
    await say(db, { delivery: to, declarant, agency, content, sha256, at }, powers.queues);
    await advanceLane(db, { declarant, agency }, powers.queues);
  }
}

async function newDelivery(
  db: Transaction,
  of: { readonly reference: MoveReference; readonly agency: AgencyId; readonly at: string },
  { recipients }: ActPowers,
): Promise<DeliveryReference> {
  const delivery = createMoveReference() as DeliveryReference;
  await insertDelivery(db, { ...of, delivery, promisedDays: recipients.get(of.agency)!.promisedDays });
  return delivery;
}
