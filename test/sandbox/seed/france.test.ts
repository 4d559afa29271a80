import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { createFrance, everybody, getPerson } from '../../../sandbox/seed/france.ts';
import { LOGINS } from '../../../sandbox/seed/personas.ts';
import { pivotOf, type Household, type Person } from '../../../sandbox/seed/people.ts';
import { INSEE_CODES } from '../../../sandbox/seed/postalAddress.ts';
import { recordId, type Holder } from '../../../sandbox/seed/recordIds.ts';
import { readCase } from '../../../sandbox/seed/siadeCase.ts';
import { written, writtenFixtures } from './support.ts';

const france = createFrance();
const communes = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@etalab/decoupage-administratif/data/communes.json'), 'utf8'),
) as { code: string; nom: string; codesPostaux?: string[] }[];
const persons = [...france.persons.values()];
const fixtures = writtenFixtures();

/** Certainly of age, or certainly not, on every day of the current year. */
const isGrownUpChild = ({ birthDate }: Person): boolean => typeof birthDate !== 'string' && birthDate.$yearsAgo > 18;
const isMinorChild = ({ birthDate }: Person): boolean => typeof birthDate !== 'string' && birthDate.$yearsAgo < 18;

type Administration = Exclude<Holder, 'energy'>;

function holdersOf({ id, adults }: Household): readonly Administration[] {
  const known: Record<Administration, boolean> = {
    'civil-status': fixtures.records.some((record) => record.id === recordId('civil-status', adults[0]!.id)),
    family: fixtures.files.some((file) => file.id === recordId('family', id)),
    income: fixtures.assessments.some((assessment) => assessment.household === recordId('income', id)),
    address: fixtures.addresses.some((entry) => entry.id === recordId('address', adults[0]!.id)),
  };
  return (Object.keys(known) as Administration[]).filter((holder) => known[holder]);
}

describe('the France of the sandbox', () => {
  it('has at least 20 households known to all four administrations', () => {
    const complete = france.households.filter((household) => holdersOf(household).length === 4);
    expect(complete.length).toBeGreaterThanOrEqual(20);
  });

  it('has a household unknown to the family agency, and one unknown to the tax office', () => {
    const missing = (holder: Administration) => france.households.filter((home) => !holdersOf(home).includes(holder));
    expect(missing('family').map(({ id }) => id)).toEqual([
      'delatour-thomas',
      'martin-jean',
      'cuillere-paul',
      'dupont-jean',
    ]);
    expect(missing('income').map(({ id }) => id)).toEqual(['martin-jean']);
    expect(missing('civil-status')).toEqual([]);
  });

  it.each<[string, (household: Household) => boolean]>([
    ['couples with minor children', ({ adults, children }) => adults.length === 2 && children.some(isMinorChild)],
    ['couples without children', ({ adults, children }) => adults.length === 2 && children.length === 0],
    ['lone parents', ({ adults, children }) => adults.length === 1 && children.length > 0],
    ['an adult child still in the family file', ({ children }) => children.some(isGrownUpChild)],
    ['five children', ({ children }) => children.length === 5],
    ['a civil partnership', ({ union }) => union?.kind === 'PACS'],
    [
      'two women married to each other',
      ({ adults, union }) =>
        union?.kind === 'MARRIAGE' && adults.every(({ gender }) => gender === 'female') && adults.length === 2,
    ],
    ['a file of the MSA', ({ familyFile }) => familyFile?.quotient_familial?.fournisseur === 'MSA'],
    ['childcare parameters', ({ familyFile }) => familyFile?.parametres_calcul_participation_familiale !== undefined],
    [
      'a child whose parent has no authority',
      ({ children }) => children.some(({ parents }) => parents.some(({ authority }) => !authority)),
    ],
  ])('has %s', (_kind, is) => {
    expect(france.households.filter(is).length).toBeGreaterThanOrEqual(1);
  });

  it.each<[string, (person: Person) => boolean]>([
    ['a birth date known to the year', ({ birthDate }) => typeof birthDate === 'string' && /^\d{4}$/.test(birthDate)],
    [
      'a birth date known to the month',
      ({ birthDate }) => typeof birthDate === 'string' && /^\d{4}-\d\d$/.test(birthDate),
    ],
    ['birth abroad', ({ birthPlace, birthCountry }) => birthPlace === null && birthCountry !== '99100'],
    [
      'an accent and a hyphen',
      ({ givenNames }) => givenNames.includes('Gérôme') && givenNames.includes('Jean-Philippe'),
    ],
    ['a compound name without hyphen', ({ givenNames }) => givenNames.includes('Jean Louis')],
    ['death', ({ deceasedOn }) => deceasedOn !== undefined],
    ['protection', (person) => person.protected === true],
    ['birth in a commune that has since been merged', ({ birthPlace }) => birthPlace === '01091'],
    ['a birth place that is no commune', ({ birthPlace }) => birthPlace === '75002'],
  ])('has a person with %s', (_kind, is) => {
    expect(persons.filter(is).length).toBeGreaterThanOrEqual(1);
  });

  it('has exactly one pivot identity that two people share: one has a login, the other is in the files only', () => {
    const byPivot = new Map<string, string[]>();
    for (const person of persons) {
      const { preferred_username: _usage, ...pivot } = pivotOf(person);
      const key = JSON.stringify(pivot);
      byPivot.set(key, [...(byPivot.get(key) ?? []), person.id]);
    }
    const shared = [...byPivot.values()].filter((ids) => ids.length > 1);
    expect(shared).toEqual([['dubois-angela', 'dubois-angela-namesake']]);
    const logins = LOGINS.map(({ person }) => person);
    expect(logins).toContain('dubois-angela');
    expect(logins).not.toContain('dubois-angela-namesake');
  });

  it('keeps the broken values that the files hold', () => {
    const text = JSON.stringify(fixtures.files);
    for (const broken of ['"200&-04-23"', '"75002"', '"75107 PARIS"', 'FAKOR', "L'HÔTEL DE VILLE'"]) {
      expect(text).toContain(broken);
    }
  });

  it('lets children keep their age and adults their birth date, whatever the year', () => {
    for (const { adults, children, others } of france.households) {
      for (const adult of [...adults, ...others]) expect(adult.birthDate).toEqual(expect.any(String));
      for (const child of children)
        expect(child.birthDate).toEqual(expect.objectContaining({ $yearsAgo: expect.any(Number) }));
    }
  });

  it('knows every person of the pivot by the people of one household alone', () => {
    const ids = france.households.flatMap(everybody).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names parents, children and partners that exist', () => {
    for (const person of persons)
      for (const { parent } of person.parents) expect(getPerson(france, parent)).toBeDefined();
  });

  it('gives each agency ids of its own, which no other agency uses', () => {
    const ids = (path: string): string[] =>
      written<{ id: string }[]>(path).map(({ id }) => id.slice(id.indexOf('-') + 1));
    const all = [
      'subgraphs/civil-status/fixtures/records.json',
      'subgraphs/family/fixtures/files.json',
      'subgraphs/income/fixtures/assessments.json',
      'subgraphs/address/fixtures/addresses.json',
    ].flatMap(ids);
    expect(new Set(all).size).toBe(all.length);
  });

  it('spells communes by the official codes of their postcode and town', () => {
    const fold = (name: string): string =>
      name
        .normalize('NFD')
        .toUpperCase()
        .replace(/[^A-Z]/g, '');
    for (const [line, code] of Object.entries(INSEE_CODES)) {
      const commune = communes.find((entry) => entry.code === code)!;
      expect(commune.codesPostaux).toContain(line.slice(0, 5));
      expect(fold(commune.nom)).toContain(fold(line.slice(6)));
    }
  });
});

