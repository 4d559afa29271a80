import type { LegalBasis, PurposeName } from '../../../schema/purposes.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { ClientId, ConsentId, SubjectKey } from '../../platform/ids.ts';

export type ConsentStatus = 'REQUESTED' | 'ACTIVE' | 'REFUSED' | 'WITHDRAWN' | 'OBJECTED' | 'EXPIRED';
export type ConsentKind = 'CONSENT' | 'NOTICE';
/** What can happen to a consent; each is one row, and no row is ever changed. A notice is objected to, a consent refused or withdrawn. */
export type ConsentActType = 'REQUESTED' | 'GIVEN' | 'REFUSED' | 'RENEWED' | 'WITHDRAWN' | 'OBJECTED';

/** One thing that happened to a consent, with its terms as they were from then on. */
export interface ConsentAct {
  readonly type: ConsentActType;
  /** ISO 8601 instants in UTC. */
  readonly at: string;
  readonly expiresAt: string;
  readonly scopes: readonly ScopeName[];
}

/** Whose data an entry is about, seen from the person whose entry it is. */
export interface ConsentSubject {
  /** `CHILD`: a minor for whom the person speaks. */
  readonly role: 'SELF' | 'CHILD';
  /** Which child. */
  readonly subject?: SubjectKey;
  /** The reading of civil status on which it rests that somebody spoke for the child, or that somebody's partner was asked. */
  readonly proof?: RelationEvidence;
  /** The partner whose form the person was asked for; absent where the person's own was. */
  readonly askedBy?: SubjectKey;
}

/** A reading of civil status. */
export interface RelationEvidence {
  readonly id: string;
  /** Day in Paris, `YYYY-MM-DD`. */
  readonly provenOn: string;
}

/** What a service and a person agree on. */
export interface ConsentTerms {
  readonly clientId: ClientId;
  readonly purpose: PurposeName;
  readonly kind: ConsentKind;
  readonly legalBasis: LegalBasis;
  readonly scopes: readonly ScopeName[];
  /** ISO 8601 instant in UTC. */
  readonly expiresAt: string;
  /** At least one [the person's own data]. */
  readonly subjects?: readonly ConsentSubject[];
}

/** One ledger entry as it stands now; the table beneath is append-only. */
export interface Consent extends ConsentTerms {
  readonly id: ConsentId;
  readonly status: ConsentStatus;
  readonly subject: SubjectKey;
  /** ISO 8601 instants in UTC. */
  readonly requestedAt?: string;
  readonly givenAt?: string;
  readonly endedAt?: string;
  /** All that happened to it, oldest first; at least one. */
  readonly acts: readonly ConsentAct[];
}

/** What was said yes and no to; a scope is in one of them at most, by the last word on it. */
export interface Word {
  readonly open: ReadonlySet<ScopeName>;
  readonly declined: ReadonlySet<ScopeName>;
}

/** What is open for one (subject, service, purpose) at one moment. */
export interface OpenConsents {
  /** Of the person's own data. Interned: the same set of scopes is the same object, so that it can be a cache key by identity. */
  readonly scopes: ReadonlySet<ScopeName>;
  /** Canonical text of `scopes`, sorted and joined with a space: part of every verdict's key. */
  readonly key: string;
  /** Milliseconds since the epoch at which the first of them expires; Infinity when none does. */
  readonly validUntilMs: number;
  /** Those of `scopes` that the person decided on themself; a notice informs and decides nothing. */
  readonly consented: ReadonlySet<ScopeName>;
  /** Refused, withdrawn or objected to, and not opened since. */
  readonly declined: ReadonlySet<ScopeName>;
  /** What the person said for their children. */
  readonly children: ReadonlyMap<SubjectKey, Word>;
}

export interface GiveConsent extends ConsentTerms {
  readonly subject: SubjectKey;
}

export interface RequestConsent extends GiveConsent {
  /** One that is registered for the service: the caller has checked it. */
  readonly returnUrl: string;
  readonly state?: string;
}

/** A service's question to one person. */
export interface ConsentRequest {
  readonly consent: Consent;
  readonly returnUrl: string;
  readonly state?: string;
  /** ISO 8601 instant in UTC; after it the request counts as EXPIRED. */
  readonly answerBefore: string;
}

/**
 * Every act names the person whose session it comes from, and finds nothing of anybody else's. All throw HubError HUB_LEDGER_UNAVAILABLE when the
 * ledger does not answer: fail closed.
 */
export interface ConsentLedger {
  /** Scopes that the subject's live consents and notices open now. Answers from memory when it can, else from the database. */
  openConsents(subject: SubjectKey, clientId: ClientId, purpose: PurposeName): OpenConsents | Promise<OpenConsents>;
  listConsents(subject: SubjectKey): Promise<readonly Consent[]>;
  giveConsent(input: GiveConsent): Promise<Consent>;
  /** Ends a consent of that subject; resolves when no later read can see it open. Undefined when that subject has no such consent. */
  withdrawConsent(subject: SubjectKey, id: ConsentId): Promise<Consent | undefined>;
  /** Puts a request before a person; opens nothing. Throws HUB_CONSENT_INPUT_INVALID when too many of the kind wait for an answer. */
  requestConsent(input: RequestConsent): Promise<Consent>;
  /** Puts a request before whoever has its link: the consent is nobody's until one person answers it. */
  requestByLink(input: Omit<RequestConsent, 'subject'>): Promise<Consent>;
  /** A link that nobody has answered, as if that subject had been asked; undefined when it is taken, or none. */
  findLink(subject: SubjectKey, id: ConsentId): Promise<ConsentRequest | undefined>;
  /** Makes it that subject's own request. False when somebody else was first, or there is no such link. */
  takeLink(subject: SubjectKey, id: ConsentId): Promise<boolean>;
  /** Undefined when that subject was never asked under that id. */
  findRequest(subject: SubjectKey, id: ConsentId): Promise<ConsentRequest | undefined>;
  /**
   * Opens the accepted scopes, or with none of them refuses all (a notice is objected to). Throws HUB_CONSENT_REQUEST_OVER when it was
   * answered before, in this very moment too, or its time has passed. Undefined when that subject was never asked.
   */
  answerRequest(
    subject: SubjectKey,
    id: ConsentId,
    accepted: readonly ScopeName[],
  ): Promise<ConsentRequest | undefined>;
  /** Erases what services noted for themselves beside questions to that subject that have ended; returns beside how many. The acts stay. */
  eraseRequestStates(subject: SubjectKey): Promise<number>;
  /** Moves the end of an active consent of that subject to a later instant; one that is not active stays as it is. */
  renewConsent(subject: SubjectKey, id: ConsentId, expiresAt: string): Promise<Consent | undefined>;
}
