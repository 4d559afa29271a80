import { type GrantSubject } from '../../../schema/grant.ts';
import type { PurposeName } from '../../../schema/purposes.ts';
import { findScope, type ScopeName } from '../../../schema/scopes.ts';
import { type Clock, dayInParis } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import type { ClientId, ConsentId, SubjectKey } from '../../platform/ids.ts';
import { type FaceContext, type FacePerson, type OpenSubject, labelIn } from '../faceContext.ts';
import type { Consent, ConsentKind, ConsentLedger, ConsentRequest } from './consent.ts';
import {
  type ApprovedTerms,
  type ConsentInput,
  checkAnswer,
  checkConsentInput,
  checkReturn,
  invalid,
  kindOf,
} from './consentRules.ts';

export interface ConsentFacePowers {
  readonly ledger: ConsentLedger;
  readonly clock: Clock;
  readonly openSubject: OpenSubject;
  /** What the service may ask for that purpose on that day; undefined when it may ask nothing. */
  readonly findTerms: (
    clientId: ClientId,
    purpose: PurposeName,
    dayInParis: string,
  ) => (ApprovedTerms & { readonly retentionMonths: number }) | undefined;
  /** Where that service may have citizens sent back to. */
  readonly returnUrlsOf: (clientId: ClientId) => readonly string[];
  readonly serviceOf: (clientId: ClientId) => unknown;
  readonly purposeOf: (name: PurposeName) => unknown;
  /** The signed receipt of all that happened to a consent (receipt.ts). */
  readonly receiptFor: (consent: Consent) => string;
  /** Where citizens answer: the start of every consentUrl. */
  readonly portalUrl: string;
}

/** As it comes from the graph. */
export interface RequestInput {
  readonly purpose: PurposeName;
  readonly scopes: readonly string[];
  /** ISO 8601 instant. */
  readonly until: string;
  readonly returnUrl: string;
  readonly state?: string | null;
}

/** The hub's own client: what a citizen does there, and nowhere else, is that citizen's own act (DESIGN, invariant 11). */
const PORTAL = 'portal';

