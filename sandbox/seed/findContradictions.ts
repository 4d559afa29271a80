import type { Contradiction, Fact, Holder } from './contradictions.ts';
import type { France } from './france.ts';
import { familyAddress, noticeFacts, type AddressFacts, type PersonFacts } from './fixtureFacts.ts';
import type { FamilyPayload, Household, Person } from './people.ts';
import { recordId } from './recordIds.ts';

/** The agencies' fixtures as they are written, before their dates are resolved. */
export interface Fixtures {
  readonly records: readonly CivilRecord[];
  readonly files: readonly { readonly id: string; readonly payload: FamilyPayload }[];
  readonly assessments: readonly { readonly household: string; readonly format: string; readonly notice: object }[];
  readonly addresses: readonly { readonly id: string; readonly declarations: readonly AddressFacts[] }[];
}

type CivilRecord = PersonFacts & {
  readonly id: string;
  readonly parents: readonly string[];
  readonly union: { readonly kind: 'MARRIAGE' | 'PACS'; readonly partner: string } | null;
  readonly deceasedOn?: string;
};

/** Every pair of fixtures that say different things of the same person or household. What one side does not hold contradicts nothing. */
export function findContradictions(france: France, fixtures: Fixtures): readonly Contradiction[] {
  const found = france.households.flatMap((household) => [
    ...inFamilyFile(household, fixtures),
    ...inAssessments(household, fixtures),
  ]);
  const distinct = new Map(found.map((contradiction) => [JSON.stringify(contradiction), contradiction]));
  return [...distinct.values()];
}

function inFamilyFile(household: Household, fixtures: Fixtures): Contradiction[] {
  const { adults, children } = household;
  const payload = fixtures.files.find(({ id }) => id === recordId('family', household.id))?.payload;
  if (!payload) return [];
  const against = (who: string, fact: Fact, other: Holder) => contradiction(who, fact, 'family', other);
  const found: Contradiction[] = [];

  const compareLines = (persons: readonly Person[], lines: FamilyPayload['allocataires']): void => {
    persons.forEach((person, index) => {
      const line = lines[index]!;
      const printed: PersonFacts = {
        birthName: line.nom_naissance,
        usageName: line.nom_usage,
        givenNames: [line.prenoms],
        birthDate: line.date_naissance,
        gender: line.sexe === 'F' ? 'female' : 'male',
      };
      const facts = differingFacts(printed, recordOf(person, fixtures));
      found.push(...facts.map((fact) => against(person.id, fact, 'civil-status')));
    });
  };
  compareLines(adults, payload.allocataires);
  compareLines(children, payload.enfants);

  const beneficiaries = adults.map(({ id }) => recordId('civil-status', id));
  for (const child of children) {
    const { parents } = recordOf(child, fixtures);
    if (!parents.some((parent) => beneficiaries.includes(parent))) {
      found.push(against(child.id, 'filiation', 'civil-status'));
    }
  }
  const names = adults.flatMap(({ birthName, usageName }) => [birthName, usageName ?? birthName]).map(folded);
  if (!names.some((name) => folded(payload.adresse.destinataire).includes(name))) {
    found.push(against(household.id, 'recipient', 'civil-status'));
  }
  if (differentAddress(familyAddress(payload.adresse), declaredBy(household, fixtures))) {
    found.push(against(household.id, 'address', 'address'));
  }
  const counted = payload.parametres_calcul_participation_familiale?.nombre_enfants_a_charge;
  if (counted !== undefined && counted !== children.length) {
    found.push(against(household.id, 'dependants', 'civil-status'));
  }
  return found;
}

function inAssessments(household: Household, fixtures: Fixtures): Contradiction[] {
  const notices = fixtures.assessments.filter((entry) => entry.household === recordId('income', household.id));
  return notices.flatMap(({ format, notice }) => {
    const facts = noticeFacts(format, notice);
    const against = (who: string, fact: Fact, other: Holder) => contradiction(who, fact, 'income', other);
    const found = facts.declarants.flatMap((declarant, index) => {
      const person = household.adults[index]!;
      return differingFacts(declarant, recordOf(person, fixtures)).map((fact) =>
        against(person.id, fact, 'civil-status'),
      );
    });
    if (!situationsOf(household, fixtures).includes(facts.situation)) {
      found.push(against(household.id, 'familySituation', 'civil-status'));
    }
    if (facts.dependants !== household.children.length) {
      found.push(against(household.id, 'dependants', 'civil-status'));
    }
    if (differentAddress(facts.address, declaredBy(household, fixtures))) {
      found.push(against(household.id, 'address', 'address'));
    }
    return found;
  });
}

function contradiction(who: string, fact: Fact, doubted: Holder, other: Holder): Contradiction {
  return { who, fact, holders: [doubted, other] };
}

function recordOf(person: Person, { records }: Fixtures): CivilRecord {
  const record = records.find(({ id }) => id === recordId('civil-status', person.id));
  if (!record) throw new TypeError(`civil status does not hold ${person.id}`);
  return record;
}

function declaredBy({ adults }: Household, { addresses }: Fixtures): AddressFacts {
  const id = recordId('address', adults[0]!.id);
  return addresses.find((entry) => entry.id === id)!.declarations.at(-1)!;
}

/** Letters of `sitFam` that fit what civil status says of the household. */
function situationsOf({ adults }: Household, fixtures: Fixtures): readonly string[] {
  const { union } = recordOf(adults[0]!, fixtures);
  if (!union) return ['C', 'D', 'V'];
  const partner = fixtures.records.find(({ id }) => id === union.partner);
  if (partner?.deceasedOn !== undefined) return ['V'];
  return union.kind === 'PACS' ? ['O'] : ['M'];
}

function differingFacts(one: PersonFacts, other: PersonFacts): readonly Fact[] {
  const facts: Fact[] = [];
  if (folded(one.birthName) !== folded(other.birthName)) facts.push('birthName');
  if (one.usageName && other.usageName && folded(one.usageName) !== folded(other.usageName)) facts.push('usageName');
  if (folded(one.givenNames.join('')) !== folded(other.givenNames.join(''))) facts.push('givenNames');
  if (one.gender && other.gender && one.gender !== other.gender) facts.push('gender');
  if (differentDate(one.birthDate, other.birthDate)) facts.push('birthDate');
  return facts;
}

/** A presumed date agrees with any that begins like it; what is no date contradicts nothing. */
function differentDate(one: PersonFacts['birthDate'], other: PersonFacts['birthDate']): boolean {
  const [a, b] = [one, other].map((date) =>
    typeof date === 'string' ? date : [`${date.$yearsAgo} years ago`, date.monthDay].filter(Boolean).join('-'),
  ) as [string, string];
  const isDate = (text: string): boolean => /^(\d{4}|\d+ years ago)(-\d\d){0,2}$/.test(text);
  return isDate(a) && isDate(b) && !a.startsWith(b) && !b.startsWith(a);
}

function differentAddress(one: AddressFacts, other: AddressFacts): boolean {
  const parts = ['streetLine', 'postCode', 'city'] as const;
  return parts.some((part) => one[part] && other[part] && folded(one[part]) !== folded(other[part]));
}

function folded(text: string): string {
  return text
    .normalize('NFD')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
}
