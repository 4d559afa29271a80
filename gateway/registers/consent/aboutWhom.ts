import type { Acr } from '../../../schema/acr.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { ageOf } from '../../platform/ages.ts';
import { HubError } from '../../platform/errors.ts';
import type { RequestId, SubjectKey } from '../../platform/ids.ts';
import type { RelationProof } from '../../platform/relations.ts';
import type { ConsentSubject } from './consent.ts';
import { invalid } from './consentRules.ts';

/** As it comes from the graph. */
export interface SubjectInput {
  readonly role: 'SELF' | 'CHILD' | 'SPOUSE';
  /** The child's `id`, as the service that asks reads it. */
  readonly reference?: string | null;
}

/** Who somebody's relatives are, as the hub reads it from civil status for itself; undefined when it can't be known now. */
export type ProveRelations = (asked: {
  readonly caller: { readonly subject: SubjectKey; readonly pivot: PivotIdentity; readonly acr: Acr };
  readonly requestId: RequestId;
}) => Promise<RelationProof | undefined>;

/** Whose entry it will be, and about whom. */
export interface AboutWhom {
  readonly holder: SubjectKey;
  readonly subjects: readonly ConsentSubject[];
  /** Somebody else's form asks the holder: where the law opens a household's file it opens no partner's data, so that it takes consent. */
  readonly isPartners: boolean;
}

const MAJORITY = 18;

/** Whether this asks about anybody but the person themself, so that civil status has to say who is who. */
export function asksRelatives(asked: readonly SubjectInput[]): boolean {
  return asked.some(({ role }) => role !== 'SELF');
}

/**
 * The people an entry may be about: oneself; one's minor children under one's authority, all of them or by name; or one's partner alone, whose entry it
 * then is. Throws HUB_CONSENT_INPUT_INVALID (`subjects`) in the same words whether somebody is unknown, of age, protected or another's child, and
 * HUB_AGENCY_UNAVAILABLE when civil status can't be asked.
 */
export function aboutWhom(
  asked: readonly SubjectInput[],
  by: {
    readonly subject: SubjectKey;
    readonly proof: RelationProof | undefined;
    readonly dayInParis: string;
    /** Whom that service knows under that reference. */
    readonly openReference: (reference: string) => SubjectKey | undefined;
  },
): AboutWhom {
  const { subject, proof } = by;
  const evidence = proof && { id: proof.id, provenOn: proof.provenOn };
  if (!proof || !evidence) throw new HubError('HUB_AGENCY_UNAVAILABLE');
  const present = proof.relatives.filter(({ standing }) => standing === 'PRESENT');
  if (asked.some(({ role }) => role === 'SPOUSE')) {
    const partner = present.find(({ role }) => role === 'SPOUSE');
    if (asked.length > 1 || !partner) throw invalid('subjects');
    const subjects = [{ role: 'SELF', askedBy: subject, proof: evidence } as const];
    return { holder: partner.subject, subjects, isPartners: true };
  }
  const minors = present.filter(
    ({ role, parentalAuthority, pivot }) =>
      role === 'CHILD' && parentalAuthority && ageOf(pivot.birthdate, by.dayInParis) < MAJORITY,
  );
  const isChild = (key: SubjectKey | undefined) => minors.some((minor) => minor.subject === key);
  const children = asked
    .filter(({ role }) => role === 'CHILD')
    .flatMap(({ reference }) => {
      if (typeof reference !== 'string') return minors.map((minor) => minor.subject);
      const named = by.openReference(reference);
      if (named === undefined || !isChild(named)) throw invalid('subjects');
      return [named];
    });
  if (asked.some(({ role }) => role === 'CHILD') && children.length === 0) throw invalid('subjects');
  const self = asked.some(({ role }) => role === 'SELF') ? [{ role: 'SELF' } as const] : [];
  const ofChildren = [...new Set(children)].map(
    (child) => ({ role: 'CHILD', subject: child, proof: evidence }) as const,
  );
  return { holder: subject, subjects: [...self, ...ofChildren], isPartners: false };
}
