import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getPersona, loadDirectory } from '../../../sandbox/identity/directory.ts';
import { outcomesOf, readCitizensLog, type LogLine } from '../../support/citizensLog.ts';
import { startHub, type AgencyRequest, type AnswerError, type RunningHub } from '../../support/runningHub.ts';
import { CANTEEN } from './canteen.ts';
import { CRECHE } from './creche.ts';
import { GOLDEN_QUERY, LAST_YEAR, TODAY_MS, type Golden } from './golden.ts';
import { HOUSING } from './housing.ts';
import { PORTAL } from './portal.ts';

const GOLDENS: readonly Golden[] = [...CANTEEN, ...CRECHE, ...HOUSING, ...PORTAL];

const directory = await loadDirectory();
let hub: RunningHub;

beforeAll(async () => {
  hub = await startHub({ clock: () => TODAY_MS });
}, 60_000);
afterAll(() => hub.close());

describe('each is answered to the letter, and agencies are asked for what is allowed and nothing else', () => {
  const question = { query: GOLDEN_QUERY, variables: { year: LAST_YEAR } };

  test.each(GOLDENS)('$persona through $service: $shows', async (golden) => {
    const { persona, service } = golden;
    const before = (await readCitizensLog(hub, persona)).length;
    hub.takeRequests();
    const { status, data, errors } = await hub.ask(question, { persona, service });
    expect({ status, me: (data as { me: unknown }).me, errors: errors.map(lineOf) }).toEqual({
      status: 200,
      me: golden.me,
      errors: golden.errors,
    });
    for (const { extensions } of errors) expect(extensions['code']).toBe('UNAUTHORIZED_FIELD_OR_TYPE');

    // The hub's own question, whether an address may be told, is not the service's.
    const requests = hub.takeRequests().filter(({ grant }) => grant?.service.clientId !== 'hub');
    expect(requests.map(toAsked)).toEqual(expectedRequests(golden));
    for (const { grant } of requests) {
      expect(grant!.service.clientId).toBe(service);
      expect(grant!.subjects.map((subject) => [subject.role, fullName(subject.pivot)])).toEqual([
        ['SELF', fullName(getPersona(directory, persona).claims)],
      ]);
    }

    const records = await readCitizensLog(hub, persona);
    // Newest first. Reading the log leaves a line, too.
    const lines = records
      .slice(0, records.length - before)
      .filter((record) => !isReadingOfLog(record) && record.role !== 'SYSTEM');
    expect(new Set(lines.map((line) => line.service.clientId))).toEqual(new Set([service]));
    expect(byAgency(lines)).toEqual(sortedLists(golden.log));
    expect(new Set(lines.map((line) => line.role))).toEqual(new Set(['SELF']));
  });
});

function isReadingOfLog({ fields }: LogLine): boolean {
  return fields.some(({ coordinate }) => coordinate === 'Citizen.accessLog');
}

function byAgency(lines: readonly LogLine[]): Record<string, readonly string[]> {
  const entries = lines.map((line): [string, readonly string[]] => [line.agency.id, outcomesOf(line)]);
  expect(new Set(entries.map(([agency]) => agency)).size).toBe(entries.length);
  return Object.fromEntries(entries);
}

function sortedLists(log: Golden['log']): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(log).map(([agency, lines]) => [agency, lines.toSorted()]));
}

function lineOf({ path, extensions }: AnswerError): string {
  const missing = (extensions['missingScopes'] as string[][]).map((all) => all.join('+')).join('|');
  return `${path!.join('.')} ${String(extensions['reason'])}${missing && ` ${missing}`}${offerOf(extensions)}`;
}

/** The scopes of the link that the citizen is to be offered. */
function offerOf({ consentUrl }: AnswerError['extensions']): string {
  return consentUrl === undefined ? '' : ` offer ${new URL(String(consentUrl)).searchParams.get('scopes')}`;
}

function toAsked({ agency, query, variables, grant }: AgencyRequest): object {
  const [subject] = grant!.subjects;
  // The agency's own reference of the caller is the only person who is named.
  const representations = [{ __typename: 'Citizen', id: subject!.reference }];
  expect(variables['representations']).toEqual(representations);
  const { representations: _people, ...others } = variables;
  return { agency, query, variables: others, scopes: subject!.scopes.toSorted() };
}

function expectedRequests({ asked }: Golden): readonly object[] {
  return Object.entries(asked)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([agency, { selection, variables = {}, scopes }]) => {
      const definitions = Object.keys(variables).map((name) => `$${name}:Int!`);
      return {
        agency,
        query: `query($representations:[_Any!]!${definitions.join('')}){_entities(representations:$representations){...on Citizen{id ${selection}}}}`,
        variables,
        scopes: scopes.toSorted(),
      };
    });
}

function fullName(pivot: { readonly given_name: string; readonly family_name: string }): string {
  return `${pivot.given_name} ${pivot.family_name}`;
}
