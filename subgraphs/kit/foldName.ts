/** Letters that no decomposition takes apart (Unicode NFKD): one sign for two letters, or a stroke through one. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ œ: 'oe', æ: 'ae', ß: 'ss', þ: 'th' },
  ...{ ø: 'o', đ: 'd', ð: 'd', ł: 'l', ħ: 'h', ŧ: 't', ı: 'i' },
};

/**
 * A name as files that cannot spell it would hold it: lower case, no diacritic, ligatures in two letters, no hyphen, apostrophe,
 * dot or space. `Éloïse d'Œuvre-Le Goff` and `ELOISE DOEUVRE LE GOFF` fold alike. Letters of other scripts stay what they are: a Cyrillic А is
 * not an A.
 */
export function foldName(name: string): string {
  return (
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[œæßþøđðłħŧı]/g, (letter) => LETTERS[letter]!)
      // Some apostrophes count as letters (U+02B0 to U+02FF, among them ʼ of "NʼGUESSAN").
      .replace(/[^\p{Letter}\p{Number}]|[\u02b0-\u02ff]/gu, '')
  );
}
