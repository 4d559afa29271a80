import { expect, test } from '@jest/globals';
import { createEngine } from '../../gateway/request/fetch/engine.ts';
import type { AgencySend } from '../../gateway/request/fetch/agencyPort.ts';
import { federate, type TestFederation } from '../engine/federation.ts';
import { decided } from '../support/testDecision.ts';
import { TEST_HEADER } from '../support/testGraph.ts';

/*
 * Interfaces, unions and interface objects from the decision to the answer: agencies in memory that hold every value, a caller whose
 * token opens `wealth` and not `income`. What each was asked stands beside what came back.
 */

const PROTECTED = '@requiresScopes(scopes: [["income"]])';
const OPEN = '@requiresScopes(scopes: [["wealth"]])';

const THINGS = [
  { __typename: 'House', value: 5, owner: 'A', rooms: 3 },
  { __typename: 'Shares', value: 7_000, owner: 'B', count: 12 },
  { __typename: 'Car', value: 9_000, owner: 'C', plate: 'AA-123-AA' },
];
const MEDIA = [
  { __typename: 'Book', id: '1', title: 'T' },
  { __typename: 'Film', id: '2', title: 'U' },
];

const federation = federate([
  {
    name: 'things',
    typeDefs: `${TEST_HEADER}
      type Query {
        things: [Thing] ${OPEN}
        search: [Found] ${OPEN}
        strict: [Strict] ${OPEN}
        media: [Media] ${OPEN}
      }
      interface Thing { value: Int owner: String }
      type House implements Thing { value: Int ${OPEN} owner: String ${OPEN} rooms: Int ${OPEN} }
      type Shares implements Thing { value: Int ${PROTECTED} owner: String ${OPEN} count: Int ${PROTECTED} }
      type Car implements Thing ${PROTECTED} { value: Int owner: String plate: String }
      union Found = House | Shares | Car
      type Strict { secret: Int! ${PROTECTED} name: String ${OPEN} }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String }
      type Film implements Media @key(fields: "id") { id: ID! title: String }`,
    resolvers: {
      Query: {
        things: () => THINGS,
        search: () => THINGS,
        strict: () => [{ secret: 1, name: 'a' }],
        media: () => MEDIA,
      },
    },
  },
  {
    name: 'lenders',
    typeDefs: `${TEST_HEADER}
      type Media @key(fields: "id") @interfaceObject { id: ID! lender: String ${PROTECTED} place: String ${OPEN} }`,
    resolvers: { Media: { lender: () => 'DURAND', place: () => 'shelf' } },
  },
] as const);

interface Answered {
  readonly data: unknown;
  readonly refused: readonly string[];
  readonly asked: readonly string[];
}

async function ask(query: string, send: AgencySend = federation.send): Promise<Answered> {
  const { graph }: TestFederation = federation;
  const { judgement } = decided({ graph, query, token: ['wealth'] });
  const engine = createEngine({ cacheBytes: 1_000_000 });
  const program = await engine.prepare(graph, judgement);
  federation.asked.length = 0;
  const { data, faults } = await engine.run(program, {
    variables: {},
    verdicts: judgement.verdicts,
    signal: new AbortController().signal,
    send,
  });
  return {
    data: JSON.parse(data) as unknown,
    refused: faults.map(({ code, path, refusal }) => `${path.join('.')} ${refusal?.reason ?? code}`),
    asked: federation.asked.map(({ agency, body }) => `${agency}: ${body.query}`),
  };
}

test('an interface field is answered for the types that leave it open, and refused item by item for the others', async () => {
  const { data, refused, asked } = await ask('{ things { value owner } }');
  expect(data).toEqual({
    things: [
      { value: 5, owner: 'A' },
      { value: null, owner: 'B' },
      { value: null, owner: null },
    ],
  });
  expect(refused).toEqual([
    'things.1.value SCOPE_NOT_IN_TOKEN',
    'things.2.value SCOPE_NOT_IN_TOKEN',
    'things.2.owner SCOPE_NOT_IN_TOKEN',
  ]);
  expect(asked).toEqual(['things: {things{__typename ...on House{value owner}...on Shares{owner}}}']);
});

test('one response key of a union’s members is answered for one and refused for the other', async () => {
  const { data, refused, asked } = await ask('{ search { ... on House { n: rooms } ... on Shares { n: count } } }');
  expect(data).toEqual({ search: [{ n: 3 }, { n: null }, {}] });
  expect(refused).toEqual(['search.1.n SCOPE_NOT_IN_TOKEN']);
  expect(asked.join()).not.toContain('count');
});

test('a fragment on the implementing type is no way around the interface', async () => {
  const { data, asked } = await ask('{ things { ... on Shares { value } ... on Car { plate value } } }');
  expect(data).toEqual({ things: [{}, { value: null }, { plate: null, value: null }] });
  expect(asked.join()).not.toMatch(/value|plate/);
});

test('a protected member of a union does not tell its type', async () => {
  const { data, refused } = await ask('{ search { __typename } }');
  expect(data).toEqual({ search: [{ __typename: 'House' }, { __typename: 'Shares' }, null] });
  expect(refused).toEqual(['search.2.__typename SCOPE_NOT_IN_TOKEN']);
});

test('an agency that answers more than it was asked, about a type that is protected, gives nothing away', async () => {
  const leaky: AgencySend = async (agency, body, options) => {
    const { data } = JSON.parse(await federation.send(agency, body, options)) as { data: { things: object[] } };
    return JSON.stringify({ data: { things: data.things.map((thing, at) => ({ ...thing, ...THINGS[at] })) } });
  };
  const { data } = await ask('{ things { value owner } }', leaky);
  expect(JSON.stringify(data)).not.toMatch(/7000|9000|AA-123|"C"/);
});

test('a field of an interface object is asked of nobody, through the interface and through each type', async () => {
  for (const inside of ['lender', '... on Book { lender } ... on Film { lender }']) {
    const { data, refused, asked } = await ask(`{ media { title ${inside} } }`);
    expect(data).toEqual({
      media: [
        { title: 'T', lender: null },
        { title: 'U', lender: null },
      ],
    });
    expect(refused).toEqual(['media.0.lender SCOPE_NOT_IN_TOKEN', 'media.1.lender SCOPE_NOT_IN_TOKEN']);
    expect(asked.map((one) => one.split(':')[0])).toEqual(['things']);
  }
  const { data, asked } = await ask('{ media { lender place } }');
  expect(data).toEqual({
    media: [
      { lender: null, place: 'shelf' },
      { lender: null, place: 'shelf' },
    ],
  });
  expect(asked.at(-1)).toMatch(/\.\.\.on Media\{id place\}/);
});

test('a non-null field that is refused takes its nearest nullable parent with it, once for each place', async () => {
  const { data, refused, asked } = await ask('{ strict { secret name } things { ... on House { rooms } } }');
  expect(data).toEqual({ strict: [null], things: [{ rooms: 3 }, {}, {}] });
  expect(refused).toEqual(['strict.0.secret SCOPE_NOT_IN_TOKEN']);
  expect(asked.join()).not.toContain('secret');
});
