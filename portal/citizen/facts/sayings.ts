import { formatDay, formatEuros } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import type { Bilingual } from './fact.ts';

export interface Address {
  readonly recipient?: string | null;
  readonly additionalInfo?: string | null;
  readonly streetLine?: string | null;
  readonly locality?: string | null;
  readonly postCode?: string | null;
  readonly city?: string | null;
  readonly country?: string | null;
}

export interface Names {
  readonly givenNames?: readonly string[] | null;
  readonly birthName?: string | null;
  readonly usageName?: string | null;
}

/** The parts of an address that the portal asks for everywhere. */
export const ADDRESS = '{ additionalInfo streetLine locality postCode city country }';

/** An address on one line, as an envelope would have it on four. */
export function sayAddress({
  additionalInfo,
  streetLine,
  locality,
  postCode,
  city,
  country,
}: Address): string | undefined {
  const town = [postCode, city].filter(Boolean).join(' ');
  return [additionalInfo, streetLine, locality, town, country].filter(Boolean).join(', ') || undefined;
}

export function sayNames({ givenNames, birthName, usageName }: Names): string {
  return [givenNames?.join(' '), usageName ?? birthName].filter(Boolean).join(' ');
}

export function sayEuros(value: number, language: Language): string {
  return formatEuros(value, language);
}

export function sayDay(value: string, language: Language): string {
  return formatDay(value, language);
}

export function sayYesNo(value: boolean, language: Language): string {
  return { fr: value ? 'oui' : 'non', en: value ? 'yes' : 'no' }[language];
}

/** Words for the values of an enum; a value that is not in the table is said as it is. */
export function sayOneOf(words: Readonly<Record<string, Bilingual>>): (value: string, language: Language) => string {
  return (value, language) => words[value]?.[language] ?? value;
}

export const GENDERS = { MALE: { fr: 'masculin', en: 'male' }, FEMALE: { fr: 'féminin', en: 'female' } };

export const AGE_BRACKETS = {
  UNDER_3: { fr: 'moins de 3 ans', en: 'under 3' },
  FROM_3_TO_5: { fr: '3 à 5 ans', en: '3 to 5 years' },
  FROM_6_TO_10: { fr: '6 à 10 ans', en: '6 to 10 years' },
  FROM_11_TO_14: { fr: '11 à 14 ans', en: '11 to 14 years' },
  FROM_15_TO_17: { fr: '15 à 17 ans', en: '15 to 17 years' },
  ADULT: { fr: '18 ans ou plus', en: '18 or older' },
};

export const UNIONS = {
  MARRIAGE: { fr: 'mariage', en: 'marriage' },
  PACS: { fr: 'PACS', en: 'civil partnership (PACS)' },
};

export const TAX_SITUATIONS = {
  SINGLE: { fr: 'célibataire', en: 'single' },
  MARRIED: { fr: 'marié·e', en: 'married' },
  PACS: { fr: 'pacsé·e', en: 'in a civil partnership' },
  DIVORCED: { fr: 'divorcé·e ou séparé·e', en: 'divorced or separated' },
  WIDOWED: { fr: 'veuf ou veuve', en: 'widowed' },
};

export const USAGES = {
  MAIN: { fr: 'résidence principale', en: 'main home' },
  POSTAL: { fr: 'courrier seulement', en: 'letters only' },
  SECONDARY: { fr: 'résidence secondaire', en: 'second home' },
};
