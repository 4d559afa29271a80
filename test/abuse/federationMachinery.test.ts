import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { withGrant } from '../../schema/grant.ts';
import {
  OPERATOR_CREDENTIAL,
  startHub,
  type AgencyRequest,
  type Misbehaviour,
  type RunningHub,
} from '../support/runningHub.ts';

/* The seams of a federation: what only the gateway may ask, what an agency may answer, and the joins' own words. */

const PAUL = { persona: 'dupont-paul', service: 'canteen' } as const;
const QUERY = '{ me { civilStatus { birthName } familyFile { quotient { value } } } }';

let hub: RunningHub;

beforeAll(async () => {
  hub = await startHub();
}, 60_000);
afterAll(() => hub.close());
beforeEach(() => {
  hub.takeRequests();
  hub.misbehave('family', undefined);
});

/** Speaks to an agency as the network would, past the hub. */
async function askAgency(agency: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(hub.agencyUrls[agency]!, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as { data?: unknown; errors?: unknown } };
}

const ENTITIES = 'query($r:[_Any!]!){_entities(representations:$r){...on Citizen{civilStatus{birthName}}}}';

describe('at the hub', () => {
  test.each([
    '{ _entities(representations: [{ __typename: "Citizen", id: "x" }]) { __typename } }',
    '{ _service { sdl } }',
    '{ me { _entities { id } } }',
  ])('%s is no question', async (query) => {
    const { status, data, errors } = await hub.ask(query, PAUL);
    expect([status, data, errors[0]!.extensions['code']]).toEqual([400, undefined, 'HUB_OPERATION_INVALID']);
    expect(hub.takeRequests()).toEqual([]);
  });

  test.each(['representations', '__proto__', 'constructor', 'hasOwnProperty', 'toString'])(
    'a variable called $%s is a variable like any other',
    async (name) => {
      const year = new Date().getFullYear() - 1;
      const query = `query ($${name}: Int!) { me { taxAssessment(incomeYear: $${name}) { incomeYear referenceTaxIncome } } }`;
      // JSON.parse makes an own property of __proto__; an object literal would not.
      const variables = JSON.parse(`{"${name}": ${year}}`) as Record<string, unknown>;
      const { status, data, errors } = await hub.ask({ query, variables }, PAUL);
      if (status === 400) expect(String(errors[0]!.extensions['code'])).toMatch(/^HUB_(?:OPERATION|REQUEST)_/);
      else expect(data).toEqual({ me: { taxAssessment: { incomeYear: year, referenceTaxIncome: 84_210 } } });
      expect(({} as Record<string, unknown>)['incomeYear']).toBeUndefined();
    },
  );

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'id', '__typename2'])(
    'the alias %s poisons nothing, and shows its own value',
    async (alias) => {
      const query = `{ me { ${alias}: civilStatus { ${alias}: birthName } familyFile { ${alias}: quotient { ${alias}: value } } } }`;
      const { status, text, errors } = await hub.ask(query, PAUL);
      if (status === 200) {
        expect(text).toBe(
          `{"data":{"me":{"${alias}":{"${alias}":"DUPONT"},"familyFile":{"${alias}":{"${alias}":2550}}}}}`,
        );
      } else expect(String(errors[0]!.extensions['code'])).toMatch(/^HUB_OPERATION_/);
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect((await hub.ask(QUERY, PAUL)).errors).toEqual([]);
    },
  );

  test('what a client claims about itself in headers and extensions does not travel on', async () => {
    const headers = {
      'x-user-id': 'dupont-angela',
      'x-consent': 'all',
      'apollo-federation-include-trace': 'ftv1',
      'apollo-query-plan-experimental': '1',
      signature: 'sig1=:AAAA:',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    const { text } = await hub.ask(QUERY, PAUL, headers);
    expect(text).not.toMatch(/queryPlan|ftv1|extensions/);
    const requests = hub.takeRequests();
    expect(requests.length).toBe(2);
    for (const request of requests) {
      expect(Object.keys(request.headers).sort()).toEqual([
        'accept',
        'connection',
        'content-length',
        'content-type',
        'host',
      ]);
      expect(request.body).not.toMatch(/dupont-angela|ftv1/);
    }
  });
});

