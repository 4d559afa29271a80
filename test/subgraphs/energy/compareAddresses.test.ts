import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareAddresses, type ComparedAddress, type Comparison } from '../../../subgraphs/energy/compareAddresses.ts';

const HELD: ComparedAddress = { streetLine: '12 RUE DE LA PAIX', postCode: '31000', city: 'TOULOUSE', inseeCode: null };
const HAMLET: ComparedAddress = { locality: 'LE BOURG NEUF', postCode: '59226', city: 'LECELLES' };

describe('two addresses', () => {
  it.each<[Comparison, string, ComparedAddress, ComparedAddress?]>([
    ['YES', 'in capitals and not', { streetLine: '12 rue de la Paix', city: 'Toulouse' }],
    ['YES', 'with a comma and an abbreviation', { streetLine: '12, r. de la Paix' }],
    ['YES', 'without little words', { streetLine: '12 RUE PAIX' }],
    ['YES', 'with CEDEX', { city: 'TOULOUSE CEDEX 4' }],
    ['YES', 'with a code that one side alone has', { inseeCode: '31555' }],
    ['YES', 'with a flat that one side alone names', { additionalInfo: 'APPARTEMENT 7' }],
    ['YES', 'with accents', { streetLine: '3 ALLÉE ST ÉLOI' }, { streetLine: '3 all saint eloi' }],
    ['YES', 'with a ligature', { streetLine: '1 RUE DU SACRÉ-CŒUR' }, { streetLine: '1 RUE DU SACRE COEUR' }],
    ['YES', 'with bis', { streetLine: '12bis, avenue Foch' }, { streetLine: '12 BIS AV FOCH' }],
    [
      'YES',
      'in a district of Paris',
      { city: 'PARIS 02', streetLine: '1 rue A' },
      { city: 'PARIS', streetLine: '1 RUE A' },
    ],
    ['NO', 'of another house', { streetLine: '14 RUE DE LA PAIX' }],
    ['NO', 'of another street', { streetLine: '12 RUE MONTORGUEIL' }],
    ['NO', 'of another town', { postCode: '33000', city: 'BORDEAUX' }],
    ['NO', 'of another letter', { streetLine: '12 A RUE FOCH' }, { streetLine: '12 C RUE FOCH' }],
    ['UNDETERMINED', 'without the number', { streetLine: 'RUE DE LA PAIX' }],
    ['UNDETERMINED', 'without bis', { streetLine: '12 BIS RUE DE LA PAIX' }],
    ['UNDETERMINED', 'with B for bis', { streetLine: '12 B RUE FOCH' }, { streetLine: '12 BIS RUE FOCH' }],
    ['UNDETERMINED', 'with a slip', { streetLine: '12 RUE DE LA PAXI' }],
    ['UNDETERMINED', 'with a name left out', { streetLine: '12 RUE FOCH' }, { streetLine: '12 RUE DU MAL FOCH' }],
    ['UNDETERMINED', 'of a town with another postcode', { postCode: '31500' }],
    ['UNDETERMINED', 'of another town with that postcode', { city: 'BALMA' }],
    ['UNDETERMINED', 'of two flats', { additionalInfo: 'APPT 7' }, { additionalInfo: 'APPT 8' }],
    [
      'UNDETERMINED',
      'with a street on one side alone',
      { ...HAMLET, streetLine: null },
      { ...HAMLET, streetLine: '1 RUE DU BOURG' },
    ],
    ['YES', 'of a hamlet', { ...HAMLET, locality: 'Bourg-Neuf', streetLine: '' }, { ...HAMLET, streetLine: null }],
    ['NO', 'of two hamlets', { ...HAMLET, locality: 'La Croix', streetLine: '' }, { ...HAMLET, streetLine: null }],
  ])('are the same: %s, %s', (expected, _how, given, held = {}) => {
    const [a, b] = [
      { ...HELD, ...given },
      { ...HELD, ...held },
    ];
    expect(compareAddresses(a, b)).toBe(expected);
    expect(compareAddresses(b, a)).toBe(expected);
  });

  const line = fc.string({ maxLength: 24, unit: fc.constantFrom(..."12 ABEÉRUœ.,-'") });
  const address = fc.record({ streetLine: line, locality: line, postCode: line, city: line });

  it('are never both the same and not, whichever is given, and an address that says something is itself', () => {
    fc.assert(
      fc.property(address, address, (a, b) => {
        expect(compareAddresses(a, b)).toBe(compareAddresses(b, a));
        expect(compareAddresses(a, a)).not.toBe('NO');
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
