import { describe, expect, test } from '@jest/globals';
import { asked, decided, fault, refused, type Asked } from '../support/testDecision.ts';
import { composeTest, testGraph } from '../support/testGraph.ts';

/*
 * Attacks by the shape of the query. Citizen A holds consents for `civil` and `address`, not for `income`. Each test shows what agencies
 * would be asked (the document that is planned) and what the caller is told.
 */

const graph = testGraph({
  hub: 'type Query { me: Citizen @authenticated } type Citizen @key(fields: "id") @subject { id: ID! }',
  agency: `
    type Citizen implements LegalSubject & Taxed @key(fields: "id") @subject {
      id: ID!
      name: String @requiresScopes(scopes: [["civil"]])
      income: Income @requiresScopes(scopes: [["income"]])
      account: Account @requiresScopes(scopes: [["civil"]])
      holdings: [Holding] @requiresScopes(scopes: [["civil"]])
      contacts: [LegalSubject] @requiresScopes(scopes: [["civil"]])
    }
    interface LegalSubject { name: String }
    interface Taxed { income: Income }
    type Income { net: Int gross: Int }
    type Account { secret: Secret level: Level mark: Mark vault: Vault both: Both plain: Int }
    type Secret @requiresScopes(scopes: [["income"]]) { x: Int }
    enum Level @requiresScopes(scopes: [["income"]]) { LOW HIGH }
    scalar Mark @requiresScopes(scopes: [["income"]])
    type Vault { open: Int closed: Int @requiresScopes(scopes: [["income"]]) }
    type Both @requiresScopes(scopes: [["civil"], ["income"]]) { x: Int @requiresScopes(scopes: [["address"], ["other"]]) y: Int @requiresScopes(scopes: [["income"]]) }
    union Holding = House | Shares | Car
    interface Thing { value: Int owner: String }
    type House implements Thing { value: Int owner: String rooms: Int }
    type Shares implements Thing { value: Int @requiresScopes(scopes: [["income"]]) owner: String count: Int @requiresScopes(scopes: [["income"]]) }
    type Car implements Thing @requiresScopes(scopes: [["income"]]) { value: Int owner: String plate: String }
    type Query { things: [Thing] search: [Holding] }
    type Mutation { move(to: String!): Citizen2 @requiresScopes(scopes: [["address"]]) }
    type Citizen2 { street: String income: Int @requiresScopes(scopes: [["income"]]) }
  `,
});

const A = { graph, token: ['civil', 'address', 'income'], consents: ['civil', 'address'] };
const ask = (query: string, changes: Partial<Asked> = {}): Asked => ({ ...A, query, ...changes });

describe('a refused field stays refused', () => {
  test.each([
    ['under an alias', '{ me { salary: income { net } name } }', 'salary'],
    ['under the alias of an allowed one', '{ me { name: income { net } n: name } }', 'name'],
    ['under the alias of an id', '{ me { id: income { net } n: name } }', 'id'],
    [
      'three fragments deep',
      '{ me { ...F } } fragment F on Citizen { ...G } fragment G on Citizen { ...H } fragment H on Citizen { income { net } name }',
      'income',
    ],
    ['in an inline fragment without a type', '{ me { ... { income { net } } name } }', 'income'],
    ['in a fragment on its own type', '{ me { ... on Citizen { income { net } } name } }', 'income'],
    ['in a fragment on an interface of its type', '{ me { ... on Taxed { income { net } } name } }', 'income'],
    [
      'in a fragment on a type within a fragment on an interface',
      '{ me { ... on LegalSubject { ... on Citizen { ... on Taxed { income { gross } } } } name } }',
      'income',
    ],
    ['twice', '{ me { income { net } income { gross } name } }', 'income'],
  ])('%s', (_how, query, alias) => {
    expect(asked(ask(query))).not.toMatch(/income|net|gross/);
    expect(asked(ask(query))).toMatch('name');
    expect(refused(ask(query))).toEqual([`me.${alias}: Citizen.income CONSENT_REQUIRED income`]);
  });

  test.each([
    ['skipped by a variable', '@skip(if: $on)'],
    ['included by a variable', '@include(if: $on)'],
    ['both', '@skip(if: $on) @include(if: $off)'],
    ['contradicting itself', '@skip(if: $on) @include(if: $on)'],
    ['skipped for good', '@skip(if: true)'],
    ['included for good', '@include(if: true)'],
  ])('when it is %s, on the field, the spread or the fragment around it', (_how, condition) => {
    const head = 'query ($on: Boolean! = true, $off: Boolean! = false)';
    for (const inside of [
      `income ${condition} { net }`,
      `...F ${condition}`,
      `... ${condition} { income { net } }`,
      `... on Citizen ${condition} { ... { income { net } } }`,
    ]) {
      const used = `n: name @skip(if: $on) m: name @include(if: $off)`;
      const fragment = inside.startsWith('...F') ? 'fragment F on Citizen { income { net } }' : '';
      const options = ask(`${head} { me { ${inside} ${used} } } ${fragment}`);
      expect(asked(options)).toBe(
        `query ($on: Boolean! = true, $off: Boolean! = false) { me { n: name @skip(if: $on) m: name @include(if: $off) } }`,
      );
      expect(refused(options)).toEqual(['me.income: Citizen.income CONSENT_REQUIRED income']);
    }
  });

  test('in the operation that is named, and does not count in the one that is not', () => {
    const query = 'query Good { me { name } } query Bad { me { income { net } name } }';
    const good = ask(query, { request: { operationName: 'Good' } });
    expect([asked(good), refused(good)]).toEqual(['query Good { me { name } }', []]);
    const bad = ask(query, { request: { operationName: 'Bad' } });
    expect(asked(bad)).toBe('query Bad { me { name } }');
    expect(refused(bad)).toHaveLength(1);
    for (const operationName of [undefined, 'Ugly', '']) {
      expect(fault(() => decided(ask(query, { request: { operationName } }))).code).toBe('HUB_OPERATION_NAME_UNKNOWN');
    }
  });

  test.each([
    ['{ me { ... @defer { income { net } } } }', 'HUB_OPERATION_INVALID'],
    ['{ me { holdings @stream { __typename } } }', 'HUB_OPERATION_INVALID'],
    ['subscription { me { income { net } } }', 'HUB_OPERATION_INVALID'],
  ])('by another transport: %s', (query, code) => {
    expect(fault(() => decided(ask(query))).code).toBe(code);
  });
});

