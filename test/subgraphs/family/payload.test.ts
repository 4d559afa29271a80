import { describe, expect, it } from '@jest/globals';
import { ageBracketOf } from '../../../subgraphs/family/ageBracket.ts';
import { readPayload, type FamilyPayload } from '../../../subgraphs/family/payload.ts';

const LINE = {
  nom_naissance: 'TEST',
  nom_usage: '',
  prenoms: ' ANNE  MARIE ',
  date_naissance: '1990-02-30',
  sexe: 'X',
};

function read(payload: Partial<FamilyPayload>): { file: ReturnType<typeof readPayload>; reported: string[] } {
  const reported: string[] = [];
  const file = readPayload(
    'id',
    'CNAF',
    { allocataires: [], enfants: [], ...payload },
    (path) => void reported.push(path),
  );
  return { file, reported };
}

describe('reading a fund’s answer', () => {
  it('takes empty text for nothing, and what cannot be read too', () => {
    const { file, reported } = read({ allocataires: [LINE] });
    expect(file.beneficiaries).toEqual([
      { birthName: 'TEST', usageName: null, givenNames: ['ANNE', 'MARIE'], birthDate: null, gender: null },
    ]);
    expect(reported).toEqual(['allocataires.date_naissance']);
  });

  it('does not report a date that is not there', () => {
    expect(read({ enfants: [{ ...LINE, date_naissance: null }] }).reported).toEqual([]);
  });

  it('keeps a presumed birth date', () => {
    expect(read({ enfants: [{ ...LINE, date_naissance: '1990-02' }] }).file.children[0]?.birthDate).toBe('1990-02');
  });

  it('reports an address whose last line has no postcode', () => {
    const { file, reported } = read({ adresse: { code_postal_ville: 'PARIS' } });
    expect(file.declaredAddress).toMatchObject({ postCode: null, city: null });
    expect(reported).toEqual(['adresse.code_postal_ville']);
  });

  it('lets an answer without address, quotient and childcare be', () => {
    expect(read({}).file).toMatchObject({ declaredAddress: null, quotient: null, childcare: null });
  });
});

describe('age brackets', () => {
  it.each([
    ['2023-06-16', 'UNDER_3'],
    ['2023-06-15', 'FROM_3_TO_5'],
    ['2020-06-16', 'FROM_3_TO_5'],
    ['2020-06-15', 'FROM_6_TO_10'],
    ['2015-06-15', 'FROM_11_TO_14'],
    ['2011-06-15', 'FROM_15_TO_17'],
    ['2008-06-16', 'FROM_15_TO_17'],
    ['2008-06-15', 'ADULT'],
    ['2013', 'FROM_11_TO_14'],
    ['2015', null],
    ['2020-06', null],
    ['1982', 'ADULT'],
  ])('born %s is %s on 15 June 2026', (birthDate, bracket) => {
    expect(ageBracketOf(birthDate, '2026-06-15')).toBe(bracket);
  });
});
