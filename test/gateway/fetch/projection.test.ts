import { describe, expect, it } from '@jest/globals';
import type { SubjectKey } from '../../../gateway/platform/ids.ts';
import type { Judgement } from '../../../gateway/request/exchange.ts';
import type { PersonDesk } from '../../../gateway/request/fetch/personDesk.ts';
import { ask, spell } from '../../engine/ask.ts';
import { federate } from '../../engine/federation.ts';

const federation = federate([
  {
    name: 'zoo',
    typeDefs: `
      scalar Json
      enum Diet { MEAT PLANTS SECRET @inaccessible }
      interface Animal { name: String! friend: Animal }
      type Cat implements Animal { name: String! friend: Animal lives: Int! diet: Diet }
      type Dog implements Animal { name: String! friend: Animal tricks: [String!] }
      type Ghost implements Animal @inaccessible { name: String! friend: Animal }
      union Any = Cat | Dog
      type Query { animals: [Animal] any: [Any!] json: Json id: ID sure: Cat! many: [[Int!]] text(of: String): String echo: Cat keeper: Keeper }
      type Keeper @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: {
        animals: () => [
          { __typename: 'Cat', name: 'Tom', lives: 9, diet: 'MEAT', friend: { __typename: 'Dog', name: 'Rex' } },
          { __typename: 'Dog', name: 'Rex', tricks: ['sit "down"\n', 'é\u2028'] },
          { __typename: 'Ghost', name: 'Boo' },
          { __typename: 'Cat', name: 'Kit', lives: null, diet: 'SECRET' },
        ],
        any: () => [{ __typename: 'Dog', name: 'Rex' }],
        json: () => ({ a: [1, { b: null }] }),
        id: () => 7,
        sure: () => ({ name: 'Tom', lives: 9 }),
        many: () => [[1, 2], null, []],
        text: (_: unknown, { of }: { of?: string }) => of ?? null,
        echo: () => ({ name: 'Echo', lives: 1 }),
        keeper: () => ({ id: 'k1' }),
      },
      Animal: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
      Any: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
    },
  },
  {
    name: 'office',
    typeDefs: `
      type Keeper @key(fields: "id") { id: ID! badge: Badge none: Badge }
      type Badge { number: Int }`,
    resolvers: { Keeper: { badge: () => ({ number: 1 }), none: () => null } },
  },
]);

describe('the reply as it is written', () => {
  it('keeps GraphQL’s order and shape through aliases, fragments and type conditions', async () => {
    const { text } = await ask(
      federation,
      `{ zz: any { ...D __typename } aa: animals { ... on Dog { tricks } n: name ...F ... on Cat { lives } } id many json }
       fragment F on Animal { friend { __typename name } t: __typename }
       fragment D on Dog { name }`,
    );
    expect(text).toBe(
      '{"zz":[{"name":"Rex","__typename":"Dog"}],"aa":[{"n":"Tom","friend":{"__typename":"Dog","name":"Rex"},"t":"Cat","lives":9},' +
        '{"tricks":["sit \\"down\\"\\n","é\u2028"],"n":"Rex","friend":null,"t":"Dog"},null,null],' +
        '"id":"7","many":[[1,2],null,[]],"json":{"a":[1,{"b":null}]}}',
    );
  });

  it.each([
    ['{ a: text(of: "1") @skip(if: $yes) id a: text(of: "1") }', '{"id":"7","a":"1"}'],
    ['{ a: text(of: "1") @include(if: $yes) id a: text(of: "1") }', '{"a":"1","id":"7"}'],
    [
      '{ ... @skip(if: $yes) { sure { name lives } } id sure { lives name } }',
      '{"id":"7","sure":{"lives":9,"name":"Tom"}}',
    ],
    [
      '{ sure { name @skip(if: $yes) lives } ...F } fragment F on Query { sure { name } }',
      '{"sure":{"lives":9,"name":"Tom"}}',
    ],
    ['{ __type(name: "Cat") { name @skip(if: $yes) kind name } }', '{"__type":{"kind":"OBJECT","name":"Cat"}}'],
  ])('puts a key where it is first executed: %s', async (query, text) => {
    const asked = await ask(federation, `query ($yes: Boolean!) ${query}`, { variables: { yes: true } });
    expect(asked.text).toBe(text);
  });

  it.each([
    ['{ sure { name @skip(if: $yes) } }', '{"sure":{}}'],
    ['{ sure @include(if: $yes) { ... @skip(if: $yes) { name } ... { lives @skip(if: $yes) } } }', '{"sure":{}}'],
    ['{ sure { ...F } } fragment F on Cat { name @skip(if: $yes) }', '{"sure":{}}'],
    ['{ keeper { badge @include(if: $yes) { number @skip(if: $yes) } } }', '{"keeper":{"badge":{}}}'],
    ['{ keeper { none @include(if: $yes) { number @skip(if: $yes) } } }', '{"keeper":{"none":null}}'],
  ])('leaves an object of which conditions leave nothing an object: %s', async (query, text) => {
    const asked = await ask(federation, `query ($yes: Boolean!) ${query}`, { variables: { yes: true } });
    expect(asked.text).toBe(text);
  });

  it('nulls what is not public as if it were absent', async () => {
    const { data, faults } = await ask(federation, '{ animals { __typename ... on Cat { diet } } }');
    expect(data).toEqual({
      animals: [{ __typename: 'Cat', diet: 'MEAT' }, { __typename: 'Dog' }, null, { __typename: 'Cat', diet: null }],
    });
    expect(spell(faults)).toEqual([]);
  });

  it('follows @skip and @include by variables', async () => {
    const query = `query ($a: Boolean!, $b: Boolean!) {
      sure { name @skip(if: $a) ... @include(if: $a) { name lives @include(if: $b) } }
      id @skip(if: $a) @include(if: $b)
    }`;
    const texts = await Promise.all(
      [
        { a: true, b: true },
        { a: true, b: false },
        { a: false, b: true },
        { a: false, b: false },
      ].map(async (variables) => (await ask(federation, query, { variables })).text),
    );
    expect(texts).toEqual([
      '{"sure":{"name":"Tom","lives":9}}',
      '{"sure":{"name":"Tom"}}',
      '{"sure":{"name":"Tom"},"id":"7"}',
      '{"sure":{"name":"Tom"}}',
    ]);
  });

  it('answers introspection itself, beside data', async () => {
    const query =
      'query ($n: String!) { __typename q: __schema { queryType { name } } t: __type(name: $n) { k: kind } id }';
    const { data } = await ask(federation, query, { variables: { n: 'Cat' } });
    expect(data).toEqual({ __typename: 'Query', q: { queryType: { name: 'Query' } }, t: { k: 'OBJECT' }, id: '7' });
    expect(federation.asked).toHaveLength(1);
    await ask(federation, '{ __typename __schema { types { name } } }');
    expect(federation.asked).toHaveLength(0);
  });
});

const persons = { caller: 'me' as SubjectKey } as PersonDesk;

/** Refuses the fields with these coordinates, everything is the caller's; the document is narrowed by hand. */
function refusing(...coordinates: string[]): (judgement: Judgement) => Judgement {
  return (judgement) => ({
    ...judgement,
    verdicts: judgement.operation.fields.map(({ coordinate }) =>
      coordinates.includes(coordinate)
        ? { allowed: false, reason: 'CONSENT_REQUIRED', missingScopes: [['cnaf_enfants']], subject: 'SELF' }
        : { allowed: true },
    ),
    subjects: judgement.operation.fields.map(() => ({ kind: 'CALLER' })),
  });
}

describe('a refused field', () => {
  it('is null whatever agencies sent, with its refusal at every position', async () => {
    const { data, faults, traces } = await ask(federation, '{ animals { ... on Cat { diet d: diet name } } }', {
      judge: refusing('Cat.diet'),
      input: { persons },
    });
    expect(data).toEqual({
      animals: [{ diet: null, d: null, name: 'Tom' }, {}, null, { diet: null, d: null, name: 'Kit' }],
    });
    const refusal = { reason: 'CONSENT_REQUIRED', missingScopes: [['cnaf_enfants']], subject: 'SELF' };
    expect(faults.filter((fault) => fault.refusal)).toEqual(
      [
        ['animals', 0, 'diet'],
        ['animals', 0, 'd'],
        ['animals', 3, 'diet'],
        ['animals', 3, 'd'],
      ].map((path) => ({ code: 'UNAUTHORIZED_FIELD_OR_TYPE', path, refusal, agency: 'zoo' })),
    );
    expect(traces.map(({ index, outcome, reason }) => [index, outcome, reason])).toEqual([
      [1, 'REFUSED', 'CONSENT_REQUIRED'],
      [2, 'REFUSED', 'CONSENT_REQUIRED'],
      [3, 'DELIVERED', undefined],
      [0, 'DELIVERED', undefined],
    ]);
  });

  it('that cannot be null takes its nearest nullable parent with it, and nothing of that parent counts as delivered', async () => {
    const { data, faults, traces } = await ask(federation, '{ echo { name lives } sure { name lives } }', {
      judge: refusing('Cat.lives'),
      input: { persons },
    });
    expect(data).toBeNull();
    expect(spell(faults)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE echo.lives', 'UNAUTHORIZED_FIELD_OR_TYPE sure.lives']);
    expect(traces.filter(({ outcome }) => outcome === 'DELIVERED')).toEqual([]);
    expect(traces.map(({ index, outcome, reason }) => [index, outcome, reason])).toEqual(
      [2, 0, 5, 3].map((index) => [index, 'REFUSED', 'CONSENT_REQUIRED']),
    );
  });

  it('is absent, refused or failed: three different outcomes', async () => {
    const { traces } = await ask(federation, '{ text echo { lives } animals { ... on Cat { diet } } }', {
      judge: refusing('Cat.lives'),
      input: { persons },
    });
    const outcomes = new Map(traces.map(({ index, outcome }) => [index, outcome]));
    expect(outcomes.get(0)).toBe('ABSENT');
    expect(outcomes.get(2)).toBe('REFUSED');
    const wrong = await ask(federation, '{ c: animals { ... on Cat { lives } } }', {
      judge: refusing(),
      input: { persons },
    });
    expect(new Map(wrong.traces.map(({ index, outcome }) => [index, outcome])).get(1)).toBe('DELIVERED');
    const failed = await ask(federation, '{ c: echo { name } }', {
      judge: refusing(),
      input: { persons, send: () => Promise.resolve('') },
    });
    expect(failed.traces).toMatchObject([{ index: 0, outcome: 'ERROR', reason: 'AGENCY_UNAVAILABLE' }]);
  });
});
