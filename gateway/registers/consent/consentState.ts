import type { ScopeName } from '../../../schema/scopes.ts';
import type { Consent } from './consent.ts';
import type { ConsentEvent } from './consentStore.ts';

/** What each consent is at that moment, from its acts (oldest first); in the order in which they began. */
export function foldConsents(events: readonly ConsentEvent[], nowMs: number): readonly Consent[] {
  const consents = new Map<string, Consent>();
  for (const { type, at, consent } of events) {
    const before = consents.get(consent.id);
    switch (type) {
      case 'GIVEN':
        consents.set(consent.id, { ...consent, status: 'ACTIVE', givenAt: at });
        break;
      case 'WITHDRAWN':
      case 'OBJECTED':
        consents.set(consent.id, { ...(before ?? consent), status: type, endedAt: at });
        break;
      default:
        throw new TypeError(`consent event: expected a known type, got "${type satisfies never}"`);
    }
  }
  return [...consents.values()].map((consent) =>
    isOver(consent, nowMs) ? { ...consent, status: 'EXPIRED' } : consent,
  );
}

/** A consent that ends at this very millisecond is over. */
function isOver(consent: Consent, nowMs: number): boolean {
  return consent.status === 'ACTIVE' && consent.expiresAt !== undefined && Date.parse(consent.expiresAt) <= nowMs;
}

/** Scopes that the active ones open together, and the moment when the first of them ends, in ms since the epoch. */
export function openScopes(consents: readonly Consent[]): {
  readonly scopes: readonly ScopeName[];
  readonly validUntilMs: number;
} {
  const active = consents.filter((consent) => consent.status === 'ACTIVE');
  const ends = active.flatMap(({ expiresAt }) => (expiresAt === undefined ? [] : [Date.parse(expiresAt)]));
  return {
    scopes: [...new Set(active.flatMap((consent) => consent.scopes))].sort(),
    validUntilMs: Math.min(Infinity, ...ends),
  };
}
