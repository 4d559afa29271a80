import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startHub, type HubAnswer, type Question, type RunningHub } from '../support/runningHub.ts';

/*
 * Every way of writing a question, asked of the whole hub. Paul Dupont at the canteen may be read by identity, quotient, children and
 * reference income; `taxAmount` and the address of the file are not the canteen's. Proof is what agencies were asked.
 */

const PAUL = { persona: 'dupont-paul', service: 'canteen' } as const;
const REFUSED = /taxAmount|declaredAddress|addresses|grossIncome/;

let hub: RunningHub;

beforeAll(async () => {
  hub = await startHub();
}, 60_000);
afterAll(() => hub.close());
beforeEach(() => void hub.takeRequests());

const YEAR = new Date().getFullYear() - 1;
const income = (selection: string): string => `taxAssessment(incomeYear: ${YEAR}) { ${selection} }`;

/** Asks, and gives what the client got beside what was asked of agencies. */
async function ask(question: Question | string): Promise<HubAnswer & { readonly asked: string }> {
  const answer = await hub.ask(question, PAUL);
  const asked = hub.takeRequests().map(({ agency, query }) => `${agency}: ${query}`);
  return { ...answer, asked: asked.join('\n') };
}

function refusals({ errors }: HubAnswer): readonly string[] {
  return errors.map(({ path, extensions }) => `${path?.join('.') ?? '-'} ${String(extensions['reason'])}`);
}

test.each<[string, string, string]>([
  ['an alias', `{ me { salary: ${income('net: taxAmount')} } }`, 'me.salary'],
  [
    'a fragment three spreads deep',
    `{ me { ...A } } fragment A on Citizen { ...B } fragment B on Citizen { ...C } fragment C on Citizen { ${income('taxAmount')} }`,
    'me.taxAssessment',
  ],
  ['an inline fragment without type', `{ me { ... { ${income('... { taxAmount }')} } } }`, 'me.taxAssessment'],
  [
    'an inline fragment with its type',
    `{ me { ... on Citizen { ${income('... on TaxAssessment { taxAmount }')} } } }`,
    'me.taxAssessment',
  ],
  [
    'conditions that hold',
    `query ($y: Boolean = true, $n: Boolean = false) { me { ${income('taxAmount @include(if: $y) @skip(if: $n)')} } }`,
    'me.taxAssessment',
  ],
  [
    'a condition on a spread',
    `query ($y: Boolean = true) { me { ...A @include(if: $y) } } fragment A on Citizen { ${income('taxAmount')} }`,
    'me.taxAssessment',
  ],
  ['the field twice', `{ me { ${income('taxAmount taxAmount')} ${income('taxAmount')} } }`, 'me.taxAssessment'],
  [
    'the year as a variable',
    `query ($n: Int = ${YEAR}) { me { taxAssessment(incomeYear: $n) { taxAmount } } }`,
    'me.taxAssessment',
  ],
])('a refused field stays refused behind %s, and no agency is asked for it', async (_way, query, below) => {
  const answer = await ask(query);
  expect(answer.status).toBe(200);
  // The assessment itself opens to the canteen by another field's scope: it is there, the field within is not.
  expect(JSON.stringify(answer.data)).toMatch(/^\{"me":\{"(?:salary|taxAssessment)":\{"\w+":null\}\}\}$/);
  expect(refusals(answer)).toEqual([
    expect.stringMatching(new RegExp(`^${below}\\.(?:net|taxAmount) NOT_IN_HABILITATION$`)),
  ]);
  expect(answer.asked).toMatch(/^income: .*taxAssessment\(.*\)\{__typename\}/);
  expect(answer.asked).not.toMatch(REFUSED);
});

test('contradicting conditions leave the field out, without an error and without a question', async () => {
  const answer = await ask('{ me { __typename addresses @skip(if: true) @include(if: true) { usage } } }');
  expect(answer.data).toEqual({ me: { __typename: 'Citizen' } });
  expect(answer.errors).toEqual([]);
  expect(answer.asked).toBe('');
});

test('of several operations the named one is judged and run, and no other', async () => {
  const query = `query Open { me { civilStatus { birthName } } } query Closed { me { addresses { usage } } }`;
  const open = await ask({ query, operationName: 'Open' });
  expect([open.errors, open.asked.split('\n').length]).toEqual([[], 1]);
  expect(open.asked).toMatch(/^civil-status: /);
  const closed = await ask({ query, operationName: 'Closed' });
  expect([refusals(closed), closed.asked]).toEqual([['me.addresses NOT_IN_HABILITATION'], '']);
});

test.each([
  ['none', undefined],
  ['null', null],
  ['an unknown one', 'Other'],
  ['an empty one', ''],
])('of several operations with a name that is %s, none runs', async (_case, operationName) => {
  const query = 'query A { me { civilStatus { birthName } } } query B { me { civilStatus { gender } } }';
  const answer = await ask({ query, ...(operationName !== undefined && { operationName }) });
  expect([answer.status, answer.errors[0]!.extensions['code'], answer.asked]).toEqual([
    400,
    'HUB_OPERATION_NAME_UNKNOWN',
    '',
  ]);
});

