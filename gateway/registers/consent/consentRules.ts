import type { LegalBasis, PurposeName } from '../../../schema/purposes.ts';
import { type ScopeName, expandScopes } from '../../../schema/scopes.ts';
import { HubError } from '../../platform/errors.ts';
import type { ClientId } from '../../platform/ids.ts';
import type { GiveConsent } from './consent.ts';

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

/**
 * A consent as it may be written: for a service that was approved to ask on the ground of consent, no more than it was approved for, ending
 * in the future and within three years. Throws HubError HUB_CONSENT_INPUT_INVALID with `detailKey`, the input field at fault.
 */
export function checkConsentInput(
  input: ConsentInput,
  terms: ApprovedTerms | undefined,
  nowMs: number,
): Omit<GiveConsent, 'subject'> {
  if (terms === undefined) throw invalid('purpose');
  // Where the law is the basis there is nothing to consent to: the person is informed, by a notice, and may object.
  if (terms.legalBasis !== 'CONSENT_RGPD_6_1_A') throw invalid('legalBasis');

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
    kind: 'CONSENT',
    legalBasis: terms.legalBasis,
    scopes: [...expandScopes(input.scopes)].sort(),
    expiresAt: new Date(expiresAtMs).toISOString(),
  };
}

function invalid(detailKey: 'purpose' | 'legalBasis' | 'scopes' | 'expiresAt'): HubError {
  return new HubError('HUB_CONSENT_INPUT_INVALID', { extensions: { detailKey } });
}

function yearsAfter(nowMs: number, years: number): number {
  const date = new Date(nowMs);
  return date.setUTCFullYear(date.getUTCFullYear() + years);
}
