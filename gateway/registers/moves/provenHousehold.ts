import type { Acr } from '../../../schema/acr.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { type Clock, dayInParis } from '../../platform/clock.ts';
import type { RequestId, SubjectKey } from '../../platform/ids.ts';
import type { MoveCaller } from './face.ts';
import { type ProvenHousehold, ageOn } from './moveRules.ts';

/** Who somebody's relatives are, as the hub reads it from civil status for itself; undefined when it can't be known now. */
export type ProveRelations = (asked: {
  readonly caller: { readonly subject: SubjectKey; readonly pivot: PivotIdentity; readonly acr: Acr };
  readonly requestId: RequestId;
}) => Promise<{ readonly relatives: readonly ProvenRelative[] } | undefined>;

interface ProvenRelative {
  readonly subject: SubjectKey;
  readonly role: 'CHILD' | 'SPOUSE';
  readonly pivot: PivotIdentity;
  readonly parentalAuthority: boolean;
  readonly standing: 'PRESENT' | 'DECEASED' | 'PROTECTED';
}

const MAJORITY_YEARS = 18;

/** Whom a caller may name: their minor children with parental authority, and their partner, by proof of civil status. The dead and the protected are nobody's. */
export function createProveHousehold(proveRelations: ProveRelations, clock: Clock) {
  return async ({ subject, identity, acr, requestId }: MoveCaller): Promise<ProvenHousehold | undefined> => {
    const proof = await proveRelations({ caller: { subject, pivot: identity, acr }, requestId });
    if (proof === undefined) return undefined;
    const today = dayInParis(clock());
    const present = proof.relatives.filter(({ standing }) => standing === 'PRESENT');
    const children = present.filter(({ role, parentalAuthority, pivot }) => {
      return role === 'CHILD' && parentalAuthority && ageOn(today, pivot.birthdate) < MAJORITY_YEARS;
    });
    return {
      children: new Map(children.map((child) => [child.subject, child.pivot])),
      partner: present.find(({ role }) => role === 'SPOUSE')?.subject,
    };
  };
}
