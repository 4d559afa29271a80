import { MET_PERSON_PREFIX } from '../../../schema/metPerson.ts';
import { findScope } from '../../../schema/scopes.ts';
import type { AgencyId, Reference, SubjectKey } from '../../platform/ids.ts';
import type { OpenMetPerson } from '../../platform/metPersons.ts';
import type { References } from '../../platform/references.ts';
import type { Decided, Refusal, Relatives, Verdict } from '../exchange.ts';
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

/** The desk of one request: the caller, their proven relatives, and strangers. `decided` may be judged anew while the request is under way. */
export function createPersonDesk(
  decided: Pick<Decided, 'caller' | 'relatives'>,
  grants: Pick<RequestGrants, 'issuedTo'>,
  { references, openMetPerson, whoIs }: PersonDeskPowers,
): PersonDesk {
  const { caller } = decided;
  const service = `service:${caller.service.siret}` as const;
  const before = decided.relatives;

  const openAnswered = (reference: string, agency: AgencyId): SubjectKey | undefined => {
    if (!reference.startsWith(MET_PERSON_PREFIX)) return references.openReference(reference, `agency:${agency}`);
    const met = openMetPerson(reference, grants.issuedTo(agency));
    return met && whoIs(met, before?.bySubject.values());
  };

  return {
    caller: caller.subject,
    judge: (subject) => (subject === caller.subject ? undefined : NOT_COVERED),
    verdictsOf(subject) {
      const now = decided.relatives;
      const verdicts = verdictsIn(now, subject, caller.subject);
      return now === before ? verdicts : asWithdrawn(verdicts, verdictsIn(before, subject, caller.subject));
    },
    metAt(agency) {
      if (!decided.relatives) return [];
      const covered = [...decided.relatives.bySubject.values()].filter(({ effectiveScopes }) =>
        holdsAny(agency, effectiveScopes),
      );
      return [caller.subject, ...covered.map(({ subject }) => subject)];
    },
    toAgency: (subject, agency) => references.referenceFor(subject, `agency:${agency}`),
    fromAgency(reference, agency) {
      const subject = openAnswered(reference, agency);
      if (subject === undefined || !before) return subject;
      // The dead and the protected have the face of whoever was never there.
      const standing = before.bySubject.get(subject)?.standing ?? 'PRESENT';
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

type Verdicts = readonly Verdict[] | undefined;

function verdictsIn(relatives: Relatives | undefined, subject: SubjectKey, caller: SubjectKey): Verdicts {
  return subject === caller ? relatives?.callersVerdicts : relatives?.bySubject.get(subject)?.verdicts;
}

/** What was open when the request was decided and is no more has been withdrawn meanwhile. */
function asWithdrawn(now: Verdicts, before: Verdicts): Verdicts {
  return now?.map((verdict, index) =>
    !verdict.allowed && before?.[index]?.allowed ? { ...verdict, reason: 'CONSENT_WITHDRAWN' } : verdict,
  );
}

/** Who may read nothing at an agency is not named to it. */
function holdsAny(agency: AgencyId, scopes: ReadonlySet<string>): boolean {
  for (const name of scopes) if (findScope(name)?.holder === agency) return true;
  return false;
}
