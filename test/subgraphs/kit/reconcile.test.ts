import { describe, expect, it } from '@jest/globals';
import { matchesByStatedRules } from '../../../subgraphs/kit/reconcile.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';

const LEGOFF: PivotIdentity = {
  family_name: 'LE GOFF',
  given_name: 'Anne-Laure Éloïse',
  birthdate: '1994-04-16',
  gender: 'female',
  birthplace: '29232',
  birthcountry: '99100',
};
const ABROAD: PivotIdentity = { ...LEGOFF, birthplace: '', birthcountry: '99351' };
const named = (family_name: string): PivotIdentity => ({ ...LEGOFF, family_name });
const born = (birthdate: string): PivotIdentity => ({ ...LEGOFF, birthdate });
const at = (birthplace: string): PivotIdentity => ({ ...LEGOFF, birthplace });
const { birthplace: _place, birthcountry: _country, gender: _gender, ...NAMES_AND_DATE } = LEGOFF;

describe('the same person', () => {
  it.each<[string, PivotIdentity, Partial<PivotIdentity>]>([
    ['spelt alike', LEGOFF, {}],
    ['in capitals without accents', LEGOFF, { given_name: 'ANNE-LAURE ELOISE' }],
    ['with a space for the hyphen', LEGOFF, { given_name: 'Anne Laure Éloïse' }],
    ['with decomposed accents', LEGOFF, { given_name: 'Anne-Laure E\u0301loi\u0308se' }],
    ['without the space of a particle', LEGOFF, { family_name: 'Legoff' }],
    ['with another apostrophe', named("D'ŒUVRE"), { family_name: 'd’oeuvre' }],
    ['with no apostrophe', named("N'GUESSAN"), { family_name: 'NGUESSAN' }],
    ['born on a presumed day', born('1994-04'), { birthdate: '1994-04-16' }],
    ['whose record knows the year alone', LEGOFF, { birthdate: '1994' }],
    ['presumed in two spellings', born('1994-00-00'), { birthdate: '1994' }],
    ['born in a district of Paris', at('75112'), { birthplace: '75056' }],
    ['born in a district of Lyon', at('69123'), { birthplace: '69383' }],
    ['born abroad, without a commune', ABROAD, {}],
    ['born abroad, the country in the place of the commune', ABROAD, { birthplace: '99351', birthcountry: '' }],
    ['known by a usage name besides', LEGOFF, { preferred_username: 'DURAND' }],
  ])('%s', (_what, asked, changes) => {
    expect(matchesByStatedRules(asked, { ...asked, ...changes })).toBe(true);
  });

  it('when the record knows neither gender nor place', () => {
    expect(matchesByStatedRules(LEGOFF, NAMES_AND_DATE)).toBe(true);
  });
});

describe('somebody else', () => {
  it.each<[string, PivotIdentity, Partial<PivotIdentity>]>([
    ['of another birth name', LEGOFF, { family_name: 'LE GALL' }],
    ['whose birth name is the usage name', { ...LEGOFF, preferred_username: 'DURAND' }, { family_name: 'DURAND' }],
    ['of whom only the first name is known, as of a twin', LEGOFF, { given_name: 'Anne-Laure' }],
    ['with the given names in another order', LEGOFF, { given_name: 'Éloïse Anne-Laure' }],
    ['born a day later', LEGOFF, { birthdate: '1994-04-17' }],
    ['presumed in another month', LEGOFF, { birthdate: '1994-05' }],
    ['whose date is broken', LEGOFF, { birthdate: '199' }],
    ['whose date is empty', LEGOFF, { birthdate: '' }],
    ['of the other gender', LEGOFF, { gender: 'male' }],
    ['born elsewhere', LEGOFF, { birthplace: '29019' }],
    ['born in another district of Paris’s neighbour', at('75112'), { birthplace: '93001' }],
    ['born in another district of the same city', at('75103'), { birthplace: '75104' }],
    ['born in the other half of Corsica', at('2A004'), { birthplace: '2B004' }],
    ['born in another country', ABROAD, { birthcountry: '99352' }],
    ['born abroad, not in France', ABROAD, { birthplace: '29232', birthcountry: '99100' }],
  ])('%s', (_what, asked, changes) => {
    expect(matchesByStatedRules(asked, { ...asked, ...changes })).toBe(false);
  });
});
