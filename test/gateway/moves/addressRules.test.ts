import { beforeAll, describe, expect, test } from '@jest/globals';
import { type AddressInput, checkAddress } from '../../../gateway/registers/moves/addressRules.ts';
import { type Communes, loadCommunes } from '../../../gateway/registers/moves/communes.ts';
import { allCountries, findCountry, searchCountries } from '../../../gateway/registers/moves/countries.ts';

let communes: Communes;
beforeAll(async () => {
  communes = await loadCommunes();
});

/** Codes in force, without those of the past, of INSEE's file of countries and foreign territories (2025, table `v_pays_et_territoire_depuis_1943`); both ends included. */
const COG_IN_FORCE = [
  ...[
    [100, 114],
    [116, 123],
    [125, 140],
    [144, 145],
    [148, 148],
    [151, 151],
    [155, 162],
  ],
  ...[
    [201, 201],
    [203, 208],
    [212, 217],
    [219, 220],
    [222, 227],
    [229, 232],
    [234, 236],
    [238, 243],
    [246, 262],
    [265, 265],
  ],
  ...[
    [301, 304],
    [306, 306],
    [308, 319],
    [321, 324],
    [326, 352],
    [363, 363],
    [389, 399],
  ],
  ...[
    [401, 401],
    [404, 447],
    [501, 503],
    [505, 517],
    [519, 522],
    [699, 699],
  ],
].flatMap(([first, last]) => Array.from({ length: last! - first! + 1 }, (_, index) => `99${first! + index}`));
/** Île des Faisans, Chagos, Terres australes norvégiennes, and the claims in Antarctica. */
const NOBODY_LIVES_THERE = ['99162', '99308', '99363', '99446', '99447', '99699'];

const check = (change: Partial<AddressInput>) =>
  checkAddress({ streetLine: '3 rue du Port', city: '', countryCode: '99100', ...change }, communes, 'newAddress');
const problemsOf = (change: Partial<AddressInput>) =>
  check(change).problems.map(({ code, field }) => `${code} ${field}`);