describe('abstract types', () => {
  test('an interface field is cut for the types that protect it, and for those alone', () => {
    const query = '{ things { value owner } }';
    expect(asked(ask(query))).toBe(
      '{ things { ... on House { value } ... on House { owner } ... on Shares { owner } } }',
    );
    expect(refused(ask(query)).toSorted()).toEqual([
      'things.owner: Car.owner CONSENT_REQUIRED income',
      'things.value: Car.value CONSENT_REQUIRED income',
      'things.value: Shares.value CONSENT_REQUIRED income',
    ]);
  });

  test('a field that the interface leaves open is protected on the type, however the type is reached', () => {
    expect(asked(ask('{ things { ... on Shares { value owner } } }'))).toBe('{ things { ... on Shares { owner } } }');
    expect(asked(ask('{ search { ... on Thing { ... on Shares { v: value } } ... on House { rooms } } }'))).toBe(
      '{ search { ... on House { rooms } } }',
    );
  });

  test('one member of a union keeps its value under a response key whose other member is refused', () => {
    const query = '{ search { ... on House { n: rooms } ... on Shares { n: count } } }';
    expect(asked(ask(query))).toBe('{ search { ... on House { n: rooms } } }');
    expect(refused(ask(query))).toEqual(['search.n: Shares.count CONSENT_REQUIRED income']);
  });

  test('__typename tells no protected type, and tells the others', () => {
    expect(asked(ask('{ search { __typename } }'))).toBe(
      '{ search { ... on House { __typename } ... on Shares { __typename } } }',
    );
    expect(refused(ask('{ search { __typename } }'))).toEqual([
      'search.__typename: Car.__typename CONSENT_REQUIRED income',
    ]);
    expect(asked(ask('{ me { income { __typename } name } }'))).toBe('{ me { name } }');
  });

  test('nothing of a protected type is asked, whatever its fields say', () => {
    expect(asked(ask('{ search { ... on Car { plate } ... on House { rooms } } }'))).toBe(
      '{ search { ... on House { rooms } } }',
    );
    expect(asked(ask('{ search { ... on Car { plate } } }'))).toBe('{ search { __typename } }');
  });

  test("an interface object's field is refused through the interface and through each type", () => {
    const objects = testGraph({
      a: `
        type Query { media: [Media] }
        interface Media @key(fields: "id") { id: ID! title: String }
        type Book implements Media @key(fields: "id") { id: ID! title: String }
        type Film implements Media @key(fields: "id") { id: ID! title: String }
      `,
      b: 'type Media @key(fields: "id") @interfaceObject { id: ID! lender: String @requiresScopes(scopes: [["income"]]) }',
    });
    for (const inside of [
      'lender',
      '... on Book { lender } ... on Film { lender }',
      '... on Media { ... on Book { lender } lender }',
    ]) {
      const options = ask(`{ media { title ${inside} } }`, { graph: objects });
      expect(asked(options)).toBe('{ media { title } }');
      expect(refused(options).toSorted()).toEqual([
        'media.lender: Book.lender CONSENT_REQUIRED income',
        'media.lender: Film.lender CONSENT_REQUIRED income',
      ]);
    }
  });
});