describe('an agency spoken to past the hub', () => {
  const representation = { __typename: 'Citizen', id: 'AWfQZkD2u5e925x1RL0_dMwygYF62v4bc9RhXF9zHMk' };

  test.each(['civil-status', 'family', 'income', 'address', 'energy'])(
    '%s answers nobody without a grant',
    async (agency) => {
      for (const [body, headers] of [
        [{ query: ENTITIES, variables: { r: [representation] } }, {}],
        [{ query: '{ _service { sdl } }' }, {}],
        [{ query: '{ __schema { types { name } } }' }, {}],
        [{ query: '{ _service { sdl } }' }, { 'hub-operator': 'a-guess-of-the-credential' }],
        [{ query: ENTITIES, variables: { r: [representation] }, extensions: { grant: 'a.b.c.d.e' } }, {}],
      ] as const) {
        const answer = await askAgency(agency, JSON.stringify(body), headers as Record<string, string>);
        expect([answer.status, answer.body.data]).toEqual([401, undefined]);
      }
    },
  );

  test('shows its schema to an operator, and nobody’s data', async () => {
    const operator = { 'hub-operator': OPERATOR_CREDENTIAL };
    const sdl = await askAgency('civil-status', JSON.stringify({ query: '{ _service { sdl } }' }), operator);
    expect(sdl.text).toContain('type CivilStatus');
    const body = JSON.stringify({ query: ENTITIES, variables: { r: [representation] } });
    const data = await askAgency('civil-status', body, operator);
    expect(data.text).not.toMatch(/birthName":"/);
    expect(JSON.stringify(data.body.data ?? null)).toMatch(/^(?:null|\{"_entities":\[null\]\})$/);
  });

  describe('with a question that was caught on its way', () => {
    let caught: AgencyRequest;
    beforeEach(async () => {
      await hub.ask(QUERY, PAUL);
      caught = hub.takeRequests().find(({ agency }) => agency === 'civil-status')!;
    });

    test('does not answer it a second time', async () => {
      const answer = await askAgency('civil-status', caught.body);
      expect([answer.status, answer.body.data]).toEqual([401, undefined]);
      expect(answer.text).not.toContain('DUPONT');
    });

    test.each<[string, (body: string) => string]>([
      ['another question', (body) => body.replace('birthName', 'gender')],
      ['a broader question', (body) => body.replace('{birthName}', '{birthName birthDate children{child{id}}}')],
      ['another person', (body) => body.replace(/"id":"[^"]+"/, '"id":"AWfQZkD2u5e925x1RL0_dMwygYF62v4bc9RhXF9zHMk"')],
      ['a blank more', (body) => body.replace('{"query":', '{ "query":')],
      ['a second grant behind the first', (body) => `${body.slice(0, -1)},"extensions":{}}`],
    ])('does not take its grant for %s', async (_case, change) => {
      const changed = change(caught.body);
      expect(changed).not.toBe(caught.body);
      expect((await askAgency('civil-status', changed)).status).toBe(401);
    });

    test('does not take another agency’s grant', async () => {
      const { grant } = JSON.parse(caught.body) as never as { extensions: { grant: string } } & { grant?: never };
      expect(grant).toBeUndefined();
      const sealed = (JSON.parse(caught.body) as { extensions: { grant: string } }).extensions.grant;
      const head = JSON.stringify({ query: '{__typename}', variables: {} }).slice(0, -1);
      for (const agency of ['family', 'income', 'address']) {
        expect((await askAgency(agency, withGrant(head, sealed))).status).toBe(401);
      }
    });

    test('names people by references that no other agency knows', async () => {
      await hub.ask(QUERY, PAUL);
      const references = hub.takeRequests().map(({ grant }) => grant!.subjects[0]!.reference);
      expect(new Set(references).size).toBe(2);
      expect(references.some((reference) => hub.logged().includes(reference))).toBe(false);
    });
  });
});

describe('an agency that answers wrongly', () => {
  const json = { 'content-type': 'application/json' };
  const RIGHT = '{"data":{"_entities":[{"familyFile":{"quotient":{"value":2550}}}]}}';

  test.each<[string, Misbehaviour, string]>([
    [
      'text that is no JSON',
      (response) => void response.writeHead(200, json).end('<html>'),
      'HUB_AGENCY_INVALID_ANSWER',
    ],
    ['nothing', (response) => void response.writeHead(200, json).end(), 'HUB_AGENCY_INVALID_ANSWER'],
    [
      'a page',
      (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(RIGHT),
      'HUB_AGENCY_INVALID_ANSWER',
    ],
    [
      'ten megabytes',
      (response) => void response.writeHead(200, json).end(`${RIGHT}${' '.repeat(10_000_000)}`),
      'HUB_AGENCY_INVALID_ANSWER',
    ],
    [
      'a packed answer',
      (response) =>
        void response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync('0'.repeat(10_000_000))),
      'HUB_AGENCY_INVALID_ANSWER',
    ],
    [
      'another address',
      (response) => void response.writeHead(307, { location: hub.agencyUrls['income']! }).end(),
      'HUB_AGENCY_INVALID_ANSWER',
    ],
    ['status 500', (response) => void response.writeHead(500, json).end(RIGHT), 'HUB_AGENCY_INVALID_ANSWER'],
    ['a broken connection', (response) => void response.destroy(), 'HUB_AGENCY_UNAVAILABLE'],
    [
      'fewer people than were asked for',
      (response) => void response.writeHead(200, json).end('{"data":{"_entities":[]}}'),
      'HUB_AGENCY_INVALID_ANSWER',
    ],
    [
      'another shape',
      (response) => void response.writeHead(200, json).end('{"data":{"_entities":[{"familyFile":[1,2]}]}}'),
      'HUB_AGENCY_INVALID_ANSWER',
    ],
    [
      'a value of another type',
      (response) =>
        void response
          .writeHead(200, json)
          .end(RIGHT.replace('{"familyFile"', '{"id":"x","familyFile"').replace('2550', '"DURAND 2790299000000"')),
      'HUB_AGENCY_INVALID_ANSWER',
    ],
    [
      'errors with places and values',
      (response) =>
        void response.writeHead(200, json).end(
          JSON.stringify({
            data: { _entities: [null] },
            errors: [
              {
                message: 'select * from people where nir = 2790299000000; at /srv/app/index.js:12',
                path: ['_entities', 0, 'familyFile'],
                extensions: { stacktrace: ['at /srv/app'], host: '10.0.0.7' },
              },
            ],
          }),
        ),
      'HUB_AGENCY_FIELD_ERROR',
    ],
  ])('with %s costs its own fields, in our words, and nothing else', async (_case, misbehaviour, code) => {
    hub.misbehave('family', misbehaviour);
    const { status, data, errors, text } = await hub.ask(QUERY, PAUL);
    expect(status).toBe(200);
    expect((data as { me: { civilStatus: unknown } }).me.civilStatus).toEqual({ birthName: 'DUPONT' });
    expect(JSON.stringify(data)).not.toContain('2550');
    expect([...new Set(errors.map(({ extensions }) => extensions['code']))]).toEqual([code]);
    expect(errors.every(({ path }) => path!.slice(0, 2).join('.') === 'me.familyFile')).toBe(true);
    expect(text).not.toMatch(/127\.0\.0\.1|select|srv|2790299000000|10\.0\.0\.7|html|stack/i);
    expect(hub.logged()).not.toMatch(/2790299000000/);
    // Nobody else was spoken to in its place.
    expect(new Set(hub.takeRequests().map(({ agency }) => agency))).toEqual(new Set(['civil-status', 'family']));
  });

  test('with more than was asked for is believed in nothing', async () => {
    hub.misbehave('family', (response, { grant }) => {
      const file = { quotient: { value: 2550, month: 12 }, children: [{ birthName: 'DUPONT' }] };
      const person = { __typename: 'Citizen', id: grant!.subjects[0]!.reference, familyFile: file, secret: 'x' };
      response.writeHead(200, json).end(JSON.stringify({ data: { _entities: [person] }, extensions: { secret: 'x' } }));
    });
    const { data, errors, text } = await hub.ask('{ me { familyFile { quotient { value } } } }', PAUL);
    expect(data).toEqual({ me: { familyFile: null } });
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['HUB_AGENCY_INVALID_ANSWER']);
    expect(text).not.toMatch(/2550|DUPONT|secret/);
  });

  test('about somebody else than was asked for gives nothing', async () => {
    await hub.ask(QUERY, { persona: 'dupont-angela', service: 'portal' });
    const angela = hub.takeRequests().find(({ agency }) => agency === 'family')!.grant!.subjects[0]!.reference;
    hub.misbehave('family', (response) => {
      const person = { __typename: 'Citizen', id: angela, familyFile: { quotient: { value: 1 } } };
      response.writeHead(200, json).end(JSON.stringify({ data: { _entities: [person] } }));
    });
    const { data, errors } = await hub.ask('{ me { familyFile { quotient { value } } } }', PAUL);
    expect(JSON.stringify(data)).toBe('{"me":{"familyFile":null}}');
    expect(errors.length).toBe(1);
  });
});
