import type { Language } from '../../i18n/language.ts';
import { fact, type Fact } from './fact.ts';
import {
  ADDRESS,
  AGE_BRACKETS,
  sayAddress,
  sayEuros,
  sayNames,
  sayOneOf,
  type Address,
  type Names,
} from './sayings.ts';

interface Quotient {
  readonly value: number | null;
  readonly year: number | null;
  readonly month: number | null;
}

interface Childcare {
  readonly annualResources: number | null;
  readonly dependentChildren: number | null;
}

interface Child extends Names {
  readonly ageBracket: string | null;
}

const holder = 'family';
const at = (name: string) => ['familyFile', name] as const;

export const FAMILY_FACTS: readonly Fact[] = [
  fact<Quotient>({
    ...{ holder, scope: 'cnaf_quotient_familial', path: at('quotient'), selection: '{ value year month }' },
    label: { fr: 'Quotient familial', en: 'Family quotient' },
    say: ({ value, year, month }, language) => {
      if (value === null) return undefined;
      const amount = { fr: `${sayEuros(value, language)} par mois`, en: `${sayEuros(value, language)} a month` }[
        language
      ];
      return year === null || month === null ? amount : `${amount} (${sayMonth(year, month, language)})`;
    },
  }),
  fact<readonly Names[]>({
    ...{
      holder,
      scope: 'cnaf_allocataires',
      path: at('beneficiaries'),
      selection: '{ givenNames birthName usageName }',
    },
    label: { fr: 'Allocataires du dossier', en: 'Beneficiaries of the file' },
    say: (people) => people.map(sayNames),
  }),
  fact<readonly Child[]>({
    ...{
      holder,
      scope: 'cnaf_enfants',
      path: at('children'),
      selection: '{ givenNames birthName usageName ageBracket }',
    },
    label: { fr: 'Enfants du dossier', en: 'Children of the file' },
    say: (children, language) =>
      children.map((child) => {
        const age = child.ageBracket === null ? undefined : sayOneOf(AGE_BRACKETS)(child.ageBracket, language);
        return [sayNames(child), age].filter(Boolean).join(', ');
      }),
  }),
  fact<Address>({
    ...{ holder, scope: 'cnaf_adresse', path: at('declaredAddress'), selection: ADDRESS, topic: 'address' },
    label: { fr: 'Adresse du dossier', en: 'Address of the file' },
    say: sayAddress,
  }),
  fact<Childcare>({
    ...{ holder, scope: 'cnav_participation_familiale_eaje_parametres_calcul', path: at('childcare') },
    selection: '{ annualResources dependentChildren }',
    label: { fr: 'Calcul de la participation en crèche', en: 'Childcare contribution' },
    say: ({ annualResources, dependentChildren }, language) => {
      const parts = [];
      if (annualResources !== null)
        parts.push(`${{ fr: 'ressources', en: 'resources' }[language]} ${sayEuros(annualResources, language)}`);
      if (dependentChildren !== null)
        parts.push(`${{ fr: 'enfants à charge', en: 'dependent children' }[language]} ${dependentChildren}`);
      return parts.length > 0 ? parts : undefined;
    },
  }),
];

function sayMonth(year: number, month: number, language: Language): string {
  const locale = { fr: 'fr-FR', en: 'en-GB' }[language];
  return new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.UTC(year, month - 1, 15),
  );
}
