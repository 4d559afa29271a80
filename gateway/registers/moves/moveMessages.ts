import { createHash } from 'node:crypto';
import type { TakenDeclaration } from '../../../schema/agencyManifest.ts';
import type { DeclaredPerson, MoveData, MoveField } from '../../../schema/declaration.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { PIVOT_CLAIMS } from '../../../schema/pivotIdentity.ts';
import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import type { References } from '../../platform/references.ts';
import type { DeclaredMove } from './move.ts';

/** What the agencies' manifests say of moves; an agency that is not in it takes none. */
export type MoveRecipients = ReadonlyMap<AgencyId, TakenDeclaration>;

/** The exact text that a recipient receives of a move: the fields that its manifest names, in the treaty's order, and nothing else. */
export type MoveMessage = (agency: AgencyId, move: Omit<DeclaredMove, 'recipients'>) => string;

/**
 * Preview and delivery both call this: what the citizen saw is what is signed. The same move gives the same bytes at any time, as long as the reference
 * key is not changed.
 */
export function createMoveMessage(
  recipients: MoveRecipients,
  references: Pick<References, 'referenceFor'>,
): MoveMessage {
  return (agency, move) => {
    const taken = recipients.get(agency);
    if (taken === undefined) throw new TypeError(`move messages: expected an agency that takes moves, got "${agency}"`);
    const person = (subject: SubjectKey, identity: PivotIdentity): DeclaredPerson => ({
      reference: references.referenceFor(subject, `agency:${agency}`),
      identity: inOrder(identity),
    });
    const included = move.members.filter(({ state }) => state === 'INCLUDED');
    const members = (role: 'ADULT' | 'CHILD') =>
      included.filter((member) => member.role === role).map(({ subject, identity }) => person(subject, identity!));
    const whole: Required<MoveData> = {
      declarant: person(move.declarant, move.identity),
      adults: members('ADULT'),
      children: members('CHILD'),
      effectiveDate: move.effectiveDate,
      oldAddress: move.oldAddress,
      newAddress: move.newAddress,
    };
    const named = new Set<MoveField>(taken.fields.map(({ name }) => name));
    return JSON.stringify(Object.fromEntries(Object.entries(whole).filter(([name]) => named.has(name as MoveField))));
  };
}

export function sha256Of(content: string): string {
  return createHash('sha256').update(content, 'utf8').digest('hex');
}

/** The claims of the pivot identity and no others, always in one order: an identity read from the database has another. */
function inOrder(identity: PivotIdentity): PivotIdentity {
  const claims = [...PIVOT_CLAIMS, 'given_name_array', 'preferred_username'] as const;
  const told = claims.filter((claim) => identity[claim] !== undefined).map((claim) => [claim, identity[claim]]);
  return Object.fromEntries(told) as PivotIdentity;
}
