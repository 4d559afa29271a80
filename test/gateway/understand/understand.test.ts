import { describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import type { Graph, Received } from '../../../gateway/request/exchange.ts';
import { DEFAULT_LIMITS } from '../../../gateway/request/understand/limits.ts';
import { createUnderstand, type UnderstandOptions } from '../../../gateway/request/understand/understand.ts';
import { HubError } from '../../../gateway/platform/errors.ts';
import { testGraph } from '../../support/testGraph.ts';
import { aRequest } from '../../support/testRequest.ts';

const SDL = `
  type Query { me: Citizen town(code: ID, year: Int, where: TownFilter): Town towns: [Place] }
  type Citizen @key(fields: "id") { id: ID! name: String friend: Citizen secretNumber: Int @inaccessible }
  type Town implements Place { name: String level: Level }
  interface Place { name: String }
  enum Level { SMALL LARGE }
  input TownFilter { code: ID! size: Level = SMALL }
  type Mutation { move(to: String!): Town }
`;
const graph = testGraph({ a: SDL });

function setUp(changes: Partial<UnderstandOptions> = {}) {
  return createUnderstand({ graph: () => graph, introspection: 'operator', ...changes });
}

function faultOf(query: string, changes: Partial<Received> = {}, options: Partial<UnderstandOptions> = {}): HubError {
  try {
    setUp(options)(aRequest(query, changes));
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('expected a fault, got none');
}

describe('understand', () => {
  test('hands on the stage it was given, with graph, tree and variables', () => {
    const request = aRequest('query ($year: Int = 2024) { town(year: $year) { name } }');
    const understood = setUp()(request);
    expect(understood).toMatchObject(request);
    expect(understood.graph).toBe(graph);
    expect(understood.operation.fields.map((field) => field.coordinate)).toEqual(['Query.town', 'Town.name']);
    expect(understood.coercedVariables).toEqual({ year: 2024 });
  });

  test('coerces variables to their types and leaves out what the operation does not define', () => {
    const query = 'query ($code: ID, $where: TownFilter) { town(code: $code, where: $where) { name } }';
    const { coercedVariables } = setUp()(aRequest(query, { variables: { code: 75, where: { code: 'x' }, other: 1 } }));
    expect(coercedVariables).toEqual({ code: '75', where: { code: 'x', size: 'SMALL' } });
  });

  test('understands one text once, and one operation once however it is written', () => {
    const understand = setUp();
    const first = understand(aRequest('{ me { id } }')).operation;
    expect(understand(aRequest('{ me { id } }')).operation).toBe(first);
    expect(understand(aRequest('{me{id}} # again')).operation).toBe(first);
    expect(understand(aRequest('{ me { name } }')).operation).not.toBe(first);
  });

  test('takes the graph in service, and forgets what it understood on the one before', () => {
    const other = testGraph({ a: 'type Query { me: Int }' });
    let served: Graph = graph;
    const understand = setUp({ graph: () => served });
    expect(understand(aRequest('{ me { id } }')).graph).toBe(graph);
    served = other;
    expect(() => understand(aRequest('{ me { id } }'))).toThrow('HUB_OPERATION_INVALID');
    expect(understand(aRequest('{ me }')).graph).toBe(other);
  });

  test.each([
    ['A', 'Query.me'],
    ['B', 'Query.town'],
  ])('judges the operation %s of a document with two, and only that one', (operationName, coordinate) => {
    const understand = setUp();
    const query = 'query A { me { id } } query B { town { name } }';
    const { operation } = understand(aRequest(query, { operationName }));
    expect(operation.fields[0]!.coordinate).toBe(coordinate);
    expect(understand(aRequest(query, { operationName })).operation).toBe(operation);
  });

  test.each([
    ['a name that is not there', 'query A { me { id } }', 'B', 'HUB_OPERATION_NAME_UNKNOWN'],
    [
      'no name where there are two',
      'query A { me { id } } query B { me { id } }',
      undefined,
      'HUB_OPERATION_NAME_UNKNOWN',
    ],
    ['a name carried twice', 'query A { me { id } } query A { town { name } }', 'A', 'HUB_OPERATION_INVALID'],
    ['a document of fragments', 'fragment F on Query { me { id } }', undefined, 'HUB_OPERATION_INVALID'],
  ])('refuses %s', (_what, query, operationName, code) => {
    expect(faultOf(query, { operationName }).code).toBe(code);
  });

  test.each(['subscription { me { id } }', 'mutation { move }'])(
    'refuses %s on a graph without such a root',
    (query) => {
      const bare = testGraph({ a: 'type Query { me: Int }' });
      expect(faultOf(query, {}, { graph: () => bare }).code).toBe('HUB_OPERATION_INVALID');
    },
  );

  test('refuses a subscription whose root field depends on a variable, whatever its value', () => {
    const graph = testGraph({ a: 'type Query { me: Int } type Subscription { tick: Int }' });
    const query = 'subscription ($yes: Boolean = true) { tick @include(if: $yes) }';
    expect(faultOf(query, {}, { graph: () => graph }).code).toBe('HUB_OPERATION_INVALID');
  });

  test('refuses to write by GET', () => {
    const query = 'mutation { move(to: "x") { name } }';
    expect(faultOf(query, { method: 'GET' }).code).toBe('HUB_OPERATION_METHOD_NOT_ALLOWED');
    expect(setUp()(aRequest(query)).operation.kind).toBe('mutation');
  });
});

describe('understand, when introspected', () => {
  test.each([
    '{ __schema { types { name } } }',
    '{ x: __type(name: "Citizen") { name } }',
    '{ ...F } fragment F on Query { __schema { queryType { name } } }',
  ])('answers %s to operators only', (query) => {
    expect(faultOf(query).code).toBe('HUB_OPERATION_INTROSPECTION_REFUSED');
    expect(setUp()(aRequest(query, { operator: true })).operation.introspects).toBe(true);
    expect(setUp({ introspection: 'everyone' })(aRequest(query)).operation.introspects).toBe(true);
  });

  test("takes graphql-js's own introspection query within the default limits", () => {
    expect(setUp({ introspection: 'everyone' })(aRequest(getIntrospectionQuery())).operation.introspects).toBe(true);
  });

  test('lets everyone ask for __typename', () => {
    expect(setUp()(aRequest('{ __typename me { __typename } }')).operation.introspects).toBe(false);
  });
});

describe('understand, when the operation is wrong', () => {
  const NUMBER = '185057800608436';

  test.each([
    ['{ me { id ', 'HUB_OPERATION_SYNTAX'],
    ['', 'HUB_OPERATION_SYNTAX'],
    [`{ me "${NUMBER}" }`, 'HUB_OPERATION_SYNTAX'],
    ['{ me { secretNumber } }', 'HUB_OPERATION_INVALID'],
    ['{ me { secretNumbe } }', 'HUB_OPERATION_INVALID'],
    ['{ me { frien } }', 'HUB_OPERATION_INVALID'],
    ['{ town(cod: 1) { name } }', 'HUB_OPERATION_INVALID'],
    ['{ me { ... on Citize { id } } }', 'HUB_OPERATION_INVALID'],
    [`{ town(year: "${NUMBER}") { name } }`, 'HUB_OPERATION_INVALID'],
    [`{ town(year: ${NUMBER}) { name } }`, 'HUB_OPERATION_INVALID'],
    [`{ town(where: { size: "${NUMBER}" }) { name } }`, 'HUB_OPERATION_INVALID'],
    [`query ($y: Int = "${NUMBER}") { town(year: $y) { name } }`, 'HUB_OPERATION_INVALID'],
    ['{ me { id @defer } }', 'HUB_OPERATION_INVALID'],
    ['{ me { ... @defer { id } } }', 'HUB_OPERATION_INVALID'],
    ['{ towns @stream { name } }', 'HUB_OPERATION_INVALID'],
    ['{ _service { sdl } }', 'HUB_OPERATION_INVALID'],
    ['{ _entities(representations: []) { __typename } }', 'HUB_OPERATION_INVALID'],
  ])('answers %s with %s, a place, no value and no hidden name', (query, code) => {
    const fault = faultOf(query);
    expect(fault.code).toBe(code);
    expect(fault.status).toBe(400);
    const shown = JSON.stringify(fault.extensions);
    expect(shown).toContain('"line":');
    expect(shown).not.toContain(NUMBER);
    expect(shown).not.toMatch(/did you mean/i);
    if (!query.includes('secretNumber')) expect(shown).not.toContain('secretNumber');
  });

  test('names the variables that do not fit, and no value of them', () => {
    const query = 'query ($y: Int!, $w: TownFilter, $ok: ID) { town(year: $y, where: $w, code: $ok) { name } }';
    const fault = faultOf(query, { variables: { y: NUMBER, w: { code: 'x', size: NUMBER }, ok: NUMBER } });
    expect(fault.code).toBe('HUB_OPERATION_VARIABLES_INVALID');
    expect(fault.extensions.variables).toEqual(['y', 'w']);
    expect(JSON.stringify(fault.extensions)).not.toContain(NUMBER);
  });

  test.each([
    '{ __proto__: me { id } }',
    'query ($__proto__: Int) { town(year: $__proto__) { name } }',
    '{ me { __typename: id } }',
  ])('refuses the poisonous name in %s', (query) =>
    expect(faultOf(query).extensions).toEqual({ problem: 'reserved name' }),
  );
});

describe('understand, when the operation is too large', () => {
  const nested = (levels: number): string => `{ me ${'{ friend '.repeat(levels)}{ id }${' }'.repeat(levels)} }`;
  /** Each fragment spreads the next one twice: two to the 20th fields from 1.3 kB. */
  const doubling = Array.from(
    { length: 20 },
    (_, i) => `fragment F${i} on Citizen { a: friend { ...F${i + 1} } b: friend { ...F${i + 1} } }`,
  );

  test.each([
    ['tokens', `{ ${'id '.repeat(2000)} }`],
    ['tokens', `{ ${'...{'.repeat(3000)} me { id } ${'}'.repeat(3000)} }`],
    ['tokens', `{ ${Array.from({ length: 5000 }, (_, i) => `a${i}: me { id }`).join(' ')} }`],
    ['tokens', `{ me { id ${'@skip(if: false) '.repeat(5000)} } }`],
    ['depth', nested(14)],
    ['depth', `{ me { ...F0 } } ${doubling.join(' ')} fragment F20 on Citizen { id }`],
    [
      'height',
      `{ me { ${'...F '.repeat(90)} } } fragment F on Citizen { friend { ...G ...H ...I } } ${'GHI'.replace(/./g, (name) => `fragment ${name} on Citizen { id name x: id y: id z: id }`)}`,
    ],
    [
      'selections',
      `{ ${'...F '.repeat(40)} } fragment F on Query { ${'...G '.repeat(19)} } fragment G on Query { ... { ... { ... { __typename } } } }`,
    ],
    ['aliases', `{ me { ${Array.from({ length: 31 }, (_, i) => `a${i}: id`).join(' ')} } }`],
    [
      'rootFields',
      `{ ...F __typename } fragment F on Query { ${Array.from({ length: 20 }, (_, i) => `a${i}: me { id }`).join(' ')} }`,
    ],
    ['directives', `query ($a: Boolean!) { me { ${'... @skip(if: $a) { id } '.repeat(51)} } }`],
    ['duplicates', `{ ${'me { id } '.repeat(102)} }`],
    ['duplicates', `{ me { ${'...F '.repeat(102)} } } fragment F on Citizen { id }`],
  ])('names the limit: %s', (limit, query) => {
    const startedMs = performance.now();
    const fault = faultOf(query);
    expect(fault.code).toBe('HUB_OPERATION_TOO_COMPLEX');
    expect(fault.extensions).toMatchObject({ limit });
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  test('names the limit of fields for a doubling fragment that is not deep', () => {
    const limits = { depth: 100 };
    const query = `{ me { ...F0 } } ${doubling.join(' ')} fragment F20 on Citizen { id }`;
    expect(faultOf(query, {}, { limits }).extensions).toMatchObject({ limit: 'height' });
  });

  test('lets through what just fits', () => {
    const understand = setUp();
    expect(understand(aRequest(nested(13))).operation.fields).toHaveLength(15);
    const aliases = Array.from({ length: 30 }, (_, i) => `a${i}: id`).join(' ');
    expect(understand(aRequest(`{ me { ${aliases} } }`)).operation.fields).toHaveLength(31);
  });

  test.each([
    ['itself', '{ me { ...F } } fragment F on Citizen { ...F }'],
    [
      'itself through another',
      '{ me { ...F } } fragment F on Citizen { friend { ...G } } fragment G on Citizen { ...F }',
    ],
    ['itself, though nobody uses it', '{ me { id } } fragment F on Citizen { friend { ...F } }'],
  ])('refuses a fragment that spreads %s', (_what, query) => {
    expect(faultOf(query).extensions).toEqual({ problem: 'fragment cycle' });
  });

  test('refuses nesting beyond the stack when tokens are unlimited, and lives on', () => {
    const query = `{ ${'...{'.repeat(50_000)} me { id } ${'}'.repeat(50_000)} }`;
    const fault = faultOf(query, {}, { limits: { ...DEFAULT_LIMITS, tokens: 1_000_000 } });
    expect(fault.extensions).toMatchObject({ limit: 'depth' });
    expect(setUp()(aRequest('{ me { id } }')).operation.fields).toHaveLength(2);
  });
});
