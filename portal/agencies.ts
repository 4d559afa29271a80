import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from './i18n/language.ts';

/** An agency as the catalogue tells of it. */
export interface AgencyFacts {
  readonly name: string;
  readonly label: { readonly fr: string; readonly en: string };
  readonly owner: string;
  readonly contact: string;
  readonly freshness: { readonly fr: string; readonly en: string };
}

const CATALOGUE = join(import.meta.dirname, '../schema/composed/catalogue.json');

const agencies = (JSON.parse(readFileSync(CATALOGUE, 'utf8')) as { readonly agencies: readonly AgencyFacts[] })
  .agencies;

export function findAgency(name: string): AgencyFacts | undefined {
  return agencies.find((agency) => agency.name === name);
}

/** Its name for people; the hub itself is one of them. */
export function agencyLabel(name: string, language: Language): string {
  if (name === 'hub') return 'Trait d’Union';
  return findAgency(name)?.label[language] ?? name;
}
