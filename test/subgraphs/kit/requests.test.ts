import { describe, expect, it } from '@jest/globals';
import { TEST_OPERATOR_CREDENTIAL } from '../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { aSubject } from '../../../subgraphs/kit/testing/testGrant.ts';
import type { Row } from './example/agency.ts';
import { entities, lise, MARTIN, openExample, ROWS } from './support.ts';

describe('persons are found once for all', () => {
  const people = Array.from({ length: 200 }, (_, index) => ({
    ...MARTIN,
    family_name: `NOM ${'A'.repeat(index + 1)}`,
  }));
  const rows: Row[] = people.map((identity, index) => ({ number: `F${index}`, identity, members: [] }));
  const subjects = people.map((pivot, index) =>
    aSubject({ reference: `ref-${index}`, role: 'CHILD_PROVEN', pivot, scopes: ['cnaf_quotient_familial'] }),
  );
  const references = subjects.map(({ reference }) => reference);

  it('reads 200 people and their quotients in one batch each, not 200', async () => {
    const reads = { persons: 0, quotients: 0, loaders: 0 };
    const agency = await openExample({ rows, reads });
    const answer = await agency.ask({ ...entities('file { quotient }', references), subjects });
    expect((answer.data as { _entities: unknown[] })._entities).toHaveLength(200);
    expect(answer.errors).toBeUndefined();
    expect(reads).toEqual({ persons: 1, quotients: 1, loaders: 1 });
  });

  it('makes loaders anew for each request, so that none answers with what another one loaded', async () => {
    const reads = { persons: 0, quotients: 0, loaders: 0 };
    const agency = await openExample({ reads });
    const asked = { ...entities('file { quotient }'), subjects: [lise(['cnaf_quotient_familial'])] };
    await Promise.all([agency.ask(asked), agency.ask(asked)]);
    expect(reads).toEqual({ persons: 2, quotients: 2, loaders: 2 });
  });
});

describe('absence has one face', () => {
  const asked = { ...entities('id file { number }'), subjects: [lise(['cnaf_adresse'])] };
  const absent = { data: { _entities: [null] } };
  const withheld = (why: 'PROTECTED' | 'DECEASED') => ({
    findPersons: () => Promise.resolve([[{ identity: MARTIN, record: ROWS[0], withheld: why }]]),
  });

  it.each([
    ['NONE', { rows: [] }],
    ['SEVERAL', { rows: [ROWS[0]!, { ...ROWS[0]!, number: 'F9' }] }],
    ['PROTECTED', { changes: withheld('PROTECTED') }],
    ['DECEASED', { changes: withheld('DECEASED') }],
  ])('%s is null without an error; the reason stays in the agency’s log', async (reason, options) => {
    const agency = await openExample(options);
    expect(await agency.ask(asked)).toEqual(absent);
    expect(agency.logged.at(-1)).toContain(`"absent":"${reason}"`);
  });

  it('says null for the caller too', async () => {
    const agency = await openExample({ rows: [] });
    expect(await agency.ask({ query: '{ me { id } }', subjects: asked.subjects })).toEqual({ data: { me: null } });
  });
});