describe('protected types', () => {
  test.each([
    ['an object', 'secret { x }', 'secret'],
    ['an enum', 'level', 'level'],
    ['a scalar', 'mark', 'mark'],
  ])('%s is refused at the field that returns it', (_kind, selection, field) => {
    const query = `{ me { account { ${selection} plain } } }`;
    expect(asked(ask(query))).toBe('{ me { account { plain } } }');
    expect(refused(ask(query))).toEqual([`me.account.${field}: Account.${field} CONSENT_REQUIRED income`]);
  });

  test('type and field rules are multiplied: a token that meets half of each is refused', () => {
    const query = '{ me { account { both { x y } } } }';
    expect(asked(ask(query))).toBe('{ me { account { both { x } } } }');
    expect(refused(ask(query, { token: ['civil', 'other'], consents: ['civil', 'other'] }))).toEqual([
      'me.account.both.y: Both.y SCOPE_NOT_IN_TOKEN income',
    ]);
    expect(refused(ask(query, { consents: ['civil'] }))).toEqual([
      'me.account.both.x: Both.x CONSENT_REQUIRED address',
      'me.account.both.y: Both.y CONSENT_REQUIRED income',
    ]);
  });
});

describe('rules across agencies', () => {
  const original = 'type Query { me: Citizen @authenticated } type Citizen @key(fields: "id") @subject { id: ID!';
  const query = '{ me { id income } }';

  test.each([
    ['moved', '', ''],
    ['moving, by 0 percent', ', label: "percent(0)"', ''],
    ['moving, by 100 percent', ', label: "percent(100)"', ''],
    ['moved, ruled at its old place alone', '', 'new'],
    ['moving, ruled at its old place alone', ', label: "percent(50)"', 'new'],
    ['moved, ruled at its new place alone', '', 'old'],
    ['moving, ruled at its new place alone', ', label: "percent(50)"', 'old'],
  ])('a field that is %s keeps its rule', (_how, label, unruled) => {
    const rule = '@requiresScopes(scopes: [["income"]])';
    const moved = testGraph({
      old: `${original} income: Int ${unruled === 'old' ? '' : rule} }`,
      new: `type Citizen @key(fields: "id") @subject { id: ID! income: Int @override(from: "old"${label}) ${unruled === 'new' ? '' : rule} }`,
    });
    expect(asked(ask(query, { graph: moved }))).toBe('{ me { id } }');
    expect(refused(ask(query, { graph: moved }))).toHaveLength(1);
  });

  test('a rule that one agency writes and another shares without counts for both', () => {
    const shared = testGraph({
      a: `${original} income: Int @shareable @requiresScopes(scopes: [["income"]]) }`,
      b: 'type Citizen @key(fields: "id") @subject { id: ID! income: Int @shareable }',
    });
    expect(asked(ask(query, { graph: shared }))).toBe('{ me { id } }');
  });

  test.each([
    [
      'by another name',
      'import: ["@key", "@composeDirective", { name: "@requiresScopes", as: "@scopes" }, "@authenticated"]',
      '@scopes',
    ],
    ['by its namespace', 'import: ["@key", "@composeDirective", "@authenticated"]', '@federation__requiresScopes'],
    [
      'by another namespace',
      'as: "fed", import: ["@key", "@composeDirective", "@authenticated"]',
      '@fed__requiresScopes',
    ],
  ])('a rule called %s is enforced', (_how, link, directive) => {
    const header = `
      extend schema
        @link(url: "https://specs.apollo.dev/federation/v2.9", ${link})
        @link(url: "https://specs.trait-dunion.example/hub/v1.0", import: ["@subject"])
        @composeDirective(name: "@subject")
      directive @subject(from: String, inFileOf: Boolean = false) on OBJECT | FIELD_DEFINITION
    `;
    const renamed = testGraph({ a: `${original} income: Int ${directive}(scopes: [["income"]]) }` }, header);
    expect(asked(ask(query, { graph: renamed }))).toBe('{ me { id } }');
  });
});

describe('a write', () => {
  const query = 'mutation { move(to: "x") { street income } }';

  test('whose result is partly refused is made, and the refusal is told', () => {
    expect(asked(ask(query))).toBe('mutation { move(to: "x") { street } }');
    expect(refused(ask(query))).toEqual(['move.income: Citizen2.income CONSENT_REQUIRED income']);
  });

  test('of which nothing may be read is asked for its type alone', () => {
    expect(asked(ask('mutation { move(to: "x") { income } }'))).toBe('mutation { move(to: "x") { __typename } }');
  });

  test('that is refused is not made, and its arguments leave with nobody', () => {
    const options = ask('mutation ($to: String!) { move(to: $to) { street } __typename }', {
      consents: ['civil'],
      request: { variables: { to: 'nowhere' } },
    });
    expect(asked(options)).toBe('mutation { __typename }');
    expect(refused(options)).toEqual(['move: Mutation.move CONSENT_REQUIRED address']);
  });
});

test('composition itself refuses a rule on an interface', () => {
  expect(() =>
    composeTest({ a: 'type Query { i: I } interface I { x: Int @authenticated } type A implements I { x: Int }' }),
  ).toThrow(/cannot be applied on interfaces/);
});