test.each([
  ['a subscription', 'subscription { me { addresses { usage } } }'],
  ['@defer', `{ me { ... @defer { ${income('taxAmount')} } } }`],
  ['@stream', '{ me { addresses @stream(initialCount: 1) { usage } } }'],
])('%s is no other way in', async (_way, query) => {
  const answer = await ask(query);
  expect([answer.status, answer.data, answer.asked]).toEqual([400, undefined, '']);
  expect(String(answer.errors[0]!.extensions['code'])).toMatch(/^HUB_OPERATION_/);
});

test('__typename of a refused object tells neither that it exists nor what it is', async () => {
  const answer = await ask('{ me { __typename addresses { __typename address { __typename } } } }');
  expect(answer.data).toEqual({ me: { __typename: 'Citizen', addresses: null } });
  expect(refusals(answer)).toEqual(['me.addresses NOT_IN_HABILITATION']);
  expect(answer.asked).toBe('');
});

test('a non-null field below a refused one takes its nearest nullable parent, once, and leaves the siblings', async () => {
  const answer = await ask(`{ me { addresses { holder } civilStatus { birthName } } }`);
  expect(answer.data).toEqual({ me: { addresses: null, civilStatus: { birthName: 'DUPONT' } } });
  expect(refusals(answer)).toEqual(['me.addresses NOT_IN_HABILITATION']);
});

test('a year that no scope opens is refused with that reason, and a year of another scope names it', async () => {
  const answer = await ask(`{ me {
    old: taxAssessment(incomeYear: ${YEAR - 9}) { referenceTaxIncome }
    before: taxAssessment(incomeYear: ${YEAR - 1}) { referenceTaxIncome }
  } }`);
  expect(answer.data).toEqual({ me: { old: null, before: null } });
  expect(refusals(answer)).toEqual(['me.old YEAR_NOT_OPEN', 'me.before NOT_IN_HABILITATION']);
  expect(answer.errors[1]!.extensions['missingScopes']).toEqual([['dgfip_annee_n_moins_2']]);
  expect(answer.asked).toBe('');
});

test('a token that never names the scope gets the field through no other service’s habilitation', async () => {
  const everything = { ...PAUL, scopes: ['identite_pivot', 'adresse_declaree', 'cnaf_adresse', 'dgfip_mntRevbareme'] };
  const answer = await hub.ask('{ me { addresses { usage } familyFile { declaredAddress { city } } } }', everything);
  expect(refusals(answer)).toEqual(['me.addresses NOT_IN_HABILITATION', 'me.familyFile SCOPE_NOT_IN_TOKEN']);
  expect(hub.takeRequests()).toEqual([]);
});

test('Hub-Mode reject serves nothing at all for one refused field, and asks nobody', async () => {
  const answer = await hub.ask('{ me { civilStatus { birthName } addresses { usage } } }', PAUL, {
    'hub-mode': 'reject',
  });
  expect([answer.status, answer.data]).toEqual([200, null]);
  expect(answer.errors.map(({ extensions }) => extensions['code'])).toEqual([
    'HUB_OPERATION_REJECTED',
    'UNAUTHORIZED_FIELD_OR_TYPE',
  ]);
  expect(hub.takeRequests()).toEqual([]);
});

test('a write in disguise is still a write of the portal alone: nothing changes, and nothing of it leaves', async () => {
  const answer = await ask({
    query: 'mutation ($id: ID!) { ...W } fragment W on Mutation { w: withdrawConsent(id: $id) { consent { status } } }',
    variables: { id: 'con_anything' },
  });
  expect(answer.data).toBeNull();
  expect(answer.errors.map(({ extensions }) => extensions['code'])).toEqual([
    expect.stringMatching(/^(?:HUB_CONSENT_PORTAL_ONLY|UNAUTHORIZED_FIELD_OR_TYPE)$/),
  ]);
  expect(answer.asked).toBe('');
});

test('a dry run tells every verdict, reads nothing, and is not for everybody', async () => {
  const query = '{ me { civilStatus { birthName } addresses { usage } } }';
  const operator = { 'hub-mode': 'dry-run', 'hub-operator': 'operator-credential-of-the-tests' };
  const answer = await hub.ask(query, PAUL, operator);
  const { verdicts } = (JSON.parse(answer.text) as { extensions: { verdicts: Record<string, unknown>[] } }).extensions;
  expect(verdicts.map(({ coordinate, allowed }) => [coordinate, allowed])).toEqual([
    ['Query.me', true],
    ['Citizen.civilStatus', true],
    ['CivilStatus.birthName', true],
    ['Citizen.addresses', false],
  ]);
  expect(hub.takeRequests()).toEqual([]);
  const stranger = await hub.ask(query, PAUL, { 'hub-mode': 'dry-run' });
  expect(stranger.status).toBe(400);
  expect(stranger.errors[0]!.extensions['code']).toBe('HUB_REQUEST_MODE_UNKNOWN');
});