describe('an address', () => {
  test.each([
    ['44000', 'nantes', 'Nantes', '44109'],
    ['42000', 'ST ETIENNE', 'Saint-Étienne', '42218'],
    ['75011', 'Paris', 'Paris', '75111'],
    ['13001', 'Marseille', 'Marseille', '13201'],
    ['69003', 'LYON', 'Lyon', '69383'],
    ['20000', 'Ajaccio', 'Ajaccio', '2A004'],
    ['97400', 'Saint-Denis', 'Saint-Denis', '97411'],
    ['98800', 'Nouméa', 'Nouméa', '98818'],
  ])('%s %s is %s, %s', (postCode, city, name, inseeCode) => {
    expect(check({ postCode, city })).toMatchObject({ problems: [], address: { city: name, inseeCode, postCode } });
  });

  test('in a former commune names it in line 5, under the commune of today and its code', () => {
    expect(check({ postCode: '01300', city: 'Arbignieu' }).address).toMatchObject({
      city: 'Arboys en Bugey',
      locality: 'Arbignieu',
      inseeCode: '01015',
    });
  });

  test('whose town could be several is for the person to settle, and settled by the code', () => {
    const several = communes.withPostCode('97500');
    expect(several.length).toBeGreaterThan(1);
    const [twice] = ambiguous();
    const { problems } = check({ postCode: twice!.postCode, city: twice!.name });
    expect(problems).toMatchObject([{ code: 'TOWN_AMBIGUOUS', field: 'newAddress.city' }]);
    const chosen = problems[0]!.candidates[0]!;
    expect(check({ postCode: twice!.postCode, city: twice!.name, inseeCode: chosen.inseeCode }).problems).toEqual([]);
  });

  test('is taken back as it was written by us, as an amendment brings it', () => {
    for (const [postCode, city] of [
      ['75002', 'PARIS'],
      ['01300', 'Arbignieu'],
      ['44000', 'nantes'],
    ] as const) {
      const { address } = check({ postCode, city });
      expect(check({ ...address }).address).toEqual(address);
    }
  });

  test('that contradicts itself is never mended by us', () => {
    expect(problemsOf({ postCode: '44000', city: 'Lyon' })).toEqual(['POST_CODE_ELSEWHERE newAddress.postCode']);
    expect(problemsOf({ postCode: '44000', city: 'Nulle-Part' })).toEqual(['TOWN_UNKNOWN newAddress.city']);
    expect(problemsOf({ postCode: '00999', city: 'Nulle-Part' })).toEqual(['POST_CODE_UNKNOWN newAddress.postCode']);
    expect(problemsOf({ postCode: '44000', city: 'Nantes', inseeCode: '69123' })).toEqual([
      'TOWN_AMBIGUOUS newAddress.city',
    ]);
  });

  test('abroad is one that names another country, with whatever that country writes', () => {
    const { address } = check({ countryCode: '99131', postCode: '1000', city: 'Bruxelles' });
    expect(address).toEqual({
      streetLine: '3 rue du Port',
      postCode: '1000',
      city: 'Bruxelles',
      countryCode: '99131',
      country: 'Belgique',
    });
    expect(problemsOf({ countryCode: '99999', city: 'X' })).toEqual(['COUNTRY_UNKNOWN newAddress.countryCode']);
    expect(searchCountries('bel', 5).map(({ code }) => code)).toEqual(['99131', '99429']);
  });

  test('is in every country or territory of the COG where somebody lives, and in none that is no more', () => {
    const known = Array.from({ length: 1000 }, (_, number) => `99${String(number).padStart(3, '0')}`).filter(
      findCountry,
    );
    expect(known).toEqual(COG_IN_FORCE.filter((code) => !NOBODY_LIVES_THERE.includes(code)));
    const all = allCountries();
    expect(all.map(({ code }) => code).sort()).toEqual(known);
    expect([all[0]!.name, all.at(-1)!.name]).toEqual(['Açores, Madère', 'Zimbabwe']);
    expect(new Set(all.map(({ englishName }) => englishName)).size).toBe(all.length);
    const codeOf = (name: string) => searchCountries(name, 5).map(({ code }) => code);
    expect(['Guern', 'ile de man', 'açores', 'tahiti'].map(codeOf)).toEqual([['99161'], ['99161'], ['99319'], []]);
  });

  test('is kept to the lines of a letter, and to the characters of one', () => {
    expect(problemsOf({ streetLine: '', city: '' })).toEqual([
      'MISSING newAddress.city',
      'MISSING newAddress.streetLine',
      'MISSING newAddress.postCode',
    ]);
    expect(problemsOf({ streetLine: 'x'.repeat(39), postCode: '44000', city: 'Nantes' })).toEqual([
      'TOO_LONG newAddress.streetLine',
    ]);
    expect(problemsOf({ streetLine: '<b>3</b>', postCode: '44000', city: 'Nantes' })).toEqual([
      'MALFORMED newAddress.streetLine',
    ]);
  });
});

test('towns are found by the beginning of their name, whole names first', () => {
  const found = communes.search({ name: 'Nant', postCode: '44', first: 3 }).map(({ name }) => name);
  expect(found[0]).toBe('Nantes');
  expect(communes.search({ name: 'vienne', first: 1 })).toMatchObject([{ name: 'Vienne' }]);
  expect(communes.search({ first: 10 })).toEqual([]);
});

/** Names that two towns of one postcode share once they are folded. */
function ambiguous(): { name: string; postCode: string }[] {
  const found: { name: string; postCode: string }[] = [];
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    for (const { name, postCodes } of communes.search({ name: letter, first: 10_000 })) {
      for (const postCode of postCodes) {
        const codes = new Set(
          communes
            .named(name)
            .filter((one) => one.postCodes.includes(postCode))
            .map(({ inseeCode }) => inseeCode),
        );
        if (codes.size > 1) found.push({ name, postCode });
      }
    }
    if (found.length > 0) break;
  }
  return found;
}
