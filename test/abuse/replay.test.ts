import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startHub, type HubAnswer, type RunningHub, type Visit } from '../support/runningHub.ts';

/* What one caller was answered is nobody else's answer, whatever is remembered, shared or batched on the way. */

const QUERY = `{ me {
  civilStatus { birthName givenNames }
  familyFile { quotient { value } }
  addresses { usage }
} }`;

const PAUL: Visit = { persona: 'dupont-paul', service: 'creche' };
const ANGELA: Visit = { persona: 'dupont-angela', service: 'creche' };
const ANNE: Visit = { persona: 'giraud-anne', service: 'creche' };
const PAUL_AT_HOME: Visit = { persona: 'dupont-paul', service: 'portal' };
const ANGELA_AT_HOME: Visit = { persona: 'dupont-angela', service: 'portal' };

const EXPECTED = new Map<Visit, unknown>([
  [
    PAUL,
    {
      civilStatus: { birthName: 'DUPONT', givenNames: ['Paul', 'Louis'] },
      familyFile: { quotient: { value: 2550 } },
      addresses: null,
    },
  ],
  [ANGELA, { civilStatus: null, familyFile: null, addresses: null }],
  [
    ANNE,
    {
      civilStatus: { birthName: 'GIRAUD', givenNames: ['Anne'] },
      familyFile: { quotient: { value: 1200 } },
      addresses: null,
    },
  ],
  [
    PAUL_AT_HOME,
    {
      civilStatus: { birthName: 'DUPONT', givenNames: ['Paul', 'Louis'] },
      familyFile: { quotient: { value: 2550 } },
      addresses: [{ usage: 'MAIN' }],
    },
  ],
  [
    ANGELA_AT_HOME,
    {
      civilStatus: { birthName: 'DURAND', givenNames: ['Angela', 'Louise'] },
      familyFile: { quotient: { value: 2550 } },
      addresses: [{ usage: 'MAIN' }],
    },
  ],
]);

let hub: RunningHub;

beforeAll(async () => {
  hub = await startHub();
}, 60_000);
afterAll(() => hub.close());
beforeEach(() => void hub.takeRequests());

const meOf = ({ data }: HubAnswer): unknown => (data as { me: unknown }).me;

describe('the same question', () => {
  test.each([
    ['first by who may', [PAUL, ANGELA, PAUL, ANNE, ANGELA_AT_HOME]],
    ['first by who may not', [ANGELA, PAUL, ANGELA, PAUL_AT_HOME, PAUL, ANNE, ANGELA]],
  ])('%s is answered to each by their own rights', async (_order, visits) => {
    for (const visit of visits) {
      const answer = await hub.ask(QUERY, visit);
      expect(meOf(answer)).toEqual(EXPECTED.get(visit));
      const names = hub.takeRequests().flatMap(({ grant }) => grant!.subjects.map(({ pivot }) => pivot.given_name));
      expect(new Set(names).size).toBe(visit === ANGELA ? 0 : 1);
    }
  });

  test('by many at once is answered to each by their own rights', async () => {
    const visits = Array.from({ length: 100 }, (_, number) => [...EXPECTED.keys()][(number * 7) % EXPECTED.size]!);
    const tokens = new Map(
      await Promise.all([...EXPECTED.keys()].map(async (visit) => [visit, await hub.token(visit)] as const)),
    );
    const answers = await Promise.all(visits.map((visit) => hub.ask(QUERY, { token: tokens.get(visit)! })));
    answers.forEach((answer, number) => expect(meOf(answer)).toEqual(EXPECTED.get(visits[number]!)));
    // No request of an agency ever named two people, or carried one service's scopes for another.
    for (const { agency, grant } of hub.takeRequests()) {
      expect(grant!.subjects.length).toBe(1);
      if (grant!.service.clientId === 'creche') expect(agency).not.toBe('address');
      if (agency === 'family' && grant!.subjects[0]!.pivot.given_name === 'Anne')
        expect(grant!.subjects[0]!.scopes).toEqual(['cnaf_quotient_familial']);
    }
  });

  test('by one person through two services gets a reference for each, and none of the agencies’', async () => {
    const ids = await Promise.all(
      [PAUL, PAUL_AT_HOME, PAUL].map(
        async (visit) => (meOf(await hub.ask('{ me { id civilStatus { gender } } }', visit)) as { id: string }).id,
      ),
    );
    expect(ids[0]).toBe(ids[2]);
    expect(ids[0]).not.toBe(ids[1]);
    const references = hub.takeRequests().map(({ grant }) => grant!.subjects[0]!.reference);
    expect(references.some((reference) => ids.includes(reference))).toBe(false);
    expect(ids.every((id) => id.length <= 43)).toBe(true);
  });
});

