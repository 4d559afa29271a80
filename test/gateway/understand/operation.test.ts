import { describe, expect, test } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import type { OperationField, OperationSelection } from '../../../gateway/request/exchange.ts';
import { DEFAULT_LIMITS } from '../../../gateway/request/understand/limits.ts';
import { buildOperation } from '../../../gateway/request/understand/operation.ts';

const schema = buildSchema(`
  type Query { me: Citizen subject(id: ID): LegalSubject }
  interface LegalSubject { id: ID! label: String }
  type Citizen implements LegalSubject { id: ID! label: String income(year: Int): Income friend: Citizen }
  type Company implements LegalSubject { id: ID! label: String siret: String }
  type Income { net: Int gross: Int }
`);

function operationOf(query: string, name?: string) {
  return buildOperation(parse(query), name, schema);
}

/** `key:Coordinate` for every node, nested lists for selections, one entry per concrete type. */
function outline(selection: OperationSelection | undefined): unknown {
  if (!selection) return undefined;
  return Object.fromEntries(
    [...selection.byType].map(([type, fields]) => [
      type,
      fields.map((field) => (field.selection ? [field.responseKey, outline(field.selection)] : field.responseKey)),
    ]),
  );
}

function find(fields: readonly OperationField[], ...keys: string[]): OperationField {
  const [key, ...rest] = keys;
  const field = fields.find((one) => one.responseKey === key)!;
  return rest.length === 0 ? field : find([...field.selection!.byType.values()][0]!, ...rest);
}

describe('buildOperation', () => {
  test('inlines fragments and merges response keys in the order of the operation', () => {
    const operation = operationOf(`
      { me { ...A ... { income(year: 1) { gross } } id } }
      fragment A on Citizen { ...B label }
      fragment B on Citizen { income(year: 1) { net } }
    `);
    expect(outline(operation.root)).toEqual({
      Query: [['me', { Citizen: [['income', { Income: ['net', 'gross'] }], 'label', 'id'] }]],
    });
  });

  test('lists the fields of an abstract type once per concrete type, each with its own index and coordinate', () => {
    const operation = operationOf('{ subject { n: id ... on Citizen { label } ... on Company { siret } } }');
    expect(outline(operation.root)).toEqual({
      Query: [['subject', { Citizen: ['n', 'label'], Company: ['n', 'siret'] }]],
    });
    expect(operation.fields.map((field) => field.coordinate)).toEqual([
      'Query.subject',
      'Citizen.id',
      'Citizen.label',
      'Company.id',
      'Company.siret',
    ]);
    expect(operation.fields.map((field) => field.index)).toEqual([0, 1, 2, 3, 4]);
  });

  test('drops what stands under a type condition that cannot hold, and keeps it under an interface that does', () => {
    const operation = operationOf('{ me { ... on LegalSubject { id ... on Company { siret } } } }');
    expect(outline(operation.root)).toEqual({ Query: [['me', { Citizen: ['id'] }]] });
  });

  test('never shares one node between two positions', () => {
    const operation = operationOf('{ me { ...F friend { ...F } } } fragment F on Citizen { income { net } }');
    const [outer, inner] = operation.fields.filter((field) => field.fieldName === 'income');
    expect(outer!.selection).not.toBe(inner!.selection);
    expect(new Set(operation.fields.map((field) => field.index)).size).toBe(operation.fields.length);
  });

  test.each([
    ['@include(if: $a)', [[{ variable: 'a', equals: true }]]],
    ['@skip(if: $a)', [[{ variable: 'a', equals: false }]]],
    [
      '@skip(if: $a) @include(if: $b)',
      [
        [
          { variable: 'a', equals: false },
          { variable: 'b', equals: true },
        ],
      ],
    ],
    ['@skip(if: $a) @include(if: $a)', []],
    ['@include(if: true)', undefined],
    ['@skip(if: true)', []],
    ['@include(if: false) @skip(if: $a)', []],
  ])('reads %s as presence', (directives, presence) => {
    const query = `query ($a: Boolean = true, $b: Boolean = true) { me { id ${directives} x: label @include(if: $a) y: label @include(if: $b) } }`;
    expect(find(operationOf(query).root.byType.get('Query')!, 'me', 'id').presence).toEqual(presence);
  });

  test('gathers conditions of fragments on the way, and takes the OR of several occurrences', () => {
    const operation = operationOf(`
      query ($a: Boolean!, $b: Boolean!) { me { ...F @include(if: $a) ... @skip(if: $b) { id } } }
      fragment F on Citizen { id label @include(if: $b) }
    `);
    const fields = operation.root.byType.get('Query')!;
    expect(find(fields, 'me', 'id').presence).toEqual([
      [{ variable: 'a', equals: true }],
      [{ variable: 'b', equals: false }],
    ]);
    expect(find(fields, 'me', 'label').presence).toEqual([
      [
        { variable: 'a', equals: true },
        { variable: 'b', equals: true },
      ],
    ]);
  });

  test('keeps the condition of a merged parent on those children that only it brings', () => {
    const operation = operationOf(`
      query ($a: Boolean!, $b: Boolean!) {
        me { income @include(if: $a) { net } income @include(if: $b) { gross } }
        always: me { income { net } income @include(if: $b) { gross } }
        once: me { income @include(if: $a) { net } }
      }
    `);
    const fields = operation.root.byType.get('Query')!;
    expect(find(fields, 'me', 'income', 'net').presence).toEqual([[{ variable: 'a', equals: true }]]);
    expect(find(fields, 'me', 'income', 'gross').presence).toEqual([[{ variable: 'b', equals: true }]]);
    expect(find(fields, 'always', 'income').presence).toBeUndefined();
    expect(find(fields, 'always', 'income', 'gross').presence).toEqual([[{ variable: 'b', equals: true }]]);
    expect(find(fields, 'once', 'income', 'net').presence).toBeUndefined();
  });

  test('holds only the chosen operation and the fragments it uses', () => {
    const document =
      'query A { me { ...F } } query B { me { ...G } } fragment F on Citizen { id } fragment G on Citizen { label }';
    const operation = operationOf(document, 'B');
    expect(operation.name).toBe('B');
    expect(operation.document.definitions.map((one) => 'name' in one && one.name?.value)).toEqual(['B', 'G']);
    expect(outline(operation.root)).toEqual({ Query: [['me', { Citizen: ['label'] }]] });
  });

  test.each([undefined, 'C', ''])('refuses operationName %p when it names no single operation', (name) => {
    expect(() => operationOf('query A { me { id } } query B { me { id } }', name)).toThrow(
      'HUB_OPERATION_NAME_UNKNOWN',
    );
  });

  test('gives two operations of one document two hashes, and one operation written in two ways the same', () => {
    const document = 'query A { me { id } } query B { me { label } }';
    expect(operationOf(document, 'A').hash).not.toBe(operationOf(document, 'B').hash);
    expect(operationOf('{me{id}}').hash).toBe(operationOf('{ me { id } } # a comment').hash);
  });

  test('stops when abstract types multiply the tree beyond its limit', () => {
    const query = '{ subject { ... on Citizen { friend { friend { id } } } } }';
    expect(() => buildOperation(parse(query), undefined, schema, { ...DEFAULT_LIMITS, treeFields: 3 })).toThrow(
      'HUB_OPERATION_TOO_COMPLEX',
    );
  });
});
