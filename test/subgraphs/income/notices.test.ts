import { describe, expect, it } from '@jest/globals';
import { readCase } from '../../../sandbox/seed/siadeCase.ts';
import { readImpotParticulier } from '../../../subgraphs/income/impotParticulier.ts';
import { addressLine, dayOf, partialDateOf, situationOf } from '../../../subgraphs/income/noticeValues.ts';
import { readSvair, type SvairNotice } from '../../../subgraphs/income/svair.ts';

const KEY = { household: 'h', incomeYear: 2021 };

describe('reading notices', () => {
  it('reads the SVAIR case as it came, with its French dates', () => {
    const notice = readCase('api_particulier_v2_dgfip_svair/200.yaml').payload as SvairNotice;
    expect(readSvair(KEY, notice)).toMatchObject({
      referenceTaxIncome: 9001,
      issuedOn: '2022-07-08',
      collectedOn: '2022-07-31',
      declarant1: { birthDate: '1980-01-19' },
      declarant2: null,
    });
  });

  it('takes nothing for granted: an empty notice is an assessment of nulls', () => {
    const values = Object.entries(readImpotParticulier(KEY, {})).filter(([name]) => !(name in KEY));
    expect(values.map(([, value]) => value)).toEqual(values.map(() => null));
    expect(readSvair(KEY, {})).toEqual(readImpotParticulier(KEY, {}));
  });

  it('reads the one line of an address where the details are missing', () => {
    expect(readImpotParticulier(KEY, { aft: '1 RUE X 75002 PARIS' }).taxedAddress).toMatchObject({ city: 'PARIS' });
  });

  it.each([
    ['31/07/2022', '2022-07-31'],
    ['2022-07-31', '2022-07-31'],
    ['31/02/2022', null],
    ['', null],
    [undefined, null],
  ])('day %s is %s', (text, day) => {
    expect(dayOf(text)).toBe(day);
  });

  it.each([
    [{ jour: '24', mois: '08', annee: '1962' }, '1962-08-24'],
    [{ jour: null, mois: '08', annee: '1962' }, '1962-08'],
    [{ jour: '', mois: '', annee: '1962' }, '1962'],
    [{ jour: '40', mois: '08', annee: '1962' }, null],
    [undefined, null],
  ])('birth date %j is %s', (parts, date) => {
    expect(partialDateOf(parts)).toBe(date);
  });

  it.each([
    ['M', 'MARRIED'],
    ['C', 'SINGLE'],
    ['D', 'DIVORCED'],
    ['O', 'PACS'],
    ['V', 'WIDOWED'],
    ['Célibataire', 'SINGLE'],
    ['Pacsé(e)s', 'PACS'],
    ['?', null],
    ['', null],
  ])('family situation "%s" is %s', (text, situation) => {
    expect(situationOf(text)).toBe(situation);
  });

  it.each([
    ['42 RUE DE LA PAIX 75002 PARIS', { streetLine: '42 RUE DE LA PAIX', postCode: '75002', city: 'PARIS' }],
    [
      'BATIMENT 12345 RUE X 13001 MARSEILLE',
      { streetLine: 'BATIMENT 12345 RUE X', postCode: '13001', city: 'MARSEILLE' },
    ],
    ['POSTE RESTANTE', { streetLine: 'POSTE RESTANTE', postCode: null, city: null }],
  ])('address "%s"', (line, parts) => {
    expect(addressLine(line)).toMatchObject(parts);
  });
});
