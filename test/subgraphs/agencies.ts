import { afterAll } from '@jest/globals';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../gateway/platform/database/database.ts';
import type { GrantSubject } from '../../schema/grant.ts';
import { yearInParis } from '../../schema/parisCalendar.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import { createFrance, getPerson } from '../../sandbox/seed/france.ts';
import { pivotOf, type SeedDate } from '../../sandbox/seed/people.ts';
import { ownSchema } from '../../scripts/start/agencies.ts';
import { readAgencyFolder } from '../../subgraphs/kit/agencyFolder.ts';
import type { AgencyDatabase } from '../../subgraphs/kit/agencyModule.ts';
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

let embedded: Promise<Database> | undefined;
let owners = 0;
afterAll(async () => (await embedded)?.close());

/** An empty schema of an agency's own, in the file's one embedded database. */
export async function freshAgencyDatabase(name: string): Promise<AgencyDatabase> {
  embedded ??= openDatabase({});
  return ownSchema(await embedded, `${name}-${(owners += 1)}`);
}

/** An agency with the sandbox's people; one that keeps its data in SQL has a schema of its own unless one is handed in. */
export async function openAgencyOfSandbox(name: string, options: UnderTestOptions = {}): Promise<AgencyUnderTest> {
  const folder = await readAgencyFolder(join(import.meta.dirname, '../../subgraphs', name));
  const fresh = folder.manifest.database && !options.database;
  return openUnderTest(folder, {
    clock: NOON,
    ...options,
    ...(fresh && { database: await freshAgencyDatabase(name) }),
  });
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
