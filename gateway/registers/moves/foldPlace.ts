/**
 * A town's or a country's name without what people write in different ways: accents, case, hyphens, apostrophes, ligatures, "St" and "Ste", and what
 * postal lines add (CEDEX). "ST ETIENNE" and "Saint-Étienne" are one.
 */
export function foldPlace(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replaceAll('Œ', 'OE')
    .replaceAll('Æ', 'AE')
    .replace(/[^A-Z0-9]+/g, ' ')
    .replace(/ CEDEX( \d+)?\s*$/, ' ')
    .trim()
    .replace(/\bST(E?)\b/g, 'SAINT$1');
}
