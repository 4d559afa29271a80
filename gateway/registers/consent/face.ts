import { type GrantSubject } from '../../../schema/grant.ts';
import type { PurposeName } from '../../../schema/purposes.ts';
import { findScope } from '../../../schema/scopes.ts';
import { type Clock, dayInParis } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import type { ClientId, ConsentId, SubjectKey } from '../../platform/ids.ts';
import { type FaceContext, type FacePerson, type OpenSubject, labelIn } from '../faceContext.ts';
import type { Consent, ConsentLedger } from './consent.ts';
import { type ApprovedTerms, type ConsentInput, checkConsentInput } from './consentRules.ts';

export interface ConsentFacePowers {
  readonly ledger: ConsentLedger;
  readonly clock: Clock;
  readonly openSubject: OpenSubject;
  /** What the service may ask for that purpose on that day; undefined when it may ask nothing. */
  readonly findTerms: (clientId: ClientId, purpose: PurposeName, dayInParis: string) => ApprovedTerms | undefined;
  readonly serviceOf: (clientId: ClientId) => unknown;
  readonly purposeOf: (name: PurposeName) => unknown;
}

/** The hub's own client: what a citizen does there, and nowhere else, is that citizen's own act (DESIGN, invariant 11). */
const PORTAL = 'portal';

/** `Citizen.consents`, `giveConsent` and `withdrawConsent`. Mutations throw HubError HUB_CONSENT_* and then nothing has changed. */
export function createConsentFace(powers: ConsentFacePowers) {
  const { ledger, clock, openSubject, serviceOf, purposeOf } = powers;

  function toGraph(consent: Consent) {
    return {
      ...consent,
      service: serviceOf(consent.clientId),
      purpose: purposeOf(consent.purpose),
      scopes: consent.scopes.map((name) => ({
        name,
        label: labelIn(findScope(name)?.label ?? { fr: name, en: name }),
      })),
      subjects: [{ role: 'SELF' }],
      receipt: null,
    };
  }

  return {
    Citizen: {
      async consents(person: FacePerson) {
        const consents = await ledger.listConsents(openSubject(person.subject!.reference));
        return consents.map(toGraph);
      },
    },
    Mutation: {
      async giveConsent(_parent: unknown, { input }: { readonly input: ConsentInput }, context: FaceContext) {
        const subject = ownSubject(context, openSubject);
        const now = clock();
        const terms = powers.findTerms(input.clientId as ClientId, input.purpose, dayInParis(now));
        const consent = await ledger.giveConsent({ ...checkConsentInput(input, terms, now), subject });
        return { consent: toGraph(consent), receipt: null };
      },
      async withdrawConsent(_parent: unknown, { id }: { readonly id: string }, context: FaceContext) {
        const subject = ownSubject(context, openSubject);
        const consent = await ledger.withdrawConsent(subject, id as ConsentId);
        if (consent === undefined) throw new HubError('HUB_CONSENT_UNKNOWN');
        return { consent: toGraph(consent), receipt: null };
      },
    },
  };
}

/** The caller, when it is the portal that speaks for them. */
function ownSubject({ grant }: FaceContext, openSubject: OpenSubject): SubjectKey {
  const self: GrantSubject | undefined = grant.subjects.find((subject) => subject.role === 'SELF');
  if (grant.service.clientId !== PORTAL || self === undefined) throw new HubError('HUB_CONSENT_PORTAL_ONLY');
  return openSubject(self.reference);
}
