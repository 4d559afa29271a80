import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Operation, OperationSelection } from '../../gateway/request/exchange.ts';
import { decided } from '../support/testDecision.ts';
import { testGraph } from '../support/testGraph.ts';

/* However a question is written, the same is asked and the same is refused. */

const graph = testGraph({
  hub: 'type Query { me: Citizen @authenticated } type Citizen @key(fields: "id") @subject { id: ID! }',
  a: `
    type Citizen implements Party @key(fields: "id") @subject {
      id: ID!
      name: String @requiresScopes(scopes: [["a"]])
      file: File @requiresScopes(scopes: [["a"], ["b"]])
      partner: Citizen @requiresScopes(scopes: [["c"]])
      party: Party @requiresScopes(scopes: [["b"]])
    }
    interface Party { name: String }
    type Firm implements Party { name: String @requiresScopes(scopes: [["c"]]) size: Int }
    type File { plain: Int ruled: Int @requiresScopes(scopes: [["b"]]) inner: File members: [Member] }
    type Member @subject(from: "person", inFileOf: true) { name: String person: Citizen }
  `,
});

/** A question: fields with what is asked below them. */
interface Question {
  readonly field: string;
  readonly type: string | undefined;
  readonly below: readonly Question[];
}

const FIELDS: Readonly<Record<string, readonly (readonly [string, string | undefined])[]>> = {
  Citizen: [
    ['id', undefined],
    ['name', undefined],
    ['file', 'File'],
    ['partner', 'Citizen'],
    ['party', 'Party'],
  ],
  Party: [['name', undefined]],
  File: [
    ['plain', undefined],
    ['ruled', undefined],
    ['inner', 'File'],
    ['members', 'Member'],
  ],
  Member: [
    ['name', undefined],
    ['person', 'Citizen'],
  ],
};
const INTERFACES: Readonly<Record<string, string>> = { Citizen: 'Party' };

function questions(type: string, depth: number): fc.Arbitrary<readonly Question[]> {
  const possible = FIELDS[type]!.filter(([, target]) => target === undefined || depth > 0);
  return fc.subarray([...possible], { minLength: 1 }).chain((chosen) =>
    fc.tuple(
      ...chosen.map(([field, target]) =>
        (target === undefined ? fc.constant([]) : questions(target, depth - 1)).map((below): Question => ({
          field,
          type: target,
          below,
        })),
      ),
    ),
  );
}

function writePlain(all: readonly Question[]): string {
  return all.map(({ field, below }) => field + (below.length > 0 ? ` { ${writePlain(below)} }` : '')).join(' ');
}

/** The same question in disguise: aliases, fragments with and without type, named fragments, doubles, conditions that hold. */
function writeDisguised(all: readonly Question[], type: string, draw: () => number, fragments: string[]): string {
  const parts = all.map(({ field, type: target, below }) => {
    const inside = target === undefined ? '' : ` { ${writeDisguised(below, target, draw, fragments)} }`;
    const condition = ['', '', ' @include(if: $yes)', ' @skip(if: $no)'][draw() % 4]!;
    const alias = draw() % 3 === 0 ? `k${draw() % 1000}_${field}: ` : '';
    const written = `${alias}${field}${condition}${inside}`;
    switch (draw() % 6) {
      case 0:
        return `... { ${written} }`;
      case 1:
        return `... on ${type} @include(if: $yes) { ${written} }`;
      case 2:
        return INTERFACES[type] ? `... on ${INTERFACES[type]} { ... on ${type} { ${written} } }` : written;
      case 3: {
        const name = `F${fragments.length}`;
        fragments.push(`fragment ${name} on ${type} { ${written} }`);
        return `...${name}`;
      }
      case 4:
        return target === undefined ? `${written} ${written}` : written;
      default:
        return written;
    }
  });
  return parts.join(' ');
}

/** Every way of field names on concrete types, with its verdict. */
function verdictsByWay(
  query: string,
  token: readonly string[],
  legalBasis: 'INFORMATION_L114_8' | 'CONSENT_RGPD_6_1_A',
) {
  const { judgement, operation } = decided({ graph, query, token, legalBasis });
  const ways = new Map<string, string>();
  walk(
    operation,
    judgement.verdicts.map((verdict) => (verdict.allowed ? 'allowed' : verdict.reason)),
    ways,
  );
  return [...ways].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function walk(operation: Operation, said: readonly string[], ways: Map<string, string>): void {
  const below = (selection: OperationSelection, above: string): void => {
    for (const [type, fields] of selection.byType) {
      for (const field of fields) {
        const way = `${above}/${type}.${field.fieldName}`;
        const verdict = said[field.index]!;
        if (ways.has(way)) expect(verdict).toBe(ways.get(way));
        ways.set(way, verdict);
        if (field.selection) below(field.selection, way);
      }
    }
  };
  below(operation.root, '');
}

const settings = fc.record({
  asked: questions('Citizen', 3),
  token: fc.subarray(['a', 'b', 'c']),
  legalBasis: fc.constantFrom('INFORMATION_L114_8', 'CONSENT_RGPD_6_1_A'),
  seed: fc.infiniteStream(fc.nat(9999)),
});

test('a question in disguise gets the verdicts of the plain one', () => {
  let disguised = 0;
  fc.assert(
    fc.property(settings, ({ asked, token, legalBasis, seed }) => {
      const plain = `{ me { ${writePlain(asked)} } }`;
      const fragments: string[] = [];
      const inside = writeDisguised(asked, 'Citizen', () => seed.next().value, fragments);
      const body = `{ me { ${inside} } } ${fragments.join(' ')}`;
      const used = ['$yes: Boolean! = true', '$no: Boolean! = false'].filter((one) =>
        body.includes(one.split(':')[0]!),
      );
      const query = used.length > 0 ? `query (${used.join(' ')}) ${body}` : body;
      if ((query.match(/k\d+_/g) ?? []).length > 30 || query.length > 4000) return;
      disguised += 1;
      expect(verdictsByWay(query, token, legalBasis)).toEqual(verdictsByWay(plain, token, legalBasis));
    }),
    { numRuns: 100 },
  );
  expect(disguised).toBeGreaterThan(50);
});

test('more scopes never close a field', () => {
  fc.assert(
    fc.property(settings, fc.constantFrom('a', 'b', 'c'), ({ asked, token, legalBasis }, more) => {
      const query = `{ me { ${writePlain(asked)} } }`;
      const [few, many] = [token, [...token, more]].map((held) => verdictsByWay(query, held, legalBasis));
      few!.forEach(([way, said], index) => {
        expect(many![index]![0]).toBe(way);
        if (said === 'allowed') expect(many![index]![1]).toBe('allowed');
      });
    }),
    { numRuns: 100 },
  );
});
