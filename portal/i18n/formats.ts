import { dayInParis } from '../../schema/parisCalendar.ts';
import type { Language } from './language.ts';

const LOCALES: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' };
const PARIS = 'Europe/Paris';

/** `23 novembre 2026`, of an instant as Paris sees it or of a calendar day `2026-11-23`; a day that is partly known stays partly known. */
export function formatDay(written: string, language: Language): string {
  const [, year, month, day] = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(written) ?? [];
  if (year === undefined) return written;
  if (written.includes('T')) return format(written, language, { dateStyle: 'long', timeZone: PARIS });
  if (month === undefined) return year;
  if (day === undefined)
    return format(`${year}-${month}-15`, language, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return format(written, language, { dateStyle: 'long', timeZone: 'UTC' });
}

/** `23 novembre 2026 à 14:05`, in Paris. */
export function formatInstant(iso: string, language: Language): string {
  return format(iso, language, { dateStyle: 'long', timeStyle: 'short', timeZone: PARIS });
}

/** `14:05`, in Paris. */
export function formatTime(iso: string, language: Language): string {
  return format(iso, language, { timeStyle: 'short', timeZone: PARIS });
}

/** `1 234 €`. */
export function formatEuros(euros: number, language: Language): string {
  const options = {
    style: 'currency',
    currency: 'EUR',
    maximumFractionDigits: Number.isInteger(euros) ? 0 : 2,
  } as const;
  return new Intl.NumberFormat(LOCALES[language], options).format(euros);
}

/** What stands between a name and what it is: French has a space before it. */
export function colon(language: Language): string {
  return language === 'fr' ? '\u00a0:' : ':';
}

/** `a, b et c`. */
export function formatList(items: readonly string[], language: Language): string {
  return new Intl.ListFormat(LOCALES[language], { type: 'conjunction' }).format(items);
}

/** Calendar days from now until that instant, both as Paris counts them; negative when it has passed. */
export function daysUntil(iso: string, nowMs: number): number {
  return Math.round((Date.parse(dayInParis(Date.parse(iso))) - Date.parse(dayInParis(nowMs))) / 86_400_000);
}

function format(written: string, language: Language, options: Intl.DateTimeFormatOptions): string {
  const said = new Intl.DateTimeFormat(LOCALES[language], options).format(new Date(written));
  // The first of a month is an ordinal in French, which CLDR does not know.
  return language === 'fr' ? said.replace(/^1 (?=\p{L})/u, '1er ') : said;
}
