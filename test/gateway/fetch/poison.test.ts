import { describe, expect, it } from '@jest/globals';
import { AgencyFault, type AgencySend } from '../../../gateway/request/fetch/agencyPort.ts';
import { ask, spell } from '../../engine/ask.ts';
import { federate } from '../../engine/federation.ts';

const federation = federate([
  {
    name: 'civil',
    typeDefs: `
      type Query { people: [Person!]! place: Place }
      type Place { name: String constructor: String }
      type Person @key(fields: "id") { id: ID! name: String }`,
    resolvers: {
      Query: {
        people: () => [
          { id: '1', name: 'Ada' },
          { id: '2', name: 'Bob' },
        ],
        place: () => ({ name: 'Paris' }),
      },
    },
  },
  {
    name: 'income',
    typeDefs: 'type Person @key(fields: "id") { id: ID! tax: Tax rank: Int } type Tax { rfr: Int notes: [String!] }',
    resolvers: { Person: { tax: () => ({ rfr: 32000, notes: ['a'] }), rank: () => 1 } },
  },
]);
const QUERY = '{ people { name id tax { rfr notes } } }';
const GOOD = '{"tax":{"rfr":1,"notes":[]}}';

/** Answers of `income` are replaced, those of `civil` are its own. */
function lyingWith(answer: string): AgencySend {
  return (agency, body, options) =>
    agency === 'income' ? Promise.resolve(answer) : federation.send(agency, body, options);
}

function entities(...texts: string[]): string {
  return `{"data":{"_entities":[${texts.join(',')}]}}`;
}

describe('an answer that is not what was asked', () => {
  it.each([
    ['HTML', '<html>500</html>'],
    ['nothing', ''],
    ['truncated JSON', '{"data":{"_entities":[{"tax":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['neither data nor errors', '{}'],
    ['data of the wrong kind', '{"data":[]}'],
    ['errors of the wrong kind', '{"data":{"_entities":[{},{}]},"errors":{}}'],
    ['an inherited data', '{"__proto__":{"data":{"_entities":[]}}}'],
    ['no _entities', '{"data":{}}'],
    ['_entities of the wrong kind', '{"data":{"_entities":{}}}'],
    ['more than was asked beside _entities', `{"data":{"_entities":[${GOOD},${GOOD}],"extra":1}}`],
    ['too few _entities', entities(GOOD)],
    ['too many _entities', entities(GOOD, GOOD, GOOD)],
    ['an entity that is no object', entities(GOOD, '7')],
    ['a list for an object', entities(GOOD, '{"tax":[]}')],
    ['an object for a list', entities(GOOD, '{"tax":{"rfr":1,"notes":[]},"rank":{}}')],
    ['keys that were not asked for', entities(GOOD, '{"tax":{"rfr":1,"notes":[],"secret":1}}')],
    ['a __proto__ key', entities(GOOD, '{"tax":{"rfr":1,"notes":[]},"__proto__":{"rank":1}}')],
    ['a constructor key', entities(GOOD, '{"tax":{"rfr":1,"notes":[]},"constructor":{"prototype":1}}')],
    ['a missing key', entities(GOOD, '{}')],
  ])('nulls that fetch’s fields and serves everything else: %s', async (_what, answer) => {
    const { data, faults } = await ask(federation, QUERY, { input: { send: lyingWith(answer) } });
    expect(data).toEqual({
      people: [
        { name: 'Ada', id: '1', tax: null },
        { name: 'Bob', id: '2', tax: null },
      ],
    });
    expect(spell(faults)).toEqual(['HUB_AGENCY_INVALID_ANSWER people.0.tax', 'HUB_AGENCY_INVALID_ANSWER people.1.tax']);
    expect(({} as { rank?: number }).rank).toBeUndefined();
  });

  it('finds out another type and another key than asked', async () => {
    const query = '{ people { name tax { rfr } id rank } }';
    const rules = { empty: false };
    const guarded = { ...federation, graph: { ...federation.graph, rules: { ...federation.graph.rules, ...rules } } };
    const swapped = entities('{"id":"2","tax":{"rfr":1},"rank":1}', '{"id":"1","tax":{"rfr":2},"rank":2}');
    const { data, faults } = await ask(guarded, query, { input: { send: lyingWith(swapped) } });
    expect(data).toEqual({
      people: [
        { name: 'Ada', tax: null, id: '1', rank: null },
        { name: 'Bob', tax: null, id: '2', rank: null },
      ],
    });
    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['HUB_AGENCY_INVALID_ANSWER']));
  });

  it('reads a field that is called as a property of every object', async () => {
    const { data } = await ask(federation, '{ place { constructor name } }');
    expect(data).toEqual({ place: { constructor: null, name: 'Paris' } });
    const bare: AgencySend = () => Promise.resolve('{"data":{"place":{"name":"Paris"}}}');
    const { data: lacking, faults } = await ask(federation, '{ place { constructor name } }', {
      input: { send: bare },
    });
    expect(lacking).toEqual({ place: null });
    expect(spell(faults)).toEqual(['HUB_AGENCY_INVALID_ANSWER place']);
  });

  it('nulls a value of the wrong type alone', async () => {
    const odd = entities('{"tax":{"rfr":"much","notes":[1]}}', '{"tax":{"rfr":4e9,"notes":["ok"]}}');
    const { data, faults } = await ask(federation, QUERY, { input: { send: lyingWith(odd) } });
    expect(data).toEqual({
      people: [
        { name: 'Ada', id: '1', tax: { rfr: null, notes: null } },
        { name: 'Bob', id: '2', tax: { rfr: null, notes: ['ok'] } },
      ],
    });
    expect(spell(faults)).toEqual([
      'HUB_AGENCY_INVALID_ANSWER people.0.tax.rfr',
      'HUB_AGENCY_INVALID_ANSWER people.0.tax.notes.0',
      'HUB_AGENCY_INVALID_ANSWER people.1.tax.rfr',
    ]);
  });
});

