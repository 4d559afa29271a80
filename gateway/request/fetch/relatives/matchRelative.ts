import type { MetPersonClaims } from '../../../../schema/metPerson.ts';
import type { PivotIdentity } from '../../../../schema/pivotIdentity.ts';
import type { SubjectKey } from '../../../platform/ids.ts';
import type { ProvenRelative } from '../../exchange.ts';

/**
 * The proven relative behind a partial identity (a family file knows no birthplace): exactly one, or nobody. Names and the whole birth date must
 * agree, and whatever else is known; two who agree are told apart by nothing, and a guess would hand one the other's rights.
 */
export function matchRelative(
  { identity }: MetPersonClaims,
  relatives: Iterable<ProvenRelative>,
): SubjectKey | undefined {
  const found: SubjectKey[] = [];
  for (const { subject, pivot } of relatives) if (agrees(identity, pivot)) found.push(subject);
  return found.length === 1 ? found[0] : undefined;
}

const WHOLE_DATE = /^\d{4}-(?!00)\d{2}-(?!00)\d{2}$/;

function agrees(named: MetPersonClaims['identity'], proven: PivotIdentity): boolean {
  const { gender, birthplace, birthcountry } = named;
  return (
    WHOLE_DATE.test(named.birthdate) &&
    named.birthdate === proven.birthdate &&
    isSameName(named.family_name, proven.family_name) &&
    isSameName(givenNamesOf(named), givenNamesOf(proven)) &&
    (gender === undefined || gender === proven.gender) &&
    (!birthplace || birthplace === proven.birthplace) &&
    (!birthcountry || birthcountry === proven.birthcountry)
  );
}

function givenNamesOf({ given_name, given_name_array }: MetPersonClaims['identity']): string {
  return given_name_array && given_name_array.length > 0 ? given_name_array.join(' ') : given_name;
}

/** Case, accents, hyphens and spaces tell nobody apart: files write "Anne-Laure", "ANNE LAURE" and "Annelaure" for one person. */
function isSameName(one: string, other: string): boolean {
  const folded = fold(one);
  return folded !== '' && folded === fold(other);
}

function fold(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\p{L}]/gu, '')
    .toUpperCase();
}
