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
 * The kit's rule set; README.md says what each rule means for an agency's file, test/contract/identities.ts holds 60 cases of it. Every fact that both
 * sides know must agree; what one side does not know neither helps nor hinders, except where rule 6 asks for it.
 *
 * 1. Birth name: equal when folded (foldName.ts), and not empty. The usage name never stands in for it, alone or beside it: it is no fact of civil
 *    status (FranceConnect leaves `preferred_username` out of the pivot identity).
 * 2. Given names: all of them, in order, equal when folded; from `given_name_array` where there is one. "Anne Laure", "Anne-Laure" and "ANNELAURE" are
 *    one, since sources separate names differently. A file that holds the first name only does not match: brothers named Jean Marie and Jean Paul
 *    are two people, and in a family one Jean follows another.
 * 3. Birth date: equal, or one is presumed (day, or day and month, unknown; `1994-04`, `1994-04-00`, `1994`, `1994-00-00`) and agrees as
 *    far as it goes. What is no date agrees with nothing.
 * 4. Gender: equal.
 * 5. Birth place (INSEE COG): same commune, where Paris, Lyon and Marseille are the same as one of their districts, and Corsica's 2A and 2B the same as
 *    20, which they were until 1976; two districts, and 2A and 2B, are two. For births abroad the country: a record with `99xxx` in the commune's
 *    place holds a country.
 * 6. Enough: unless both sides know the full birth date, both must know the birth place. A name and a year would find namesakes.
 *
 * Not bridged, on purpose: abbreviations (St, J.), other transliterations (MUELLER for MÜLLER), particles left out, names in another order, communes
 * merged or renumbered since. Whoever needs them knows their own file, and hands in another matcher (AgencyDefinition.matches).
 *
 * Sources: FranceConnect, "identité pivot", https://docs.partenaires.franceconnect.gouv.fr (claims and their formats); INSEE, code officiel géographique,
 * https://www.insee.fr/fr/information/2560452 (communes, districts, countries); INSEE, Courrier des statistiques N8, 2022,
 * https://www.insee.fr/fr/information/6665188 (RNIPP: what it holds of a person, births abroad).
 */
export function matchesByStatedRules(asked: PivotIdentity, held: RecordIdentity): boolean {
  const [askedPlace, heldPlace] = [placeOf(asked), placeOf(held)];
  const bothDatesFull = known(asked.birthdate)?.length === FULL_DATE && known(held.birthdate)?.length === FULL_DATE;
  return (
    sameName(asked.family_name, held.family_name) &&
    sameName(givenNamesOf(asked), givenNamesOf(held)) &&
    sameAsFarAsKnown(asked.birthdate, held.birthdate) &&
    (held.gender === undefined || held.gender === asked.gender) &&
    sameBirthPlace(askedPlace, heldPlace) &&
    (bothDatesFull || (isPlaced(askedPlace) && isPlaced(heldPlace)))
  );
}

/** Whether an identity says all that a pivot identity can say: only then can it prove that two people are one. */
export function isCompleteIdentity(identity: RecordIdentity): boolean {
  return (
    identity.gender !== undefined && isPlaced(placeOf(identity)) && known(identity.birthdate)?.length === FULL_DATE
  );
}

/** Nobody is called nothing: two files that lack a name do not agree on it. */
function sameName(asked: string, held: string): boolean {
  const folded = foldName(asked);
  return folded !== '' && folded === foldName(held);
}

function givenNamesOf({ given_name, given_name_array }: RecordIdentity): string {
  return given_name_array && given_name_array.length > 0 ? given_name_array.join(' ') : given_name;
}

function sameAsFarAsKnown(asked: string, held: string): boolean {
  const [a, b] = [known(asked), known(held)];
  return a !== undefined && b !== undefined && (a.startsWith(b) || b.startsWith(a));
}

const FULL_DATE = 'YYYY-MM-DD'.length;
const DATE = /^(?:1[89]|20)\d{2}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/;

/** `1994-04-00` and `1994-04` both know the month and no day; undefined for what is no date, such as `1994-00-16`. */
function known(date: string): string | undefined {
  const part = date.replace(/(-00){1,2}$/, '');
  return DATE.test(part) ? part : undefined;
}

const FRANCE = '99100';

interface BirthPlace {
  readonly commune: string | undefined;
  readonly country: string | undefined;
}

/** What is no code of five characters (the name of a town abroad) is not known to be anywhere. */
function placeOf({ birthplace = '', birthcountry = '' }: RecordIdentity): BirthPlace {
  const country = /^99\d{3}$/.test(birthcountry) ? birthcountry : undefined;
  if (/^99\d{3}$/.test(birthplace)) return { commune: undefined, country: birthplace };
  const commune = /^(?:\d{2}|2[AB])\d{3}$/i.test(birthplace) ? birthplace.toUpperCase() : undefined;
  return { commune, country: country ?? (commune && FRANCE) };
}

function isPlaced({ commune, country }: BirthPlace): boolean {
  return commune !== undefined || (country !== undefined && country !== FRANCE);
}

function sameBirthPlace(asked: BirthPlace, held: BirthPlace): boolean {
  const sameCountry = !asked.country || !held.country || asked.country === held.country;
  const sameCommune = !asked.commune || !held.commune || sameAsFarAsCoded(asked.commune, held.commune);
  return sameCountry && sameCommune;
}

/** A code may be the coarser of the two; two fine ones that differ are two places. */
function sameAsFarAsCoded(asked: string, held: string): boolean {
  return asked === held || cityOf(asked) === held || asked === cityOf(held);
}

/** Districts of the three cities have codes of their own beside the city's (75101-75120, 69381-69389, 13201-13216); communes of Corsica have had two. */
function cityOf(commune: string): string {
  if (/^751(0[1-9]|1\d|20)$/.test(commune)) return '75056';
  if (/^6938[1-9]$/.test(commune)) return '69123';
  if (/^132(0[1-9]|1[0-6])$/.test(commune)) return '13055';
  return commune.replace(/^2[AB]/, '20');
}