/** What a citizen reads of their consents and does about them, and what a service asks. All throw HubError HUB_CONSENT_* and then nothing has changed. */
export function createConsentFace(powers: ConsentFacePowers) {
  const { ledger, clock, openSubject } = powers;
  const toGraph = createToGraph(powers);
  const toPayload = (consent: Consent) => ({ consent: toGraph(consent), receipt: powers.receiptFor(consent) });

  /** The caller's act on one of their own consents. */
  async function act(context: FaceContext, on: (subject: SubjectKey) => Promise<Consent | undefined>) {
    const consent = await on(portalCaller(context, openSubject));
    if (consent === undefined) throw new HubError('HUB_CONSENT_UNKNOWN');
    return toPayload(consent);
  }

  async function give(input: ConsentInput, context: FaceContext, kind: ConsentKind) {
    const subject = portalCaller(context, openSubject);
    const now = clock();
    const terms = powers.findTerms(input.clientId as ClientId, input.purpose, dayInParis(now));
    const consent = await ledger.giveConsent({ ...checkConsentInput(input, terms, now, [kind]), subject });
    return toPayload(consent);
  }

  async function findRequest(context: FaceContext, id: string) {
    const subject = portalCaller(context, openSubject);
    const request =
      (await ledger.findRequest(subject, id as ConsentId)) ?? (await ledger.findLink(subject, id as ConsentId));
    // The same words whether it is another person's or nobody's.
    if (request === undefined) throw new HubError('HUB_CONSENT_NOT_YOURS');
    return request;
  }

  /** A link becomes the person's own with their answer. Somebody who answered a moment before was first. */
  async function answerOrTake({ subject, id }: Consent, accepted: readonly ScopeName[]) {
    const answered = await ledger.answerRequest(subject, id, accepted);
    if (answered !== undefined) return answered;
    const taken = (await ledger.takeLink(subject, id)) && (await ledger.answerRequest(subject, id, accepted));
    if (!taken) throw new HubError('HUB_CONSENT_NOT_YOURS');
    return taken;
  }

  return {
    Citizen: {
      async consents(person: FacePerson) {
        const consents = await ledger.listConsents(openSubject(person.subject!.reference));
        return consents.map(toGraph);
      },
    },
    Query: {
      async consentRequest(_parent: unknown, { id }: { readonly id: string }, context: FaceContext) {
        const request = await findRequest(context, id);
        const { clientId, purpose } = request.consent;
        const terms = powers.findTerms(clientId, purpose, dayInParis(clock()));
        return {
          consent: toGraph(request.consent),
          answerBefore: request.answerBefore,
          retentionMonths: terms?.retentionMonths,
          returnTo: returnTo(request),
        };
      },
      consentOffer(_parent: unknown, { clientId, purpose }: OfferArguments, context: FaceContext) {
        portalCaller(context, openSubject);
        const terms = powers.findTerms(clientId as ClientId, purpose, dayInParis(clock()));
        const kind = terms && kindOf(terms.legalBasis);
        if (terms === undefined || kind === undefined) return null;
        const { legalBasis, retentionMonths } = terms;
        return {
          ...{ kind, legalBasis, retentionMonths },
          service: powers.serviceOf(clientId as ClientId),
          purpose: powers.purposeOf(purpose),
          scopes: [...terms.scopes].sort().map(toScope),
        };
      },
    },
    Subscription: {
      async consentChanged(_parent: unknown, _args: object, context: FaceContext) {
        const consents = await ledger.listConsents(portalCaller(context, openSubject));
        const isTold = (consent: Consent) => hasChanged(context, entryOf(consent));
        return consents.filter(isTold).map(toGraph);
      },
      async subjectChanged(_parent: unknown, _args: object, context: FaceContext) {
        const { self, clientId } = ownCaller(context);
        const { scopes } = await ledger.openConsents(openSubject(self.reference), clientId, context.grant.purpose);
        if (scopes.size === 0) throw new HubError('HUB_STREAM_RIGHTS_ENDED');
        const open = [...scopes];
        const changed = open.filter((name) => hasChanged(context, findScope(name)?.holder));
        return { open: open.map(toScope), changed: changed.map(toScope) };
      },
    },
    Mutation: {
      async requestConsent(_parent: unknown, { input }: { readonly input: RequestInput }, context: FaceContext) {
        const { self, clientId } = askingService(context);
        const now = clock();
        const { purpose, scopes, until: expiresAt, returnUrl, state } = input;
        const terms = powers.findTerms(clientId, purpose, dayInParis(now));
        const asked = checkConsentInput({ clientId, purpose, scopes, expiresAt }, terms, now, ['CONSENT', 'NOTICE']);
        checkReturn(returnUrl, state, powers.returnUrlsOf(clientId));
        const request = { ...asked, returnUrl, ...(typeof state === 'string' && { state }) };
        const consent =
          self === undefined
            ? await ledger.requestByLink(request)
            : await ledger.requestConsent({ ...request, subject: openSubject(self.reference) });
        return { consent: toGraph(consent), consentUrl: `${powers.portalUrl}/consents/${consent.id}` };
      },
      async answerConsentRequest(_parent: unknown, answer: AnswerArguments, context: FaceContext) {
        const { consent } = await findRequest(context, answer.id);
        if (consent.status !== 'REQUESTED') throw new HubError('HUB_CONSENT_REQUEST_OVER');
        const accepted = checkAnswer(answer.accept, answer.refuse, consent.scopes);
        if (!stillApproved(accepted, consent)) throw new HubError('HUB_CONSENT_REQUEST_OVER');
        const answered = await answerOrTake(consent, accepted);
        return { ...toPayload(answered.consent), returnTo: returnTo(answered) };
      },
      giveConsent: (_parent: unknown, { input }: { readonly input: ConsentInput }, context: FaceContext) =>
        give(input, context, 'CONSENT'),
      acknowledgeNotice: (_parent: unknown, { input }: { readonly input: ConsentInput }, context: FaceContext) =>
        give(input, context, 'NOTICE'),
      renewConsent: (
        _parent: unknown,
        { id, expiresAt }: { readonly id: string; readonly expiresAt: string },
        context: FaceContext,
      ) =>
        act(context, async (subject) => {
          const consent = (await ledger.listConsents(subject)).find((one) => one.id === id);
          if (consent?.status !== 'ACTIVE' || consent.kind !== 'CONSENT') return undefined;
          const terms = powers.findTerms(consent.clientId, consent.purpose, dayInParis(clock()));
          const renewed = checkConsentInput({ ...consent, expiresAt }, terms, clock());
          if (renewed.expiresAt <= consent.expiresAt) throw invalid('expiresAt');
          return ledger.renewConsent(subject, consent.id, renewed.expiresAt);
        }),
      withdrawConsent: (_parent: unknown, { id }: { readonly id: string }, context: FaceContext) =>
        act(context, (subject) => ledger.withdrawConsent(subject, id as ConsentId)),
      objectTo: (_parent: unknown, { id }: { readonly id: string }, context: FaceContext) =>
        act(context, async (subject) => {
          const consents = await ledger.listConsents(subject);
          const isNotice = consents.some((consent) => consent.id === id && consent.kind === 'NOTICE');
          return isNotice ? ledger.withdrawConsent(subject, id as ConsentId) : undefined;
        }),
    },
  };

  /** What a service may no longer have cannot be opened to it by a request of the past. */
  function stillApproved(scopes: readonly ScopeName[], { clientId, purpose, legalBasis }: Consent): boolean {
    const terms = powers.findTerms(clientId, purpose, dayInParis(clock()));
    if (scopes.length === 0) return true;
    return terms?.legalBasis === legalBasis && scopes.every((scope) => terms.scopes.has(scope));
  }
}