describe('an agency that fails', () => {
  it('is named at its fields, with when to try again; everything else is served', async () => {
    const send: AgencySend = (agency, body, options) =>
      agency === 'income'
        ? Promise.reject(new AgencyFault('UNAVAILABLE', { retryAfterSeconds: 7 }))
        : federation.send(agency, body, options);
    const { data, faults } = await ask(federation, '{ people { name tax { rfr } } }', { input: { send } });
    expect(data).toEqual({
      people: [
        { name: 'Ada', tax: null },
        { name: 'Bob', tax: null },
      ],
    });
    expect(faults).toEqual(
      [0, 1].map((at) => ({
        code: 'HUB_AGENCY_UNAVAILABLE',
        agency: 'income',
        path: ['people', at, 'tax'],
        retryAfterSeconds: 7,
      })),
    );
  });

  it('has its errors mapped to the client’s path, and its words dropped', async () => {
    const answer =
      '{"data":{"_entities":[{"tax":null},{"tax":{"rfr":1,"notes":null}}]},"errors":[' +
      '{"message":"no such table tax_42","path":["_entities",0,"tax","rfr"]},' +
      '{"message":"secret","path":["_entities",1,"tax","notes",0],"extensions":{"code":"HUB_AGENCY_INPUT_REFUSED"}}]}';
    const { data, faults, text } = await ask(federation, '{ folk: people { t: tax { r: rfr n: notes } } }', {
      input: {
        send: lyingWith(answer.replaceAll('"rfr"', '"_0"').replaceAll('"notes"', '"_1"').replaceAll('"tax"', '"_2"')),
      },
    });
    expect(data).toEqual({ folk: [{ t: null }, { t: { r: 1, n: null } }] });
    expect(spell(faults)).toEqual(['HUB_AGENCY_FIELD_ERROR folk.0.t.r', 'HUB_AGENCY_INPUT_REFUSED folk.1.t.n.0']);
    expect(text + JSON.stringify(faults)).not.toMatch(/secret|tax_42/);
  });

  it('that says an error of nowhere is heard at the fields it left empty, or at no place at all', async () => {
    const empty = '{"data":{"_entities":[{"tax":null},{"tax":{"rfr":1,"notes":[]}}]},"errors":[{"message":"odd"}]}';
    const { faults } = await ask(federation, QUERY, { input: { send: lyingWith(empty) } });
    expect(spell(faults)).toEqual(['HUB_AGENCY_FIELD_ERROR people.0.tax']);
    const full = `{"data":{"_entities":[${GOOD},${GOOD}]},"errors":[{"message":"odd","path":["nowhere"]}]}`;
    const { faults: loose } = await ask(federation, QUERY, { input: { send: lyingWith(full) } });
    expect(spell(loose)).toEqual(['HUB_AGENCY_FIELD_ERROR ']);
  });

  it('that breaks our port breaks the request, and never looks like an agency’s fault', async () => {
    const send: AgencySend = () => Promise.reject(new TypeError('our own defect'));
    await expect(ask(federation, QUERY, { input: { send } })).rejects.toThrow('our own defect');
  });
});
