const LIGATURES: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', đ: 'd', ł: 'l', ı: 'i' };

/**
 * A name as files that cannot spell it would hold it: lower case, no diacritic, ligatures in two letters, no hyphen, apostrophe,
 * dot or space. `Éloïse d'Œuvre-Le Goff` and `ELOISE DOEUVRE LE GOFF` fold alike. Letters of other scripts stay.
 */
export function foldName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[œæßøđłı]/g, (letter) => LIGATURES[letter]!)
    .normalize('NFD')
    .replace(/[^\p{Letter}\p{Number}]/gu, '');
}