interface OfferArguments {
  readonly clientId: string;
  readonly purpose: PurposeName;
}

interface AnswerArguments {
  readonly id: string;
  readonly accept: readonly string[];
  readonly refuse: boolean;
}

/** How `consentChanged` names what changed: the entries of one service for one purpose. */
export function entryOf({ clientId, purpose }: { readonly clientId: string; readonly purpose: string }): string {
  return `${clientId} ${purpose}`;
}

/** Whether this event is about that. What is asked outside a stream tells everything. */
function hasChanged({ grant: { event } }: FaceContext, about: string | undefined): boolean {
  if (event === undefined || event.changes === 'EVERYTHING') return true;
  return about !== undefined && event.changes.has(about);
}

function toScope(name: ScopeName) {
  return { name, label: labelIn(findScope(name)?.label ?? { fr: name, en: name }) };
}

function createToGraph({ serviceOf, purposeOf, receiptFor }: ConsentFacePowers) {
  return (consent: Consent) => ({
    ...consent,
    service: serviceOf(consent.clientId),
    purpose: purposeOf(consent.purpose),
    scopes: consent.scopes.map(toScope),
    subjects: [{ role: 'SELF' }],
    history: consent.acts.map((act) => ({ ...act, scopes: act.scopes.map(toScope) })),
    // Signed when somebody asks for it.
    receipt: () => (consent.acts.some(({ type }) => type !== 'REQUESTED') ? receiptFor(consent) : null),
  });
}

function returnTo({ returnUrl, state }: ConsentRequest): string {
  const url = new URL(returnUrl);
  if (state !== undefined) url.searchParams.set('state', state);
  return url.href;
}

function ownCaller({ grant }: FaceContext): { readonly self: GrantSubject; readonly clientId: ClientId } {
  const self = grant.subjects.find((subject) => subject.role === 'SELF');
  if (self === undefined) throw new HubError('HUB_CONSENT_PORTAL_ONLY');
  return { self, clientId: grant.service.clientId as ClientId };
}

/** The service that asks: of the citizen whose token it presents, or by its own credentials of whoever will have the link. */
function askingService(context: FaceContext): { readonly self: GrantSubject | undefined; readonly clientId: ClientId } {
  const { office, service } = context.grant;
  if (office?.kind !== 'service') return ownCaller(context);
  return { self: undefined, clientId: service.clientId as ClientId };
}

/** The caller, when it is the portal that speaks for them. */
function portalCaller(context: FaceContext, openSubject: OpenSubject): SubjectKey {
  const { self, clientId } = ownCaller(context);
  if (clientId !== PORTAL) throw new HubError('HUB_CONSENT_PORTAL_ONLY');
  return openSubject(self.reference);
}
