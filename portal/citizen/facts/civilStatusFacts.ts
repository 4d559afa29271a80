import type { Language } from '../../i18n/language.ts';
import { fact, type Fact } from './fact.ts';
import { GENDERS, sayDay, sayOneOf, UNIONS } from './sayings.ts';

interface Certificate {
  readonly number: string;
  readonly office: string | null;
}

interface Union {
  readonly kind: string | null;
  readonly since: string | null;
}

const holder = 'civil-status';
const at = (name: string) => ['civilStatus', name] as const;

export const CIVIL_STATUS_FACTS: readonly Fact[] = [
  fact<string>({
    ...{ holder, scope: 'family_name', path: at('birthName'), topic: 'birthName' },
    label: { fr: 'Nom de naissance', en: 'Birth name' },
    say: (name) => name,
  }),
  fact<string>({
    ...{ holder, scope: 'preferred_username', path: at('usageName'), topic: 'usageName' },
    label: { fr: 'Nom d’usage', en: 'Usage name' },
    say: (name) => name,
  }),
  fact<readonly string[]>({
    ...{ holder, scope: 'given_name', path: at('givenNames'), topic: 'givenNames' },
    label: { fr: 'Prénoms', en: 'Given names' },
    say: (names) => names.join(' '),
  }),
  fact<string>({
    ...{ holder, scope: 'gender', path: at('gender') },
    label: { fr: 'Sexe', en: 'Sex' },
    say: sayOneOf(GENDERS),
  }),
  fact<string>({
    ...{ holder, scope: 'birthdate', path: at('birthDate'), topic: 'birthDate' },
    label: { fr: 'Date de naissance', en: 'Birth date' },
    say: sayDay,
  }),
  fact<{ readonly name: string | null }>({
    ...{ holder, scope: 'birthplace', path: at('birthPlace'), selection: '{ name }' },
    label: { fr: 'Commune de naissance', en: 'Place of birth' },
    say: ({ name }) => name ?? undefined,
  }),
  fact<{ readonly name: string | null; readonly cogCode: string }>({
    ...{ holder, scope: 'birthcountry', path: at('birthCountry'), selection: '{ name cogCode }' },
    label: { fr: 'Pays de naissance', en: 'Country of birth' },
    say: ({ name, cogCode }) => name ?? cogCode,
  }),
  fact<Certificate>({
    ...{ holder, scope: 'etatcivil_acte_naissance', path: at('birthCertificate'), selection: '{ number office }' },
    label: { fr: 'Acte de naissance', en: 'Birth certificate' },
    say: ({ number, office }, language) =>
      [sayNumber(number, language), office].filter((part) => part !== null).join(', '),
  }),
  fact<Union>({
    ...{ holder, scope: 'etatcivil_union', path: at('union'), selection: '{ kind since }' },
    label: { fr: 'Mariage ou PACS', en: 'Marriage or civil partnership' },
    say: ({ kind, since }, language) => {
      const words = kind === null ? undefined : sayOneOf(UNIONS)(kind, language);
      if (since === null) return words;
      return `${words ?? ''} ${{ fr: 'depuis le', en: 'since' }[language]} ${sayDay(since, language)}`.trim();
    },
  }),
  fact<readonly { readonly parentalAuthority: boolean }[]>({
    ...{ holder, scope: 'etatcivil_filiation', path: at('children'), selection: '{ parentalAuthority }' },
    label: { fr: 'Enfants', en: 'Children' },
    say: sayChildren,
  }),
];

function sayNumber(number: string, language: Language): string {
  return `${{ fr: 'n°', en: 'no.' }[language]} ${number}`;
}

function sayChildren(children: readonly { readonly parentalAuthority: boolean }[], language: Language): string {
  const count = children.length;
  const minors = children.filter(({ parentalAuthority }) => parentalAuthority).length;
  if (count === 0) return { fr: 'aucun', en: 'none' }[language];
  const words = {
    fr: `${count} dont ${minors} sous votre autorité parentale`,
    en: `${count}, ${minors} of them under your parental authority`,
  };
  return words[language];
}
