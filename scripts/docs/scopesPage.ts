import { PURPOSES } from '../../schema/purposes.ts';
import { expandScopes, SCOPE_ALIASES, SCOPE_GROUPS, SCOPES } from '../../schema/scopes.ts';
import { code, pageHead, table } from './markdown.ts';

export function scopesPage(): string {
  const scopes = SCOPES.map(({ name, label, holder, minimumAcr, invented }) => [
    code(name) + (invented ? ' *' : ''),
    label.fr,
    label.en,
    holder,
    minimumAcr,
  ]);
  const groups = Object.keys(SCOPE_GROUPS).map((name) => [code(name), [...expandScopes([name])].map(code).join(', ')]);
  const aliases = Object.entries(SCOPE_ALIASES).map(([alias, name]) => [code(alias), code(name)]);
  const purposes = PURPOSES.map(({ name, label, household }) => [
    code(name),
    label.fr,
    label.en,
    household ? 'household' : 'the caller alone',
  ]);
  return (
    pageHead(
      'Scopes and purposes',
      'Data categories, spelt as FranceConnect and DataPass spell them; a star marks a name of our own where no public one exists. A scope that is not listed opens nothing. Source: `schema/scopes.ts`, `schema/purposes.ts`.',
    ) +
    `\n## Scopes\n\n${table(['scope', 'français', 'English', 'holder', 'least level'], scopes)}` +
    `\n## Groups\n\nA group opens its members and nothing else.\n\n${table(['group', 'opens'], groups)}` +
    `\n## Other spellings\n\nAccepted in tokens and habilitations, and shown under the name on the right.\n\n${table(['spelling', 'scope'], aliases)}` +
    `\n## Purposes\n\nComputed on the household: third parties inside the caller's own file are readable under the caller's verdict (CRPA L114-8).\n\n${table(['purpose', 'français', 'English', 'computed on'], purposes)}`
  );
}
