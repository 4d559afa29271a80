import type { Acr } from '../../../schema/acr.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { type Clock, dayInParis } from '../../platform/clock.ts';
import type { RequestId, SubjectKey } from '../../platform/ids.ts';
import type { MoveCaller } from './face.ts';
import { ageOn } from './moveRules.ts';

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

/** The minor children for whom a caller may declare: by proof of civil status, with parental authority. The dead and the protected are nobody's. */
export function createProveChildren(proveRelations: ProveRelations, clock: Clock) {
  return async ({ subject, identity, acr, requestId }: MoveCaller) => {
    const proof = await proveRelations({ caller: { subject, pivot: identity, acr }, requestId });
    const today = dayInParis(clock());
    const children = proof?.relatives.filter(({ role, parentalAuthority, standing, pivot }) => {
      const isMinor = ageOn(today, pivot.birthdate) < MAJORITY_YEARS;
      return role === 'CHILD' && parentalAuthority && standing === 'PRESENT' && isMinor;
    });
    return children && new Map(children.map((child) => [child.subject, child.pivot]));
  };
}
