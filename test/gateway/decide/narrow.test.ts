import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, parse, print, validate } from 'graphql';
import { narrow } from '../../../gateway/request/decide/narrow.ts';
import { buildOperation } from '../../../gateway/request/understand/operation.ts';
import type { Operation, OperationSelection } from '../../../gateway/request/exchange.ts';

const schema = buildSchema(`
  type Query { node: Node pet: Pet a(x: Int): A b: B n: Int }
  interface Node { id: ID name: String link: Node at(x: Int): A }
  interface Named implements Node { id: ID name: String link: Node at(x: Int): A label: String }
  type A implements Node & Named { id: ID name: String link: Node at(x: Int): A label: String own: B pet: Pet }
  type B implements Node { id: ID name: String link: Node at(x: Int): A owner: A }
  type C implements Node & Named { id: ID name: String link: Node at(x: Int): A label: String size(x: Int, y: Int): Int }
  union Pet = A | C
  type Mutation { write(x: Int): A other: A }
`);

function narrowed(query: string, refused: readonly string[]): string | undefined {
  const operation = buildOperation(parse(query), undefined, schema);
  const document = narrow(operation, (field) => !refused.includes(field.coordinate), schema);
  return document && print(document).replaceAll(/\s+/g, ' ');
}

describe('narrow', () => {
  test.each([
    ['a field', '{ a { id name } }', ['A.name'], '{ a { id } }'],
    ['an object with all it holds', '{ n a { own { id } } b { id } }', ['A.own'], '{ n a { __typename } b { id } }'],
    ['all of an object, which stays one', '{ a { id name } }', ['A.id', 'A.name'], '{ a { __typename } }'],
    [
      'a field wherever it is spread',
      '{ a { ...F own { owner { ...F } } } } fragment F on A { id name }',
      ['A.name'],
      '{ a { ... on A { id } own { owner { ... on A { id } } } } }',
    ],
    ['a fragment with nothing left', '{ a { id ...F } } fragment F on A { name }', ['A.name'], '{ a { id } }'],
    [
      'a refused argument and its variable',
      'query ($x: Int, $y: Int) { a(x: $x) { id } c: node { ... on C { size(x: $x, y: $y) } id } }',
      ['C.size'],
      'query ($x: Int) { a(x: $x) { id } c: node { id } }',
    ],
    [
      'a variable that only a condition used',
      'query ($s: Boolean!) { n a { name @skip(if: $s) id } }',
      ['A.name'],
      '{ n a { id } }',
    ],
    [
      'a refused root field of a mutation',
      'mutation { write(x: 1) { id name } other { id } }',
      ['Mutation.other', 'A.name'],
      'mutation { write(x: 1) { id } }',
    ],
  ])('leaves out %s', (_what, query, refused, expected) => {
    expect(narrowed(query, refused)).toBe(expected);
  });

  test.each([
    [
      'a field of an interface on the interface when its types agree',
      '{ node { id ... on C { size } } }',
      ['C.size'],
      '{ node { id } }',
    ],
    [
      'a field of an interface on those types that allow it',
      '{ node { id name } }',
      ['B.id'],
      '{ node { ... on A { id } ... on C { id } name } }',
    ],
    [
      'the allowed member of a union',
      '{ pet { ... on A { id } ... on C { id } } }',
      ['C.id'],
      '{ pet { ... on A { id } } }',
    ],
    [
      'what differs only below the types',
      '{ node { link { id } own: id } }',
      ['B.link', 'C.id'],
      '{ node { ... on A { link { ... on A { id } ... on B { id } } } ... on C { link { ... on A { id } ... on B { id } } } ... on A { own: id } ... on B { own: id } } }',
    ],
    [
      'conditions where they stood',
      'query ($s: Boolean!) { a { ... @include(if: $s) { id @skip(if: $s) name } label } }',
      ['A.label'],
      'query ($s: Boolean!) { a { ... @include(if: $s) { id @skip(if: $s) name } } }',
    ],
  ])('keeps %s', (_what, query, refused, expected) => {
    expect(narrowed(query, refused)).toBe(expected);
  });

  test('leaves nothing when no root field is left', () => {
    expect(narrowed('{ a { id } n }', ['Query.a', 'Query.n'])).toBeUndefined();
  });

  test('splits a field whose types would ask different things of one type below them', () => {
    const query = '{ node { link { id name } } }';
    const operation = buildOperation(parse(query), undefined, schema);
    const root = operation.fields[0]!;
    const linkOnB = root.selection!.byType.get('B')![0]!;
    const idsUnderB = new Set([...linkOnB.selection!.byType.values()].flat().filter((f) => f.fieldName === 'id'));
    const document = narrow(operation, (field) => !idsUnderB.has(field), schema)!;
    expect(print(document).replaceAll(/\s+/g, ' ')).toBe(
      '{ node { ... on A { link { id name } } ... on B { link { name } } ... on C { link { id name } } } }',
    );
  });
});