test('a withdrawal counts for the next question, under the same token, the same plan and the same session', async () => {
  const token = await hub.token(PAUL);
  const question = '{ me { familyFile { quotient { value } } } }';
  expect(meOf(await hub.ask(question, { token }))).toEqual({ familyFile: { quotient: { value: 2550 } } });

  const consents = await hub.ask('{ me { consents { id status service { clientId } } } }', PAUL_AT_HOME);
  const { id } = (
    meOf(consents) as { consents: { id: string; status: string; service: { clientId: string } }[] }
  ).consents.find(({ service, status }) => service.clientId === 'creche' && status === 'ACTIVE')!;
  const mutation = 'mutation ($id: ID!) { withdrawConsent(id: $id) { consent { status } } }';
  const withdrawn = await hub.ask({ query: mutation, variables: { id } }, PAUL_AT_HOME);
  expect(withdrawn.data).toEqual({ withdrawConsent: { consent: { status: 'WITHDRAWN' } } });

  hub.takeRequests();
  const after = await hub.ask(question, { token });
  expect(meOf(after)).toEqual({ familyFile: null });
  expect(after.errors.map(({ extensions }) => extensions['reason'])).toEqual(['CONSENT_REQUIRED']);
  expect(hub.takeRequests()).toEqual([]);
  // Another service's reading, and another person's, go on.
  expect(meOf(await hub.ask(question, { persona: 'dupont-paul', service: 'canteen' }))).not.toEqual({
    familyFile: null,
  });
});

test('nothing may be kept on the way back, whatever an agency says of its own answer', async () => {
  hub.misbehave('civil-status', (response, { grant }) => {
    const person = { id: grant!.subjects[0]!.reference, civilStatus: { birthName: 'GIRAUD' } };
    response
      .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'public, max-age=86400', age: '5' })
      .end(JSON.stringify({ data: { _entities: [person] } }));
  });
  const { headers, data } = await hub.ask('{ me { civilStatus { birthName } } }', ANNE);
  hub.misbehave('civil-status', undefined);
  expect(data).toEqual({ me: { civilStatus: { birthName: 'GIRAUD' } } });
  expect(headers.get('cache-control')).toMatch(/no-store/);
  expect(headers.get('age')).toBeNull();
  const refused = await hub.ask('{ me { addresses { usage } } }', ANNE);
  expect(refused.headers.get('cache-control')).toMatch(/no-store/);
  expect((await hub.ask('{', ANNE)).headers.get('cache-control')).toMatch(/no-store/);
});

describe('many questions in one', () => {
  test.each([1, 2, 1000])('an array of %d operations is no request', async (count) => {
    const body = JSON.stringify(Array.from({ length: count }, () => ({ query: '{ me { civilStatus { gender } } }' })));
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await hub.token(ANNE)}` };
    const response = await fetch(hub.url, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/HUB_REQUEST_/);
    expect(hub.takeRequests()).toEqual([]);
  });

  test('51 aliases are too many', async () => {
    const aliases = Array.from({ length: 51 }, (_, number) => `a${number}: civilStatus { gender }`).join(' ');
    const { status, errors } = await hub.ask(`{ me { ${aliases} } }`, ANNE);
    expect([status, errors[0]!.extensions]).toEqual([
      400,
      expect.objectContaining({ code: 'HUB_OPERATION_TOO_COMPLEX', limit: 'aliases', limitValue: 50 }),
    ]);
    expect(hub.takeRequests()).toEqual([]);
  });

  test('twenty root fields are the most', async () => {
    const roots = (count: number): string =>
      `{ ${Array.from({ length: count }, (_, number) => `a${number}: me { civilStatus { gender } }`).join(' ')} }`;
    const refused = await hub.ask(roots(21), ANNE);
    expect(refused.errors[0]!.extensions).toMatchObject({ code: 'HUB_OPERATION_TOO_COMPLEX', limit: 'rootFields' });
    expect(hub.takeRequests()).toEqual([]);
    const { data } = await hub.ask(roots(20), ANNE);
    expect(new Set(Object.values(data as object).map((value) => JSON.stringify(value)))).toEqual(
      new Set(['{"civilStatus":{"gender":"FEMALE"}}']),
    );
    expect(hub.takeRequests().length).toBeLessThanOrEqual(20);
  });
});