describe('the Duponts, whom every example uses', () => {
  const source = readCase(
    'api_particulier_v3_cnav_quotient_familial_with_france_connect/france_connect_200_cnaf_2_parents_3_mineurs.yml',
  ).payload as { data: Household['familyFile'] };
  const dupont = france.households.find(({ id }) => id === 'dupont')!;

  it('are the couple with three minor children and quotient 2550 of the FranceConnect cases', () => {
    expect(dupont.adults.map(({ id }) => id)).toEqual(['dupont-paul', 'dupont-angela']);
    expect(dupont.children).toHaveLength(3);
    expect(dupont.children.every(isMinorChild)).toBe(true);
    expect(dupont.familyFile?.quotient_familial).toMatchObject({ valeur: 2550, fournisseur: 'CNAF', mois: 2 });
  });

  it('stand in the family file as the case has them, but for the children’s years', () => {
    expect(dupont.familyFile?.allocataires).toEqual(source.data!.allocataires);
    expect(dupont.familyFile?.adresse).toEqual(source.data!.adresse);
    expect(dupont.familyFile?.enfants.map(({ prenoms }) => prenoms)).toEqual(['PIERRE', 'ROBERT', 'HENRY']);
    expect(dupont.familyFile?.enfants[0]?.date_naissance).toEqual({ $yearsAgo: 7, monthDay: '01-10' });
  });

  it('have in civil status the identity that FranceConnect calls with', () => {
    expect(pivotOf(getPerson(france, 'dupont-paul'))).toEqual({
      family_name: 'DUPONT',
      given_name: 'Paul Louis',
      given_name_array: ['Paul', 'Louis'],
      birthdate: '1962-08-24',
      gender: 'male',
      birthplace: '75107',
      birthcountry: '99100',
    });
  });
});

describe('people taken from other cases', () => {
  it.each([
    ['delatour-thomas', 'all_fc.yml'],
    ['martin-jean', 'cnous.yaml'],
    ['cnaf-georges', 'cnaf_qfv2.yml'],
  ])('%s has the claims of france_connect/%s', (id, file) => {
    const { token_introspection: claims } = readCase(`france_connect/${file}`).payload as {
      token_introspection: object;
    };
    const { preferred_username: _usage, ...pivot } = pivotOf(getPerson(france, id));
    expect(claims).toMatchObject(pivot);
  });

  it.each([
    ['delatour-thomas', 'fake_france_connect_extrait_immatriculation_vehicule.yaml'],
    ['cuillere-paul', 'france_connect_extrait_immatriculation_vehicule_locataire.yaml'],
  ])('%s lives where the vehicle of %s is registered', (id, file) => {
    const folder = 'api_particulier_v3_ants_extrait_immatriculation_vehicule_with_france_connect';
    const { data } = readCase(`${folder}/${file}`).payload as { data: { adresse_particulier: Record<string, string> } };
    const { num_voie, type_voie, libelle_voie, code_postal_ville } = data.adresse_particulier;
    const { address } = france.households.find((household) => household.id === id)!.addresses.at(-1)!;
    expect(address).toMatchObject({
      streetLine: [num_voie, type_voie, libelle_voie].join(' '),
      postCode: code_postal_ville,
    });
  });
});
