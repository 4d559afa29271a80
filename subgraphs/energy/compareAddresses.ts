import { streetOf, wordsOf } from './streetWords.ts';

/** As much of an address as is compared; the recipient is not. */
export interface ComparedAddress {
  readonly additionalInfo?: string | null;
  readonly streetLine?: string | null;
  readonly locality?: string | null;
  readonly postCode?: string | null;
  readonly city?: string | null;
  readonly inseeCode?: string | null;
}

export type Comparison = 'YES' | 'NO' | 'UNDETERMINED';

/**
 * Whether two addresses are one dwelling. YES and NO are said only where spelling cannot be the reason; README.md holds the rules. What both sides know and
 * write differently beyond these rules is UNDETERMINED, and so is what only one of them knows, except a flat that the other leaves out.
 */
export function compareAddresses(given: ComparedAddress, held: ComparedAddress): Comparison {
  const parts = [compareTowns(given, held), compareStreets(given, held), compareDetails(given, held)];
  if (parts.includes('NO')) return 'NO';
  return parts.includes('UNDETERMINED') ? 'UNDETERMINED' : 'YES';
}

/** Town by code or by postcode and name: the same in all, in none, or it cannot be told. */
function compareTowns(given: ComparedAddress, held: ComparedAddress): Comparison {
  const known = [
    sameIfKnown(given.postCode?.trim(), held.postCode?.trim()),
    sameIfKnown(townOf(given.city), townOf(held.city)),
    sameIfKnown(given.inseeCode?.trim(), held.inseeCode?.trim()),
  ].filter((same) => same !== undefined);
  if (known.length === 0) return 'UNDETERMINED';
  if (known.every((same) => same)) return 'YES';
  return known.some((same) => same) ? 'UNDETERMINED' : 'NO';
}

/** `TOULOUSE CEDEX 4`, `PARIS 02`, `LYON 2E ARRONDISSEMENT` are towns: which part of them is the postcode's to say. */
function townOf(city: string | null | undefined): string {
  return wordsOf(city)
    .join(' ')
    .replace(/ CEDEX.*$/, '')
    .replace(/ \d{1,2}(?:E|EME|ER)?(?: ARRONDISSEMENT)?$/, '');
}

function sameIfKnown(given: string | undefined, held: string | undefined): boolean | undefined {
  return given && held ? given === held : undefined;
}

function compareStreets(given: ComparedAddress, held: ComparedAddress): Comparison {
  const [a, b] = [streetOf(given.streetLine), streetOf(held.streetLine)];
  // No street on either side: a hamlet, where the locality is the address.
  if (a.words.length === 0 && b.words.length === 0) {
    return compareNames(wordsOf(given.locality), wordsOf(held.locality));
  }
  const names = compareNames(a.words, b.words);
  if (names !== 'YES') return names;
  if (a.number !== b.number) return a.number && b.number ? 'NO' : 'UNDETERMINED';
  if (a.repetition === b.repetition) return 'YES';
  // "12" where the other says "12 BIS" may be left out; B may be short for BIS.
  return a.repetition === '' || b.repetition === '' || a.repetition[0] === b.repetition[0] ? 'UNDETERMINED' : 'NO';
}

/** Equal, clearly others, or close enough for a slip or a word left out. */
function compareNames(given: readonly string[], held: readonly string[]): Comparison {
  const [a, b] = [given.join(' '), held.join(' ')];
  if (a === '' || b === '') return 'UNDETERMINED';
  if (a === b) return 'YES';
  const shorter = given.length <= held.length ? given : held;
  const longer = shorter === given ? held : given;
  const isPart = shorter.every((word) => longer.includes(word));
  return isPart || distance(a, b) <= MAX_SLIPS ? 'UNDETERMINED' : 'NO';
}

/** Letters that somebody may have typed wrong. */
const MAX_SLIPS = 2;

/** Flat and locality count where both name them: two flats of one house are two dwellings, written in too many ways to say no. */
function compareDetails(given: ComparedAddress, held: ComparedAddress): Comparison {
  const differs = (['additionalInfo', 'locality'] as const).some((line) => {
    const [a, b] = [wordsOf(given[line]).join(' '), wordsOf(held[line]).join(' ')];
    return a !== '' && b !== '' && a !== b;
  });
  return differs ? 'UNDETERMINED' : 'YES';
}

/** Levenshtein: letters to add, drop or change. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(changed, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
