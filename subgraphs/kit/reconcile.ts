import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { RecordCandidate, RecordIdentity } from './agencyModule.ts';
import { foldName } from './foldName.ts';

/** Whether the person named by the hub and the person of a record are the same. */
export type IdentityMatcher = (asked: PivotIdentity, held: RecordIdentity) => boolean;

export type Reconciled<Row> =
  { readonly record: Row } | { readonly absent: 'NONE' | 'SEVERAL' | 'PROTECTED' | 'DECEASED' };

/**
 * Pivot identity to the agency's own record: exactly one match, or absent, never a guess. A record that is withheld counts as a
 * match, so that a namesake of a protected person is not served in their place.
 */
export function reconcile<Row>(
  asked: PivotIdentity,
  candidates: readonly RecordCandidate<Row>[],
  matches: IdentityMatcher,
): Reconciled<Row> {
  const found = candidates.filter((candidate) => matches(asked, candidate.identity));
  if (found.length === 0) return { absent: 'NONE' };
  if (found.length > 1) return { absent: 'SEVERAL' };
  const [only] = found;
  return only!.withheld ? { absent: only!.withheld } : { record: only!.record };
}

/**
 * The kit's rule set. Every fact that both sides know must agree; what one side does not know neither helps nor hinders.
 *
 * 1. Birth name: equal when folded (foldName.ts). The usage name never stands in for it: it is no fact of civil status
 *    (FranceConnect leaves `preferred_username` out of the pivot identity).
 * 2. Given names: all of them, in order, equal when folded. "Anne Laure", "Anne-Laure" and "ANNELAURE" are one, since sources separate names
 *    differently; a file that holds the first name only does not match, since a twin may share it.
 * 3. Birth date: equal, or one is presumed (RNIPP: day, or day and month, unknown; `1994-04`, `1994-04-00`, `1994`) and agrees
 *    as far as it goes.
 * 4. Gender: equal.
 * 5. Birth place (INSEE COG): same commune, where Paris, Lyon and Marseille are the same as one of their districts. For births
 *    abroad the country: a record with `99xxx` in the commune's place holds a country.
 *
 * Sources: FranceConnect, "identité pivot" (claims and their formats); INSEE, code officiel géographique; INSEE, RNIPP (presumed dates).
 */
export function matchesByStatedRules(asked: PivotIdentity, held: RecordIdentity): boolean {
  return (
    foldName(asked.family_name) === foldName(held.family_name) &&
    foldName(asked.given_name) === foldName(held.given_name) &&
    sameAsFarAsKnown(asked.birthdate, held.birthdate) &&
    (held.gender === undefined || held.gender === asked.gender) &&
    sameBirthPlace(placeOf(asked), placeOf(held))
  );
}

/** Whether an identity says all that a pivot identity can say: only then can it prove that two people are one. */
export function isCompleteIdentity(identity: RecordIdentity): boolean {
  const { commune, country } = placeOf(identity);
  const placed = commune !== undefined || (country !== undefined && country !== FRANCE);
  return identity.gender !== undefined && placed && known(identity.birthdate).length === 10;
}

function sameAsFarAsKnown(asked: string, held: string): boolean {
  const [a, b] = [known(asked), known(held)];
  return a.length >= 4 && b.length >= 4 && (a.startsWith(b) || b.startsWith(a));
}

/** `1994-04-00` and `1994-04` both know the month and no day. */
function known(date: string): string {
  return date.replace(/(-00)+$/, '');
}

const FRANCE = '99100';

interface BirthPlace {
  readonly commune: string | undefined;
  readonly country: string | undefined;
}

function placeOf({ birthplace = '', birthcountry = '' }: RecordIdentity): BirthPlace {
  if (birthplace.startsWith('99')) return { commune: undefined, country: birthplace };
  const commune = birthplace === '' ? undefined : cityOf(birthplace);
  return { commune, country: birthcountry || (commune && FRANCE) || undefined };
}

function sameBirthPlace(asked: BirthPlace, held: BirthPlace): boolean {
  const sameCountry = !asked.country || !held.country || asked.country === held.country;
  const sameCommune = !asked.commune || !held.commune || asked.commune === held.commune;
  return sameCountry && sameCommune;
}

/** Districts of the three cities have codes of their own beside the city's: 75101-75120, 69381-69389, 13201-13216. */
function cityOf(commune: string): string {
  if (/^751(0[1-9]|1\d|20)$/.test(commune)) return '75056';
  if (/^6938[1-9]$/.test(commune)) return '69123';
  if (/^132(0[1-9]|1[0-6])$/.test(commune)) return '13055';
  return commune;
}
