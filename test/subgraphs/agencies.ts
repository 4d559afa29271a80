import { join } from 'node:path';
import type { GrantSubject } from '../../schema/grant.ts';
import { yearInParis } from '../../schema/parisCalendar.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import { createFrance, getPerson } from '../../sandbox/seed/france.ts';
import { pivotOf, type SeedDate } from '../../sandbox/seed/people.ts';
import { readAgencyFolder } from '../../subgraphs/kit/agencyFolder.ts';
import {
  openUnderTest,
  type AgencyUnderTest,
  type UnderTestOptions,
} from '../../subgraphs/kit/testing/agencyUnderTest.ts';
import { scopesHeldBy, type TestRequest } from '../../subgraphs/kit/testing/testGrant.ts';

/** Noon in Paris: nobody's goldens depend on the day they are run. */
export const TODAY = '2026-06-15';
export const NOON = (): number => Date.parse(`${TODAY}T10:00:00Z`);

const france = createFrance();

export async function openAgencyOfSandbox(name: string, options: UnderTestOptions = {}): Promise<AgencyUnderTest> {
  const folder = await readAgencyFolder(join(import.meta.dirname, '../../subgraphs', name));
  return openUnderTest(folder, { clock: NOON, ...options });
}

/** How FranceConnect names a person of the sandbox, on the day of the test. */
export function pivot(person: string): PivotIdentity {
  const identity = pivotOf(getPerson(france, person));
  return { ...identity, birthdate: resolved(identity.birthdate) };
}

function resolved(date: SeedDate): string {
  if (typeof date === 'string') return date;
  const year = yearInParis(NOON()) - date.$yearsAgo;
  return date.monthDay === undefined ? String(year) : `${year}-${date.monthDay}`;
}

/** A question about one person of the sandbox, who asks for themselves, with every scope of the agency unless others are given. */
export function about(
  person: string,
  agency: string,
  selection: string,
  { scopes = scopesHeldBy(agency), met = {} }: Pick<Partial<GrantSubject>, 'scopes'> & Pick<TestRequest, 'met'> = {},
): TestRequest {
  return {
    query: `query($id: ID!) { _entities(representations: [{ __typename: "Citizen", id: $id }]) { ... on Citizen { ${selection} } } }`,
    variables: { id: person },
    subjects: [{ reference: person, role: 'SELF', scopes, pivot: pivot(person) }],
    met,
  };
}

/** The answer's one person. Throws with the errors when there are any. */
export async function answerOf(agency: AgencyUnderTest, request: TestRequest): Promise<Record<string, unknown> | null> {
  const { data, errors } = await agency.ask(request);
  if (errors) throw new Error(JSON.stringify(errors));
  return (data as { _entities: (Record<string, unknown> | null)[] })._entities[0]!;
}
