import { type GrantSubject } from '../../../schema/grant.ts';
import type { PurposeName } from '../../../schema/purposes.ts';
import { findScope, type ScopeName } from '../../../schema/scopes.ts';
import { type Clock, dayInParis } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import type { ClientId, ConsentId, RequestId, SubjectKey } from '../../platform/ids.ts';
import { type FaceContext, type FacePerson, type OpenSubject, labelIn } from '../faceContext.ts';
import { type AboutWhom, aboutWhom, asksRelatives, type ProveRelations, type SubjectInput } from './aboutWhom.ts';
import type { Consent, ConsentKind, ConsentLedger, ConsentRequest, ConsentSubject, RequestConsent } from './consent.ts';
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
  readonly proveRelations: ProveRelations;
  /** Whom the service with that SIRET knows under that reference. */
  readonly openServiceReference: (reference: string, siret: string) => SubjectKey | undefined;
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
  readonly subjects?: readonly SubjectInput[] | null;
}

interface GiveInput extends ConsentInput {
  readonly subjects?: readonly SubjectInput[] | null;
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

  async function give({ subjects, ...input }: GiveInput, context: FaceContext, kind: ConsentKind) {
    const subject = portalCaller(context, openSubject);
    const now = clock();
    const terms = powers.findTerms(input.clientId as ClientId, input.purpose, dayInParis(now));
    const given = checkConsentInput(input, terms, now, [kind]);
    // A partner speaks for themself, in a session of their own.
    if (subjects?.some(({ role }) => role === 'SPOUSE')) throw invalid('subjects');
    const whom = await findWhom(subjects, subject, context);
    return toPayload(await ledger.giveConsent({ ...given, subject, ...aboutIn(whom) }));
  }

  /** About whom an act of this person is; undefined = themself alone, of which nobody has to be asked. */
  async function findWhom(
    asked: readonly SubjectInput[] | null | undefined,
    subject: SubjectKey,
    { grant }: FaceContext,
  ): Promise<AboutWhom | undefined> {
    if (!asked || (asked.length > 0 && !asksRelatives(asked))) return undefined;
    if (asked.length === 0) throw invalid('subjects');
    const { pivot } = grant.subjects.find(({ role }) => role === 'SELF')!;
    const caller = { subject, pivot, acr: grant.acr };
    const proof = await powers.proveRelations({ caller, requestId: grant.requestId as RequestId });
    const openReference = (reference: string) => powers.openServiceReference(reference, grant.service.siret);
    return aboutWhom(asked, { subject, proof, dayInParis: dayInParis(clock()), openReference });
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
        const consent = await put(request, input.subjects, self, context);
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
      giveConsent: (_parent: unknown, { input }: { readonly input: GiveInput }, context: FaceContext) =>
        give(input, context, 'CONSENT'),
      acknowledgeNotice: (_parent: unknown, { input }: { readonly input: GiveInput }, context: FaceContext) =>
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

  /** Puts a request before whom it is for. Of whom nobody knows who they are, nobody knows the relatives either. */
  async function put(
    request: Omit<RequestConsent, 'subject'>,
    subjects: RequestInput['subjects'],
    self: GrantSubject | undefined,
    context: FaceContext,
  ): Promise<Consent> {
    if (self === undefined) {
      if (subjects && asksRelatives(subjects)) throw invalid('subjects');
      return ledger.requestByLink(request);
    }
    const subject = openSubject(self.reference);
    const whom = await findWhom(subjects, subject, context);
    const basis = whom?.isPartners ? PARTNERS_OWN : {};
    return ledger.requestConsent({ ...request, ...basis, subject: whom?.holder ?? subject, ...aboutIn(whom) });
  }

  /** What a service may no longer have cannot be opened to it by a request of the past. */
  function stillApproved(scopes: readonly ScopeName[], consent: Consent): boolean {
    const { clientId, purpose, legalBasis } = consent;
    const terms = powers.findTerms(clientId, purpose, dayInParis(clock()));
    if (scopes.length === 0) return true;
    if (terms === undefined) return false;
    const isSameGround = isPartners(consent) || terms.legalBasis === legalBasis;
    return isSameGround && scopes.every((scope) => terms.scopes.has(scope));
  }
}

/** The law opens a household's file, and not what a partner has elsewhere: that is theirs to consent to. */
const PARTNERS_OWN = { kind: 'CONSENT', legalBasis: 'CONSENT_RGPD_6_1_A' } as const;

function aboutIn(whom: AboutWhom | undefined): { readonly subjects?: readonly ConsentSubject[] } {
  return whom ? { subjects: whom.subjects } : {};
}

function isPartners({ subjects }: Consent): boolean {
  return subjects?.some(({ askedBy }) => askedBy !== undefined) === true;
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
    subjects: (consent.subjects ?? [{ role: 'SELF' } as const]).map(({ role, proof }) => {
      return { role, provenOn: proof?.provenOn ?? null };
    }),
    askedByPartner: isPartners(consent),
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