describe('errors are in the kit’s words', () => {
  const subjects = [lise(['family_name'])];

  it('masks whatever a resolver throws', async () => {
    const agency = await openExample();
    const answer = await agency.ask({ ...entities('broken certificate'), subjects });
    expect(answer).toEqual({
      data: { _entities: [{ broken: null, certificate: 'certificate' }] },
      errors: [
        { message: 'Internal error', path: ['_entities', 0, 'broken'], extensions: { code: 'AGENCY_INTERNAL' } },
      ],
    });
    expect(agency.logged.at(-1)).toContain('"field":"_entities.broken"');
  });

  it('lets an input that the agency refuses out under its own code, naming the argument and not the value', async () => {
    const agency = await openExample();
    const answer = await agency.ask({ ...entities('picky(code: "bad")'), subjects });
    expect(answer.errors).toEqual([
      {
        message: 'Input refused',
        path: ['_entities', 0, 'picky'],
        extensions: { code: 'HUB_AGENCY_INPUT_REFUSED', argument: 'code' },
      },
    ]);
  });

  it('says nothing about an operation that does not fit: no name, no literal', async () => {
    const agency = await openExample();
    const refused = { errors: [{ message: 'Operation refused', extensions: { code: 'AGENCY_OPERATION_REFUSED' } }] };
    for (const query of [
      '{ me { certificat } }',
      '{ assessment(incomeYear: "1850375123456") }',
      '{',
      '{ __schema { types { name } } }',
    ]) {
      expect(await agency.ask({ query, subjects })).toEqual(refused);
    }
    expect(agency.logged.join()).not.toContain('1850375123456');
  });

  it('gives up an answer that takes too long', async () => {
    const agency = await openExample({ changes: { timeoutMs: 30 } });
    expect(await agency.ask({ ...entities('slow'), subjects })).toEqual({
      errors: [{ message: 'No answer in time', extensions: { code: 'AGENCY_TIMEOUT' } }],
    });
  });
});

describe('the schema is an operator’s', () => {
  const sdl = JSON.stringify({ query: '{ _service { sdl } }' });

  it('answers SDL and introspection to the credential', async () => {
    const { subgraph } = await openExample();
    const service = await subgraph.receive(sdl, TEST_OPERATOR_CREDENTIAL);
    expect((service.answer.data as { _service: { sdl: string } })._service.sdl).toContain('type Citizen');
    const schema = await subgraph.receive('{"query":"{ __schema { queryType { name } } }"}', TEST_OPERATOR_CREDENTIAL);
    expect(schema.answer.data).toEqual({ __schema: { queryType: { name: 'Query' } } });
  });

  it('does not answer it to a wrong credential, nor to a grant', async () => {
    const agency = await openExample();
    expect((await agency.subgraph.receive(sdl, 'wrong')).status).toBe(401);
    const granted = await agency.ask({ query: '{ _service { sdl } }', subjects: [lise([])] });
    expect(JSON.stringify(granted)).not.toContain('Citizen');
    expect(granted.errors).toMatchObject([{ extensions: { code: 'AGENCY_FIELD_REFUSED' } }]);
  });

  it('does not answer introspection to a grant after an operator asked the same', async () => {
    const agency = await openExample();
    const query = '{ __schema { queryType { name } } }';
    const operator = await agency.subgraph.receive(JSON.stringify({ query }), TEST_OPERATOR_CREDENTIAL);
    expect(operator.answer.errors).toBeUndefined();
    const granted = await agency.ask({ query, subjects: [lise([])] });
    expect(granted.errors).toMatchObject([{ extensions: { code: 'AGENCY_OPERATION_REFUSED' } }]);
  });

  it('gives the credential no data', async () => {
    const { subgraph } = await openExample();
    for (const query of ['{ open }', '{ _service { sdl } me { id } }', 'query { ...q } fragment q on Query { open }']) {
      const { answer } = await subgraph.receive(JSON.stringify({ query }), TEST_OPERATOR_CREDENTIAL);
      expect(answer).toEqual({
        errors: [{ message: 'Operation refused', extensions: { code: 'AGENCY_OPERATION_REFUSED' } }],
      });
    }
  });
});

describe('in process', () => {
  it('answers under a grant that the caller vouches for, under the same rules', async () => {
    const { subgraph, hub } = await openExample();
    const grant = {
      requestId: 'req_1',
      service: { clientId: 'canteen', siret: '' },
      purpose: 'p',
      acr: 'eidas2',
      subjects: [lise(['family_name'])],
      met: {},
    } as const;
    expect(hub.publicKey.kty).toBe('EC');
    expect(await subgraph.handle({ query: '{ me { id certificate } }', grant })).toEqual({
      data: { me: { id: 'ref-lise', certificate: 'certificate' } },
    });
    const refused = await subgraph.handle({ query: '{ me { file { number } } }', grant });
    expect(refused.data).toEqual({ me: { file: null } });
  });
});
