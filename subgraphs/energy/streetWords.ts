/** Abbreviations of streets and towns as La Poste and suppliers write them (NF Z10-011, annex; RNVP), and what they stand for. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  ...{ ALL: 'ALLEE', AV: 'AVENUE', AVE: 'AVENUE', BD: 'BOULEVARD', BLD: 'BOULEVARD', BVD: 'BOULEVARD' },
  ...{ CHE: 'CHEMIN', CHEM: 'CHEMIN', CRS: 'COURS', FBG: 'FAUBOURG', FG: 'FAUBOURG', IMP: 'IMPASSE' },
  ...{ LOT: 'LOTISSEMENT', PAS: 'PASSAGE', PASS: 'PASSAGE', PL: 'PLACE', QU: 'QUAI', R: 'RUE' },
  ...{ RES: 'RESIDENCE', RTE: 'ROUTE', SQ: 'SQUARE', VLA: 'VILLA', ZA: 'ZONE ARTISANALE' },
  ...{ ST: 'SAINT', STE: 'SAINTE', STS: 'SAINTS', DR: 'DOCTEUR', GAL: 'GENERAL', GEN: 'GENERAL' },
  ...{ MAL: 'MARECHAL', PDT: 'PRESIDENT', PR: 'PROFESSEUR', CDT: 'COMMANDANT', COL: 'COLONEL', CPT: 'CAPITAINE' },
  ...{ APT: 'APPARTEMENT', APPT: 'APPARTEMENT', BAT: 'BATIMENT', ESC: 'ESCALIER', ETG: 'ETAGE' },
};

/** Words that some leave out. */
const LITTLE_WORDS: ReadonlySet<string> = new Set([
  'A',
  'AU',
  'AUX',
  'D',
  'DE',
  'DES',
  'DU',
  'ET',
  'L',
  'LA',
  'LE',
  'LES',
]);

/** The words of a line that tell: capitals without accents, ligatures in two letters, abbreviations written out, little words left out. */
export function wordsOf(line: string | null | undefined): readonly string[] {
  return capitals(line ?? '')
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== '' && !LITTLE_WORDS.has(word))
    .flatMap((word) => (ABBREVIATIONS[word] ?? word).split(' '));
}

function capitals(text: string): string {
  return text.replace(/œ/gi, 'OE').replace(/æ/gi, 'AE').normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
}

export interface Street {
  /** The house's number; undefined where the line has none. */
  readonly number: string | undefined;
  /** What follows it: `BIS`, `A`; empty mostly. */
  readonly repetition: string;
  readonly words: readonly string[];
}

/** `12 bis, r. de la Paix`: number, repetition and the street's words. A letter that is part of the street's name follows a word, never the number. */
export function streetOf(line: string | null | undefined): Street {
  const [, number, repetition = '', rest = ''] =
    /^\W*(\d+)\s*(BIS|TER|QUATER|[A-Z](?![A-Z.]))?\b(.*)$/s.exec(capitals(line ?? '')) ?? [];
  if (number === undefined) return { number: undefined, repetition: '', words: wordsOf(line) };
  // "12 R DE LA PAIX": the R is the street's, where it is all that says what kind of way it is.
  if (repetition === 'R' && !/^\s*[,.]?\s*(?:RUE|R)\b/.test(rest)) {
    return { number, repetition: '', words: wordsOf(`RUE ${rest}`) };
  }
  return { number, repetition, words: wordsOf(rest) };
}
