import type { LegalBasis, PurposeName } from '../../../schema/purposes.ts';
import { type ScopeName, expandScopes } from '../../../schema/scopes.ts';
import { HubError } from '../../platform/errors.ts';
import type { ClientId } from '../../platform/ids.ts';
import type { ConsentKind, ConsentTerms } from './consent.ts';

/** As it comes from the graph. */
export interface ConsentInput {
  readonly clientId: string;
  readonly purpose: PurposeName;
  readonly scopes: readonly string[];
  /** ISO 8601 instant in UTC. */
  readonly expiresAt: string;
}

/** What a habilitation says of consent. */
export interface ApprovedTerms {
  readonly scopes: ReadonlySet<ScopeName>;
  readonly legalBasis: LegalBasis;
}

const MAX_YEARS = 3;

/** The two bases for which the ledger keeps entries; the others need none. */
const KIND_BY_BASIS: Readonly<Partial<Record<LegalBasis, ConsentKind>>> = {
  CONSENT_RGPD_6_1_A: 'CONSENT',
  INFORMATION_L114_8: 'NOTICE',
};

/** What the ledger keeps on that ground; undefined when it needs no entry. */
export function kindOf(legalBasis: LegalBasis): ConsentKind | undefined {
  return KIND_BY_BASIS[legalBasis];
}

/**
 * A consent as it may be written: for a service that was approved to ask on a ground of one of these `kinds`, no more than it was approved for,
 * ending in the future and within three years. Throws HubError HUB_CONSENT_INPUT_INVALID with `detailKey`, the input field at fault.
 */
export function checkConsentInput(
  input: ConsentInput,
  terms: ApprovedTerms | undefined,
  nowMs: number,
  kinds: readonly ConsentKind[] = ['CONSENT'],
): ConsentTerms {
  if (terms === undefined) throw invalid('purpose');
  // Where the law is the basis there is nothing to consent to: the person is informed, by a notice, and may object.
  const kind = kindOf(terms.legalBasis);
  if (kind === undefined || !kinds.includes(kind)) throw invalid('legalBasis');

  const isWithin = (name: string) => {
    const expanded = [...expandScopes([name])];
    return expanded.length > 0 && expanded.every((scope) => terms.scopes.has(scope));
  };
  if (input.scopes.length === 0 || !input.scopes.every(isWithin)) throw invalid('scopes');

  const expiresAtMs = Date.parse(input.expiresAt);
  if (!(expiresAtMs > nowMs && expiresAtMs <= yearsAfter(nowMs, MAX_YEARS))) throw invalid('expiresAt');

  return {
    clientId: input.clientId as ClientId,
    purpose: input.purpose,
    kind,
    legalBasis: terms.legalBasis,
    scopes: [...expandScopes(input.scopes)].sort(),
    expiresAt: new Date(expiresAtMs).toISOString(),
  };
}

/** Printable ASCII, as OAuth 2.0 has it (RFC 6749, appendix A.5): it comes back in an address. */
const STATE = /^[\x20-\x7e]{1,512}$/;

/** Where the answer leads. Throws HUB_CONSENT_INPUT_INVALID for an address that is not, letter by letter, one of the service's own. */
export function checkReturn(returnUrl: string, state: string | null | undefined, registered: readonly string[]): void {
  if (!registered.includes(returnUrl)) throw invalid('returnUrl');
  if (state !== null && state !== undefined && !STATE.test(state)) throw invalid('state');
}

/** The scopes that a person accepts of a request, expanded; nothing but what was asked. Refusing all must be said, not left out. */
export function checkAnswer(
  accept: readonly string[],
  refuse: boolean,
  asked: readonly ScopeName[],
): readonly ScopeName[] {
  if (refuse === accept.length > 0) throw invalid('accept');
  const isAsked = (name: string) => {
    const expanded = [...expandScopes([name])];
    return expanded.length > 0 && expanded.every((scope) => asked.includes(scope));
  };
  if (!accept.every(isAsked)) throw invalid('accept');
  return [...expandScopes(accept)];
}

export function invalid(
  detailKey: 'purpose' | 'legalBasis' | 'scopes' | 'expiresAt' | 'returnUrl' | 'state' | 'accept' | 'subjects',
): HubError {
  return new HubError('HUB_CONSENT_INPUT_INVALID', { extensions: { detailKey } });
}

function yearsAfter(nowMs: number, years: number): number {
  const date = new Date(nowMs);
  return date.setUTCFullYear(date.getUTCFullYear() + years);
}
