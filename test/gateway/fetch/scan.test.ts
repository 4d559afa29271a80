import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createEngine, type RunResult } from '../../../gateway/request/fetch/engine.ts';
import { compileLeaf } from '../../../gateway/request/fetch/compile/leaf.ts';
import type { AgencySend } from '../../../gateway/request/fetch/agencyPort.ts';
import { GraphQLEnumType, GraphQLFloat, GraphQLInt, GraphQLString } from 'graphql';
import { allowAny, federate } from '../../engine/federation.ts';

const federation = federate([
  {
    name: 'stock',
    typeDefs: `
      scalar Day
      enum Size { S L }
      type Query { items: [Item!] top: Any }
      union Any = Item | Note
      type Note { text: String! day: Day }
      type Item @key(fields: "id") { id: ID! name: String size: Size marks: [[Int]] note: Note price: Float sold: Boolean }`,
    resolvers: {
      Query: {
        items: () =>
          [1, 2, 3].map((at) => ({
            id: `i${at}`,
            name: `n "${at}" \\ é\n`,
            size: 'S',
            marks: [[at, -7], []],
            note: { text: '', day: '2026-01-01' },
            price: at / 4,
            sold: at === 2,
          })),
        top: () => ({ __typename: 'Note', text: 'x', day: 7 }),
      },
    },
  },
  {
    name: 'shop',
    typeDefs: 'type Item @key(fields: "id") { id: ID! rank: Int tags: [String!] twin: Item }',
    resolvers: { Item: { rank: () => 4, tags: () => ['a', 'b'], twin: () => ({ id: 'i2' }) } },
  },
]);
const QUERY = `{
  items { id name size marks note { text day } price sold rank tags twin { id name } }
  plain: items { id name size price sold rank }
  top { __typename ... on Note { text day } ... on Item { name } }
}`;

/** Characters that make a value, a key or a shape another one. */
const EDITS = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '0',
  '9',
  '-',
  '.',
  'e',
  'u',
  'n',
  'null',
  'true',
  ' ',
  '\n',
  '\u0000',
  'é',
  '""',
  ',,',
  '{}',
  '__typename',
];

describe('an answer that is scanned', () => {
  it('comes to what parsing it comes to, whatever is done to its text', async () => {
    const engine = createEngine({ cacheBytes: 1_000_000 });
    const program = await engine.prepare(federation.graph, allowAny(federation.graph, QUERY));
    const { signal } = new AbortController();
    const run = (send: AgencySend): Promise<RunResult> => engine.run(program, { variables: {}, signal, send });
    const kept = new Map<string, string>();
    const keep: AgencySend = async (agency, body, options) => {
      const key = agency + body;
      if (!kept.has(key)) kept.set(key, await federation.send(agency, body, options));
      return kept.get(key)!;
    };
    await run(keep);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('stock', 'shop'),
        fc.integer({ min: 0, max: 100_000 }),
        fc.nat(3),
        fc.constantFrom('', ...EDITS),
        async (victim, where, removed, inserted) => {
          const edited =
            (before: string): AgencySend =>
            async (agency, body, options) => {
              const text = await keep(agency, body, options);
              if (agency !== victim) return text;
              const at = where % (text.length + 1);
              return before + text.slice(0, at) + inserted + text.slice(at + removed);
            };
          const scanned = await run(edited(''));
          // Leading white space is no part of JSON's meaning, and enough to leave the answer to the parser.
          const parsed = await run(edited(' '));
          expect(JSON.parse(scanned.data)).toEqual(JSON.parse(parsed.data));
          expect(scanned.faults).toEqual(parsed.faults);
        },
      ),
      { numRuns: 2500, seed: 7 },
    );
  }, 60_000);

  it('of any length is read', async () => {
    const engine = createEngine({ cacheBytes: 1_000_000 });
    const program = await engine.prepare(federation.graph, allowAny(federation.graph, '{ items { price name } }'));
    const name = 'x\\n'.repeat(3_000_000);
    const send: AgencySend = () => Promise.resolve(`{"data":{"items":[{"price":1,"name":"${name}"}]}}`);
    const { data } = await engine.run(program, { variables: {}, signal: new AbortController().signal, send });
    expect(data).toHaveLength(name.length + 33);
  });

  it('passes an agency’s bytes on as they are', async () => {
    const engine = createEngine({ cacheBytes: 1_000_000 });
    const program = await engine.prepare(federation.graph, allowAny(federation.graph, '{ items { price name } }'));
    const send: AgencySend = () => Promise.resolve('{"data":{"items":[{"price":2.50,"name":"\\u0041"}]}}');
    const { data } = await engine.run(program, { variables: {}, signal: new AbortController().signal, send });
    expect(data).toBe('{"items":[{"price":2.50,"name":"\\u0041"}]}');
  });

  it.each([
    ['a string', GraphQLString, ['"a"', '"\\u00e9\\n"', '""'], ['"a', '"\\x"', '"\\u12g4"', '"\n"', 'null', '7']],
    ['an Int', GraphQLInt, ['0', '-7', '123456789'], ['01', '-', '1.0', '1e3', '2147483648', '"1"', '']],
    ['a Float', GraphQLFloat, ['0.5', '-1e9', '3'], ['.5', '1.', '01.5', 'NaN', '"1"']],
    ['an enum', new GraphQLEnumType({ name: 'E', values: { A: {} } }), ['"A"'], ['"B"', 'A', '"\\u0041"']],
  ])('passes as text only when it is %s of JSON and of its type', (_what, type, good, unusual) => {
    const { scan, pattern } = compileLeaf(type);
    const matches = (text: string): boolean => new RegExp(`^(?:${pattern}),$`).test(`${text},`);
    expect(good.map(matches)).toEqual(good.map(() => true));
    expect(unusual.map(matches)).toEqual(unusual.map(() => false));
    for (const text of good) expect([text, scan(`${text},`, 0)]).toEqual([text, text.length]);
    for (const text of unusual) expect([text, scan(`${text},`, 0)]).toEqual([text, -1]);
  });
});
