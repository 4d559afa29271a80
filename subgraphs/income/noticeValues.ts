import type { PostalAddress } from '../kit/addressTables.ts';
import { isDate, isPartialDate } from '../kit/scalars.ts';
import type { FamilySituation } from './source.ts';

/*
 * Values as both shapes of notice hold them. Empty text is nothing, and what cannot be read is null.
 */

export function textOf(text: string | null | undefined): string | null {
  const trimmed = text?.trim();
  return trimmed ? trimmed : null;
}

export function namesOf(names: string | null | undefined): readonly string[] | null {
  return textOf(names)?.split(/\s+/) ?? null;
}

export function amountOf(amount: number | null | undefined): number | null {
  return typeof amount === 'number' && Number.isFinite(amount) ? Math.round(amount) : null;
}

/** `DD/MM/YYYY`, as SVAIR writes dates, or `YYYY-MM-DD`. */
export function dayOf(date: string | null | undefined): string | null {
  const french = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(date ?? '');
  const day = french ? `${french[3]}-${french[2]}-${french[1]}` : date;
  return isDate(day) ? day : null;
}

/** Day, month and year apart, as API Impôt Particulier has them; day or month may be missing. */
export function partialDateOf(
  parts: { readonly jour: string | null; readonly mois: string | null; readonly annee: string | null } | undefined,
): string | null {
  const { annee, mois, jour } = parts ?? {};
  const date = [textOf(annee), textOf(mois), textOf(jour)].filter((part) => part !== null).join('-');
  return isPartialDate(date) ? date : null;
}

const SITUATIONS: Readonly<Record<string, FamilySituation>> = {
  M: 'MARRIED',
  C: 'SINGLE',
  D: 'DIVORCED',
  O: 'PACS',
  V: 'WIDOWED',
};

/** A letter (API Impôt Particulier), or a word that begins with it (SVAIR: "Célibataire"), but for the PACS. */
export function situationOf(situation: string | null | undefined): FamilySituation | null {
  const text = textOf(situation)?.toUpperCase() ?? '';
  if (text.startsWith('PACS')) return 'PACS';
  return SITUATIONS[text.slice(0, 1)] ?? null;
}

/** "42 RUE DE LA PAIX 75002 PARIS": the street runs to the last five digits in a row. */
export function addressLine(line: string | null | undefined): PostalAddress | null {
  const text = textOf(line);
  if (text === null) return null;
  const parts = /^(.*?)\s*\b(\d{5})\s+(\D+)$/.exec(text);
  return {
    ...NO_ADDRESS,
    streetLine: parts ? textOf(parts[1]) : text,
    postCode: parts?.[2] ?? null,
    city: parts?.[3] ?? null,
  };
}

export const NO_ADDRESS: PostalAddress = {
  recipient: null,
  additionalInfo: null,
  streetLine: null,
  locality: null,
  postCode: null,
  city: null,
  inseeCode: null,
  country: null,
};
