import { MET_PERSON_PREFIX } from '../../../schema/metPerson.ts';
import { findScope } from '../../../schema/scopes.ts';
import type { AgencyId, Reference, SubjectKey } from '../../platform/ids.ts';
import type { OpenMetPerson } from '../../platform/metPersons.ts';
import type { References } from '../../platform/references.ts';
import type { Decided, Refusal, Verdict } from '../exchange.ts';
import type { RequestGrants } from './sealGrants.ts';
import type { WhoIs } from './whoIs.ts';

/**
 * Who is who in one request. Inside the engine a person is a SubjectKey; an agency and a service each know another reference.
 * Identity and consent plug in here.
 */
export interface PersonDesk {
  readonly caller: SubjectKey;
  /**
   * May this subject be named to the agency in fetch number `fetchIndex` of the program, where the caller's own stands? undefined = yes. Where a relative
   * may stand, `verdictsOf` says.
   */
  judge(subject: SubjectKey, agency: AgencyId, fetchIndex: number): Refusal | undefined;
  /**
   * What is decided about whoever stands where a relative may, by field index. undefined = a stranger: of them nothing is read but that they are
   * there (`id`, `__typename`).
   */
  verdictsOf(subject: SubjectKey): readonly Verdict[] | undefined;
  /** Whom that agency may answer about when it meets them within an answer about somebody else. */
  metAt(agency: AgencyId): readonly SubjectKey[];
  toAgency(subject: SubjectKey, agency: AgencyId): Reference;
  /** undefined = a person unknown to the hub, or absent. */
  fromAgency(reference: string, agency: AgencyId): SubjectKey | undefined;
  toService(subject: SubjectKey): Reference;
  /** undefined = nobody this service knows. */
  fromService(reference: string): SubjectKey | undefined;
}

const NOT_COVERED: Refusal = { reason: 'SUBJECT_NOT_COVERED', missingScopes: [], subject: 'OTHER' };

/** The desk of one request: the caller, their proven relatives, and strangers. */
export function createPersonDesk(
  { caller, relatives }: Pick<Decided, 'caller' | 'relatives'>,
  grants: Pick<RequestGrants, 'issuedTo'>,
  { references, openMetPerson, whoIs }: PersonDeskPowers,
): PersonDesk {
  const service = `service:${caller.service.siret}` as const;
  const { bySubject, callersVerdicts } = relatives ?? {};

  const openAnswered = (reference: string, agency: AgencyId): SubjectKey | undefined => {
    if (!reference.startsWith(MET_PERSON_PREFIX)) return references.openReference(reference, `agency:${agency}`);
    const met = openMetPerson(reference, grants.issuedTo(agency));
    return met && whoIs(met, bySubject?.values());
  };

  return {
    caller: caller.subject,
    judge: (subject) => (subject === caller.subject ? undefined : NOT_COVERED),
    verdictsOf: (subject) => (subject === caller.subject ? callersVerdicts : bySubject?.get(subject)?.verdicts),
    metAt(agency) {
      if (!bySubject) return [];
      const covered = [...bySubject.values()].filter(({ effectiveScopes }) => holdsAny(agency, effectiveScopes));
      return [caller.subject, ...covered.map(({ subject }) => subject)];
    },
    toAgency: (subject, agency) => references.referenceFor(subject, `agency:${agency}`),
    fromAgency(reference, agency) {
      const subject = openAnswered(reference, agency);
      if (subject === undefined || !bySubject) return subject;
      // The dead and the protected have the face of whoever was never there.
      const standing = bySubject.get(subject)?.standing ?? 'PRESENT';
      return standing === 'PRESENT' ? subject : undefined;
    },
    toService: (subject) => references.referenceFor(subject, service),
    fromService: (reference) => references.openReference(reference, service),
  };
}

export interface PersonDeskPowers {
  readonly references: References;
  readonly openMetPerson: OpenMetPerson;
  readonly whoIs: WhoIs;
}

/** Who may read nothing at an agency is not named to it. */
function holdsAny(agency: AgencyId, scopes: ReadonlySet<string>): boolean {
  for (const name of scopes) if (findScope(name)?.holder === agency) return true;
  return false;
}
