import type { LegalBasis, PurposeName } from '../../../schema/purposes.ts';
import type { ScopeName } from '../../../schema/scopes.ts';
import type { ClientId, ConsentId, SubjectKey } from '../../platform/ids.ts';

export type ConsentStatus = 'REQUESTED' | 'ACTIVE' | 'REFUSED' | 'WITHDRAWN' | 'OBJECTED' | 'EXPIRED';
export type ConsentKind = 'CONSENT' | 'NOTICE';

/** One ledger entry as it stands now; the table beneath is append-only. */
export interface Consent {
  readonly id: ConsentId;
  readonly kind: ConsentKind;
  readonly status: ConsentStatus;
  readonly subject: SubjectKey;
  readonly clientId: ClientId;
  readonly purpose: PurposeName;
  readonly legalBasis: LegalBasis;
  readonly scopes: readonly ScopeName[];
  /** ISO 8601 instants in UTC. */
  readonly givenAt?: string;
  readonly expiresAt?: string;
  readonly endedAt?: string;
}

/** What is open for one (subject, service, purpose) at one moment. */
export interface OpenConsents {
  /** Interned: the same set of scopes is the same object, so that it can be a cache key by identity. */
  readonly scopes: ReadonlySet<ScopeName>;
  /** Canonical text of `scopes`, sorted and joined with a space: part of every verdict's key. */
  readonly key: string;
  /** Milliseconds since the epoch at which the first of them expires; Infinity when none does. */
  readonly validUntilMs: number;
}

export interface ConsentLedger {
  /**
   * Scopes that the subject's live consents and notices open now. Answers from memory when it can, else from the database.
   * Throws HubError HUB_LEDGER_UNAVAILABLE when the ledger does not answer: fail closed.
   */
  openConsents(subject: SubjectKey, clientId: ClientId, purpose: PurposeName): OpenConsents | Promise<OpenConsents>;
  listConsents(subject: SubjectKey): Promise<readonly Consent[]>;
  giveConsent(input: GiveConsent): Promise<Consent>;
  /** Ends a consent of that subject; resolves when no later read can see it open. Undefined when that subject has no such consent. */
  withdrawConsent(subject: SubjectKey, id: ConsentId): Promise<Consent | undefined>;
}

export interface GiveConsent {
  readonly subject: SubjectKey;
  readonly clientId: ClientId;
  readonly purpose: PurposeName;
  readonly kind: ConsentKind;
  readonly legalBasis: LegalBasis;
  readonly scopes: readonly ScopeName[];
  /** ISO 8601 instant in UTC. */
  readonly expiresAt: string;
}
