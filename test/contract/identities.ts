import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { RecordIdentity } from '../../subgraphs/kit/agencyModule.ts';

/** Whom the hub names, whom a file holds, and whether they are one. Made by hand; all people are invented. */
export interface IdentityCase {
  readonly asked: PivotIdentity;
  readonly held: RecordIdentity;
  readonly same: boolean;
  readonly why: string;
}

const LEGOFF: PivotIdentity = {
  family_name: 'LE GOFF',
  given_name: 'Anne-Laure Éloïse',
  birthdate: '1994-04-16',
  gender: 'female',
  birthplace: '29232',
  birthcountry: '99100',
};
const BENALI: PivotIdentity = {
  family_name: 'BEN ALI',
  given_name: 'Mohamed Amine',
  birthdate: '1961-01-01',
  gender: 'male',
  birthplace: '',
  birthcountry: '99350',
};

type Held = Partial<Record<keyof PivotIdentity, unknown>>;

/** The file holds what the hub asks, except for this; undefined takes a fact away. */
function held(asked: PivotIdentity, changes: Held): RecordIdentity {
  const all = Object.entries({ ...asked, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all) as unknown as RecordIdentity;
}

const one = (why: string, asked: PivotIdentity, changes: Held): IdentityCase => ({
  asked,
  held: held(asked, changes),
  same: true,
  why,
});
const two = (why: string, asked: PivotIdentity, changes: Held): IdentityCase => ({
  ...one(why, asked, changes),
  same: false,
});
const named = (family_name: string): PivotIdentity => ({ ...LEGOFF, family_name });
const called = (given_name: string, given_name_array?: readonly string[]): PivotIdentity => ({
  ...LEGOFF,
  given_name,
  ...(given_name_array && { given_name_array }),
});
const born = (birthdate: string, of = LEGOFF): PivotIdentity => ({ ...of, birthdate });
const at = (birthplace: string): PivotIdentity => ({ ...LEGOFF, birthplace });
const PLACE_UNKNOWN: Held = { birthplace: undefined, birthcountry: undefined };

export const IDENTITIES: readonly IdentityCase[] = [
  // Birth names
  one('spelt alike', LEGOFF, {}),
  one('a file in capitals without accents', named('LÉVÊQUE-ÇAĞLAR'), { family_name: 'LEVEQUE CAGLAR' }),
  one('decomposed accents', named('GÉRÔME'), { family_name: 'GE\u0301RO\u0302ME' }),
  one('a particle joined to the name', LEGOFF, { family_name: 'LEGOFF' }),
  one('a particle in lower case', named("DE L'ÉPÉE"), { family_name: 'de l’Epee' }),
  one('a typographic apostrophe', named("D'ŒUVRE"), { family_name: 'd’oeuvre' }),
  one('an apostrophe that Unicode counts as a letter', named("N'GUESSAN"), { family_name: 'N\u02bcGUESSAN' }),
  one('no apostrophe at all', named("N'GUESSAN"), { family_name: 'NGUESSAN' }),
  one('an AE ligature', named('LÆTITIUS'), { family_name: 'LAETITIUS' }),
  one('a ligature of typesetting', named('AFFLECK'), { family_name: 'A\ufb04ECK' }),
  one('the double hyphen of a double name', named('DUPONT--MARTIN'), { family_name: 'DUPONT MARTIN' }),
  one('spaces that do not break, and twice', named('DA  SILVA'), { family_name: 'DA\u00a0SILVA' }),
  one('a stroked letter', named('SØRENSEN ŁUKASZ'), { family_name: 'SORENSEN LUKASZ' }),
  one('a sharp s in capitals', named('GROẞ'), { family_name: 'GROSS' }),
  one('a usage name beside the birth name', LEGOFF, { preferred_username: 'DURAND' }),
  two(
    'a usage name in the place of the birth name',
    { ...LEGOFF, preferred_username: 'DURAND' },
    { family_name: 'DURAND' },
  ),
  two(
    'birth name and usage name in one column',
    { ...LEGOFF, preferred_username: 'DURAND' },
    { family_name: 'LE GOFF DURAND' },
  ),
  two('a particle left out', named('DE LA TOUR'), { family_name: 'TOUR' }),
  two('an abbreviation', named('SAINT-MARTIN'), { family_name: 'ST MARTIN' }),
  two('a German transliteration', named('MÜLLER'), { family_name: 'MUELLER' }),
  two('a double name in the other order', named('DUPONT MARTIN'), { family_name: 'MARTIN DUPONT' }),
  two('half of a double name', named('DUPONT--MARTIN'), { family_name: 'DUPONT' }),
  two('one letter more', named('FAKIR'), { family_name: 'FAKIRI' }),
  two('a Cyrillic letter that looks Latin', named('MAPTIN'), { family_name: 'M\u0410PTIN' }),
  two('no name on either side', named('-'), { family_name: '?' }),
  // Given names
  one('a compound name without its hyphen', LEGOFF, { given_name: 'Anne Laure Eloise' }),
  one('names joined', LEGOFF, { given_name: 'ANNELAURE ELOISE' }),
  one('commas between the names', LEGOFF, { given_name: 'Anne-Laure, Éloïse' }),
  one('a compound name that one side holds as two', called('Anne Laure Éloïse', ['Anne Laure', 'Éloïse']), {
    given_name_array: ['Anne', 'Laure', 'Éloïse'],
  }),
  one('a list of names on one side, a text on the other', called('Anne-Laure', ['Anne-Laure', 'Éloïse']), {
    given_name: 'Anne Laure Eloise',
    given_name_array: undefined,
  }),
  one('an empty list of names', LEGOFF, { given_name_array: [] }),
  one('an apostrophe in a given name', called('M’Bayé'), { given_name: 'MBAYE' }),
  two('the first name alone', LEGOFF, { given_name: 'Anne-Laure' }),
  two('the first name alone in the list of names', called('Anne-Laure Éloïse', ['Anne-Laure', 'Éloïse']), {
    given_name_array: ['Anne-Laure'],
  }),
  two('names in another order', LEGOFF, { given_name: 'Éloïse Anne-Laure' }),
  two('an initial', LEGOFF, { given_name: 'Anne-Laure E.' }),
  two('one name more', LEGOFF, { given_name: 'Anne-Laure Éloïse Marie' }),
  two('no given name on either side', called(''), {}),
  // Birth dates
  one('a presumed day, where the file knows it', born('1994-04'), { birthdate: '1994-04-16' }),
  one('a presumed day as identity providers write it', born('1994-04-00'), { birthdate: '1994-04-16' }),
  one('a year alone, in two spellings', born('1994-00-00'), { birthdate: '1994' }),
  one('a file that knows the year alone', LEGOFF, { birthdate: '1994-00-00' }),
  one('a year alone and the first of January, abroad', born('1961', BENALI), { birthdate: '1961-01-01' }),
  two('a day later', LEGOFF, { birthdate: '1994-04-17' }),
  two('day and month exchanged', born('1994-04-05'), { birthdate: '1994-05-04' }),
  two('a presumed date in another month', born('1994-04'), { birthdate: '1994-05-16' }),
  two('a broken date', LEGOFF, { birthdate: '199&-04-16' }),
  two('a date in French order', LEGOFF, { birthdate: '16/04/1994' }),
  two('a day without its month', LEGOFF, { birthdate: '1994-00-16' }),
  two('no date on either side', born(''), {}),
  two('a presumed date where the file knows no place', born('1994'), PLACE_UNKNOWN),
  // Gender and places
  one('neither gender nor place in the file', LEGOFF, { gender: undefined, ...PLACE_UNKNOWN }),
  one('a district of Paris, and the city', at('75112'), { birthplace: '75056' }),
  one('Ajaccio before and after 1976', at('2A004'), { birthplace: '20004' }),
  one('a birth abroad, the country in the place of the commune', BENALI, { birthplace: '99350', birthcountry: '' }),
  one('a birth abroad, with the town’s name', BENALI, { birthplace: 'CASABLANCA' }),
  two('the other gender', LEGOFF, { gender: 'male' }),
  two('another commune', LEGOFF, { birthplace: '29019' }),
  two('another country', BENALI, { birthcountry: '99351' }),
  two('a birth abroad and one in France', BENALI, { birthplace: '75056', birthcountry: '99100' }),
];