/** Documents of every shape over the schema: nested fragments, aliases, conditions, arguments, duplicates. */
const selectionOn: (type: string, depth: number) => fc.Arbitrary<string> = (type, depth) => {
  const leafs = type === 'Query' ? ['n'] : type === 'Pet' ? ['__typename'] : ['id', 'x: id', 'name', '__typename'];
  const below: Record<string, readonly (readonly [string, string])[]> = {
    Query: [
      ['node', 'Node'],
      ['pet', 'Pet'],
      ['a(x: $x)', 'A'],
      ['b', 'B'],
      ['other: node', 'Node'],
    ],
    Node: [
      ['link', 'Node'],
      ['at(x: $y)', 'A'],
    ],
    Named: [['link', 'Node']],
    A: [
      ['link', 'Node'],
      ['own', 'B'],
      ['pet', 'Pet'],
    ],
    B: [
      ['link', 'Node'],
      ['owner', 'A'],
    ],
    C: [['link', 'Node']],
    Pet: [],
  };
  const fragments: Record<string, readonly string[]> = {
    Node: ['A', 'B', 'C', 'Named'],
    Named: ['A', 'C'],
    Pet: ['A', 'C', 'Named'],
    A: ['Node', 'Named'],
    B: ['Node'],
    C: ['Node'],
    Query: ['Query'],
  };
  const condition = fc.constantFrom('', '', '', ' @include(if: $s)', ' @skip(if: $t)', ' @skip(if: true)');
  const leaf = fc.tuple(fc.constantFrom(...leafs), condition).map(([name, directive]) => name + directive);
  if (depth === 0) return fc.array(leaf, { minLength: 1, maxLength: 2 }).map((all) => all.join(' '));
  const options = [leaf];
  for (const [field, target] of below[type]!) {
    options.push(
      fc
        .tuple(selectionOn(target, depth - 1), condition)
        .map(([inner, directive]) => `${field}${directive} { ${inner} }`),
    );
  }
  for (const target of fragments[type]!) {
    options.push(
      fc
        .tuple(selectionOn(target, depth - 1), condition)
        .map(([inner, directive]) => `... on ${target}${directive} { ${inner} }`),
    );
  }
  return fc.array(fc.oneof(...options), { minLength: 1, maxLength: 3 }).map((all) => all.join(' '));
};

const operations = selectionOn('Query', 3).map(
  (selection) => `query ($x: Int, $y: Int, $s: Boolean!, $t: Boolean!) { ${selection} }`,
);

/** `Type.path` of every field whose whole way is allowed, with its conditions; a kept object's own `__typename` does not count. */
function allowedFields(operation: Operation, isAllowed: (index: number) => boolean): readonly string[] {
  const lines: string[] = [];
  const walk = (selection: OperationSelection, above: string): void => {
    for (const [type, fields] of selection.byType) {
      for (const field of fields) {
        if (!isAllowed(field.index)) continue;
        const path = `${above}/${type}.${field.responseKey}`;
        if (field.responseKey !== '__typename') lines.push(`${path} ${JSON.stringify(field.presence)}`);
        if (field.selection) walk(field.selection, path);
      }
    }
  };
  walk(operation.root, '');
  return lines.sort();
}

test('every narrowed document is valid and asks exactly what is allowed, for any operation and any verdicts', () => {
  let narrowedCount = 0;
  fc.assert(
    fc.property(
      operations,
      fc.infiniteStream(fc.constantFrom(true, true, true, false)),
      fc.boolean(),
      (query, stream, byCoordinate) => {
        const document = parse(query);
        fc.pre(validate(schema, document).every((error) => /never used/.test(error.message)));
        const operation = buildOperation(document, undefined, schema);
        const byKey = new Map<string, boolean>();
        const verdicts = operation.fields.map((field) => {
          const drawn = stream.next().value;
          if (!byCoordinate) return drawn;
          if (!byKey.has(field.coordinate)) byKey.set(field.coordinate, drawn);
          return byKey.get(field.coordinate)!;
        });
        const result = narrow(operation, (field) => verdicts[field.index]!, schema);
        const expected = allowedFields(operation, (index) => verdicts[index]!);
        if (!result) {
          expect(expected).toEqual([]);
          return;
        }
        narrowedCount += 1;
        expect(validate(schema, result).map((error) => error.message)).toEqual([]);
        const again = buildOperation(parse(print(result)), undefined, schema);
        expect(allowedFields(again, () => true)).toEqual(expected);
      },
    ),
    { numRuns: 400 },
  );
  expect(narrowedCount).toBeGreaterThan(250);
});
