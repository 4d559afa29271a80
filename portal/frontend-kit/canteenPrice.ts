import { FamilyQuotient } from './generated.ts';
import { missingConsents, type HubClient } from './hubClient.ts';

/** What a page shows: a price, links at which to open what is missing, or the way for who cannot or will not. */
export type CanteenPrice =
  | { readonly kind: 'price'; readonly centsPerMeal: number }
  | { readonly kind: 'ask'; readonly links: readonly string[] }
  | { readonly kind: 'upload'; readonly why: string };

/** Cents for a meal, by quotient: an invented tariff. */
const TARIFF = [
  [600, 100],
  [1200, 250],
  [Infinity, 430],
] as const;

/** One query, and a value or a reason: the pattern of every procedure. */
export async function canteenPrice(hub: HubClient, token: string): Promise<CanteenPrice> {
  const { data, errors } = await hub.ask(FamilyQuotient, {}, token);
  const quotient = data?.me?.familyFile?.quotient?.value;
  if (typeof quotient === 'number') {
    return { kind: 'price', centsPerMeal: TARIFF.find(([below]) => quotient < below)![1] };
  }
  const links = missingConsents(errors);
  if (links.length > 0) return { kind: 'ask', links };
  return { kind: 'upload', why: errors[0]?.message ?? 'the agency holds no file of this person' };
}
