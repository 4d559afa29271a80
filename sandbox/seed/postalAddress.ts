import type { Address, FamilyAddress } from './people.ts';

/** Official geographic code (INSEE) of every "postcode town" of the sandbox; a test holds it against `@etalab/decoupage-administratif`. */
export const INSEE_CODES: Readonly<Record<string, string>> = {
  '13001 MARSEILLE': '13201',
  '13006 MARSEILLE': '13206',
  '13008 MARSEILLE': '13208',
  '13400 AUBAGNE': '13005',
  '31000 TOULOUSE': '31555',
  '33000 BORDEAUX': '33063',
  '42000 SAINT-ÉTIENNE': '42218',
  '44000 NANTES': '44109',
  '51000 CHÂLONS-EN-CHAMPAGNE': '51108',
  '59226 LECELLES': '59335',
  '75001 PARIS': '75101',
  '75002 PARIS': '75102',
  '75007 PARIS': '75107',
  '75011 PARIS': '75111',
  '92330 SCEAUX': '92071',
};

/**
 * An address as a person declares it: the family file's lines, with the mistakes that the file holds put right. An INSEE code stands where
 * the postcode should (`75107 PARIS`), or the town is missing (`75002`).
 */
export function declaredFrom(lines: FamilyAddress, recipient: string): Address {
  return declared(lines.numero_libelle_voie!.replace(/'$/, ''), mended(lines.code_postal_ville), {
    recipient,
    additionalInfo: joined(lines.complement_information, lines.complement_information_geographique),
    locality: lines.lieu_dit,
  });
}

export function declared(streetLine: string, postCodeAndCity: string, more: Partial<Address> = {}): Address {
  const inseeCode = INSEE_CODES[postCodeAndCity];
  if (inseeCode === undefined) throw new TypeError(`INSEE_CODES: no code for "${postCodeAndCity}"`);
  return {
    recipient: null,
    additionalInfo: null,
    streetLine,
    locality: null,
    postCode: postCodeAndCity.slice(0, 5),
    city: postCodeAndCity.slice(6),
    inseeCode,
    country: 'FRANCE',
    ...more,
  };
}

function mended(postCodeAndCity: string): string {
  return postCodeAndCity.replace(/^75107 PARIS$/, '75007 PARIS').replace(/^75002$/, '75002 PARIS');
}

function joined(...parts: readonly (string | null)[]): string | null {
  const present = parts.filter((part) => part !== null);
  return present.length === 0 ? null : present.join(', ');
}
