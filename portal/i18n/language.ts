/** French first, English beside it. */
export const LANGUAGES = ['fr', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Texts by name, and functions that make texts, in groups or not. */
export interface Texts {
  readonly [name: string]: string | ((...facts: never[]) => string) | readonly (string | Texts)[] | Texts;
}

/** The same names and the same facts, other words: a key that is missing, or one too many, does not compile. */
export type SameTexts<French> = {
  readonly [Name in keyof French]: French[Name] extends string
    ? string
    : French[Name] extends readonly (infer Item)[]
      ? readonly (Item extends string ? string : SameTexts<Item>)[]
      : French[Name] extends (...facts: infer Facts) => string
        ? (...facts: Facts) => string
        : SameTexts<French[Name]>;
};

/**
 * A room's words in both languages: `const words = inBothLanguages({ title: 'Mes données' }, { title: 'My data' })`, then
 * `words(language).title`. French punctuation gets its no-break space here, so that authors write a plain one.
 */
export function inBothLanguages<const French extends Texts>(
  french: French,
  english: SameTexts<French>,
): (language: Language) => SameTexts<French> {
  const spaced = withNoBreakSpaces(french) as SameTexts<French>;
  return (language) => (language === 'fr' ? spaced : english);
}

/** The first of our languages that the browser names, French when it names none. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const ranges = (acceptLanguage ?? '').split(',').map((range) => {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find(Boolean);
    return { tag: tag.split('-')[0], quality: Number(quality ?? 1) };
  });
  const known = ranges.filter(({ tag, quality }) => quality > 0 && isLanguage(tag));
  const [first] = known.sort((one, other) => other.quality - one.quality);
  return (first?.tag as Language | undefined) ?? 'fr';
}

export function isLanguage(tag: unknown): tag is Language {
  return LANGUAGES.some((language) => language === tag);
}

function withNoBreakSpaces(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/ ([:;?!»%€])/g, '\u00a0$1').replace(/« /g, '«\u00a0');
  if (typeof value === 'function')
    return (...facts: never[]) => withNoBreakSpaces((value as (...f: never[]) => unknown)(...facts));
  if (Array.isArray(value)) return value.map(withNoBreakSpaces);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withNoBreakSpaces(inner)]));
}
