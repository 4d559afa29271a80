import type { OpenConsents } from '../../gateway/registers/consent/consent.ts';

/** What a ledger answers of somebody whose own consents open these scopes, for as long as the test takes. */
export function openConsentsOf(
  scopes: ReadonlySet<string>,
  more: Partial<Omit<OpenConsents, 'scopes'>> = {},
): OpenConsents {
  return {
    scopes,
    key: [...scopes].sort().join(' '),
    validUntilMs: Number.POSITIVE_INFINITY,
    consented: scopes,
    declined: new Set(),
    children: new Map(),
    ...more,
  };
}
