import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { startHub, type RunningHub } from '../support/runningHub.ts';

/* What a reply, a header or a log line gives away beside what was asked. */

const PAUL = { persona: 'dupont-paul', service: 'canteen' } as const;
/** Invented, in the shape of a French social security number. */
const NIR = '279029900000012';
const PERSONAL = /dupont|durand|paul louis|1962-08-24|75107|montorgueil|2790299/i;

let hub: RunningHub;

beforeAll(async () => {
  hub = await startHub();
}, 60_000);
afterAll(() => hub.close());
beforeEach(() => void hub.takeRequests());

describe('introspection', () => {
  test('is for whoever is somebody, and shows the public schema alone', async () => {
    const query = getIntrospectionQuery({ descriptions: false });
    expect((await hub.ask(query)).status).toBe(401);
    const { status, text, data } = await hub.ask(query, PAUL);
    expect(status).toBe(200);
    expect(text).toContain('"TaxAssessment"');
    expect(text).not.toMatch(/_entities|_Service|_Any|join__|link__|requiresScopes|scopeByYear|subjectId|policy/);
    const { __schema } = data as { __schema: { directives: readonly { name: string }[] } };
    const ofGraphql = ['include', 'skip', 'deprecated', 'specifiedBy', 'oneOf'];
    expect(__schema.directives.map(({ name }) => name)).toEqual(ofGraphql);
    expect(hub.takeRequests()).toEqual([]);
  });

  test('tells of a type no rule and no scope', async () => {
    const { text } = await hub.ask(
      '{ __type(name: "TaxAssessment") { name fields { name args { name defaultValue } } } }',
      PAUL,
    );
    expect(text).toContain('referenceTaxIncome');
    expect(text).not.toMatch(/dgfip|scope/i);
  });
});

describe('an error', () => {
  test.each([
    ['a misspelt field', '{ me { civilStatu { birthNam } } }', /civilStatus|birthName/],
    ['a misspelt type', '{ me { ... on Citoyen { id } } }', /Citizen/],
    ['a misspelt argument', '{ me { taxAssessment(incomeYear: 2025, incomeYea: 1) { source } } }', /"incomeYear/],
    ['a misspelt directive', '{ me { id @includ(if: true) } }', /@include/],
    ['a misspelt value', '{ me { consents { scopes { label(language: E) } } } }', /\bEN\b|\bFR\b/],
  ])('of %s suggests no name', async (_case, query, hidden) => {
    const { status, text, errors } = await hub.ask(query, PAUL);
    expect([status, errors[0]!.extensions['code']]).toEqual([400, 'HUB_OPERATION_INVALID']);
    expect(text).not.toMatch(/did you mean/i);
    expect(text).not.toMatch(hidden);
    expect(hub.takeRequests()).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['text', NIR],
    ['a number too large', Number(NIR)],
    ['an object', { nir: NIR }],
    ['a list', [NIR, NIR]],
  ])('of a variable of the wrong kind (%s) repeats no value, nor does the log', async (_case, y) => {
    const query = 'query ($y: Int!) { me { taxAssessment(incomeYear: $y) { source } } }';
    const { status, text, errors } = await hub.ask({ query, variables: { y } }, PAUL);
    expect([status, errors[0]!.extensions['code']]).toEqual([400, 'HUB_OPERATION_VARIABLES_INVALID']);
    expect(text).not.toContain(NIR);
    expect(hub.logged()).not.toContain(NIR);
    expect(hub.takeRequests()).toEqual([]);
  });

  test('of a literal of the wrong kind repeats no value either', async () => {
    const { status, text } = await hub.ask(`{ me { taxAssessment(incomeYear: "${NIR}") { source } } }`, PAUL);
    expect(status).toBe(400);
    expect(text).not.toContain(NIR);
  });

  test('says what happened and what to do, in French or English, under an id that the header repeats', async () => {
    for (const [language, words] of [
      ['fr-FR,fr;q=0.9', /habilitation du service/],
      ['en', /service's habilitation/],
      ['de', /habilitation du service/],
    ] as const) {
      const answer = await hub.ask('{ me { addresses { usage } } }', PAUL, { 'accept-language': language });
      expect(answer.errors[0]!.message).toMatch(words);
      expect(answer.errors[0]!.extensions['requestId']).toBe(answer.headers.get('hub-request-id'));
    }
  });
});

test('a reply tells nothing of the machinery in its headers', async () => {
  const { headers } = await hub.ask('{ me { civilStatus { birthName } } }', PAUL);
  expect([...headers.keys()].filter((name) => /server|powered|via|apollo|trace/.test(name))).toEqual([]);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('the logs of hub and agencies hold nobody’s name, date, address, token or reference', async () => {
  const query = `{ me {
    id
    civilStatus { birthName givenNames birthDate birthPlace { inseeCode } children { child { id } } }
    familyFile { children { givenNames } declaredAddress { streetLine } }
    taxAssessment(incomeYear: 2025) { referenceTaxIncome declarant2 { birthName } }
    addresses { address { streetLine } }
    accessLog { nodes { id } }
    consents { id }
  } }`;
  const visit = { persona: 'dupont-paul', service: 'portal' } as const;
  const token = await hub.token(visit);
  const { data } = await hub.ask(query, { token });
  const { id } = (data as { me: { id: string } }).me;
  hub.misbehave('family', (response) => void response.writeHead(200).end('DUPONT 1962-08-24'));
  await hub.ask(query, { token });
  hub.misbehave('family', undefined);
  await hub.ask(query, { token: `${token}x` });
  await hub.ask(`{ me { civilStatus { dupont_1962: unknownField_DUPONT } } }`, { token });
  const logged = hub.logged();
  expect(logged).not.toMatch(PERSONAL);
  expect(logged).not.toContain(token.slice(0, 60));
  expect(logged).not.toContain(id);
  for (const { grant } of hub.takeRequests()) {
    for (const { reference } of grant?.subjects ?? []) expect(logged).not.toContain(reference);
  }
});
