/**
 * Countries of birth by official geographic code, with their names in the COG (INSEE, Code officiel géographique, pays et territoires
 * étrangers: https://www.insee.fr/fr/information/2028273). Those met in the register; an unlisted code has no name and is still served.
 */
const COUNTRY_NAMES: ReadonlyMap<string, string> = new Map([
  ['99100', 'France'],
  ['99109', 'Allemagne'],
  ['99127', 'Italie'],
  ['99131', 'Belgique'],
  ['99350', 'Maroc'],
  ['99404', 'États-Unis'],
]);

export function countryName(cogCode: string): string | null {
  return COUNTRY_NAMES.get(cogCode) ?? null;
}
