import { findScope, SCOPE_ALIASES, SCOPE_GROUPS, SCOPES } from '../../schema/scopes.ts';
import type { SandboxService } from './directory.ts';

/** FranceConnect's identity scopes and the claims each opens (FranceConnect v2, "les données fournies"). */
export const CLAIMS_BY_SCOPE: Readonly<Record<string, readonly string[]>> = {
  openid: ['sub'],
  given_name: ['given_name', 'given_name_array'],
  family_name: ['family_name'],
  birthdate: ['birthdate'],
  gender: ['gender'],
  birthplace: ['birthplace'],
  birthcountry: ['birthcountry'],
  preferred_username: ['preferred_username'],
  email: ['email'],
  ...Object.fromEntries(Object.entries(SCOPE_GROUPS).map(([group, members]) => [group, claimsOf(members)])),
};

/** Group members are named as their claims, except that given names come in two shapes. */
function claimsOf(members: readonly string[]): readonly string[] {
  return members.flatMap((member) => (member === 'given_name' ? ['given_name', 'given_name_array'] : [member]));
}

/** Every scope that a token may carry; the provider drops any other without an error, as FranceConnect does. */
export function knownScopes(services: readonly SandboxService[]): readonly string[] {
  const names = new Set([...Object.keys(CLAIMS_BY_SCOPE), ...SCOPES.map((scope) => scope.name)]);
  for (const alias of Object.keys(SCOPE_ALIASES)) names.add(alias);
  for (const service of services) for (const name of service.scopes) names.add(name);
  return [...names];
}

const OWN_LABELS: Readonly<Record<string, { readonly fr: string; readonly en: string }>> = {
  email: { fr: 'Adresse électronique', en: 'E-mail address' },
  identite_pivot: {
    fr: 'Identité : noms, prénoms, date et lieu de naissance, sexe',
    en: 'Identity: names, given names, date and place of birth, gender',
  },
  profile: {
    fr: "Noms, prénoms, date de naissance, sexe et nom d'usage",
    en: 'Names, given names, date of birth, gender and usage name',
  },
  birth: { fr: 'Lieu de naissance', en: 'Place of birth' },
};

/** What a scope means to the person who is asked; undefined for `openid`, which opens no data. */
export function scopeLabel(name: string): { readonly fr: string; readonly en: string } | undefined {
  if (name === 'openid') return undefined;
  const own = OWN_LABELS[name] ?? findScope(SCOPE_ALIASES[name] ?? name)?.label;
  return own ?? { fr: name, en: name };
}
