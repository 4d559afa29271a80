import { describe, expect, test } from '@jest/globals';
import { loadGraph } from '../../gateway/platform/graph/loadGraph.ts';
import { asked, decided, refused, type Asked } from '../support/testDecision.ts';
import { composeTest, testGraph } from '../support/testGraph.ts';

/* Attacks that read a protected value by way of another field, a key, an argument or a list. */

const HUB = 'type Query { me: Citizen @authenticated } type Citizen @key(fields: "id") @subject { id: ID! }';
const CITIZEN = 'type Citizen @key(fields: "id") @subject { id: ID!';
const token = ['civil', 'income', 'aid'];
const ask = (graph: Asked['graph'], query: string, consents: readonly string[]): Asked => ({
  graph,
  query,
  token,
  consents,
});

describe('a computed field', () => {
  const income = `${CITIZEN} income: Income @requiresScopes(scopes: [["income"]]) } type Income { net: Int }`;
  const aid = (rule: string): string =>
    `${CITIZEN} income: Income @external eligible: Boolean @requires(fields: "income { net }") ${rule} } type Income { net: Int @external }`;

  test('that reads a protected one does not compose without its rule', () => {
    expect(() => composeTest({ hub: HUB, income, aid: aid('@requiresScopes(scopes: [["aid"]])') })).toThrow(/eligible/);
  });

  test('needs the consent of what it reads', () => {
    const graph = testGraph({ hub: HUB, income, aid: aid('@requiresScopes(scopes: [["aid", "income"]])') });
    expect(asked(ask(graph, '{ me { id eligible } }', ['aid']))).toBe('{ me { id } }');
    expect(refused(ask(graph, '{ me { id eligible } }', ['aid']))).toEqual([
      'me.eligible: Citizen.eligible CONSENT_REQUIRED income',
    ]);
    expect(asked(ask(graph, '{ me { id eligible } }', ['aid', 'income']))).toBe('{ me { id eligible } }');
  });
});

test('a protected field is refused on the path of an agency that provides it', () => {
  const graph = testGraph({
    hub: HUB,
    a: `
      ${CITIZEN} employer: Employer @requiresScopes(scopes: [["civil"]]) @provides(fields: "payroll") }
      type Employer @key(fields: "siret") { siret: ID! payroll: Int @external }
    `,
    b: 'type Employer @key(fields: "siret") { siret: ID! payroll: Int @shareable @requiresScopes(scopes: [["income"]]) }',
  });
  const query = '{ me { employer { siret payroll } } }';
  expect(asked(ask(graph, query, ['civil']))).toBe('{ me { employer { siret } } }');
  expect(refused(ask(graph, query, ['civil']))).toEqual([
    'me.employer.payroll: Employer.payroll CONSENT_REQUIRED income',
  ]);
});

test('an argument fed from a context is refused with the whole supergraph', () => {
  const sdl = composeTest({
    a: `
      type Query { t: T }
      type T @key(fields: "id") @context(name: "c") { id: ID! secret: Int @requiresScopes(scopes: [["s"]]) u: U }
      type U @key(fields: "id") { id: ID! open(s: Int @fromContext(field: "$c { secret }")): Int @requiresScopes(scopes: [["s"]]) }
    `,
  });
  expect(() => loadGraph(sdl)).toThrow(/security features/);
});

test('a protected key joins agencies and is served to nobody without its scope', () => {
  const graph = testGraph({
    hub: HUB,
    a: `
      ${CITIZEN} insured: Insured @requiresScopes(scopes: [["civil"]]) }
      type Insured @key(fields: "number") { number: ID! @requiresScopes(scopes: [["income"]]) }
    `,
    b: 'type Insured @key(fields: "number") { number: ID! @requiresScopes(scopes: [["income"]]) fund: String }',
  });
  const query = '{ me { insured { number fund } } }';
  expect(asked(ask(graph, query, ['civil']))).toBe('{ me { insured { fund } } }');
  expect(refused(ask(graph, query, ['civil']))).toEqual(['me.insured.number: Insured.number CONSENT_REQUIRED income']);
});

describe('an argument', () => {
  const graph = testGraph({
    hub: HUB,
    a: `
      ${CITIZEN} payslips(order: Order, where: Where, first: Int): [Payslip] @requiresScopes(scopes: [["civil"]]) }
      type Payslip { month: Int }
      enum Order @requiresScopes(scopes: [["income"]]) { BY_NET }
      input Where { month: Int and: Where net: NetFilter }
      input NetFilter { above: Amount }
      scalar Amount @requiresScopes(scopes: [["income"]])
    `,
  });

  test.each([
    ['sorts by a protected attribute', 'query ($o: Order) { me { id payslips(order: $o, first: 3) { month } } }'],
    ['filters by one', '{ me { id payslips(where: { and: { net: { above: 1 } } }) { month } } }'],
    ['may filter by one, in a variable', 'query ($w: Where) { me { id payslips(where: $w) { month } } }'],
  ])('that %s needs the scope of the attribute, since order and count would tell', (_what, query) => {
    expect(asked(ask(graph, query, ['civil']))).toBe('{ me { id } }');
    expect(refused(ask(graph, query, ['civil']))).toEqual(['me.payslips: Citizen.payslips CONSENT_REQUIRED income']);
    expect(asked(ask(graph, query, ['civil', 'income']))).toMatch('payslips');
  });

  test('that does neither leaves the field as open as it is', () => {
    expect(refused(ask(graph, '{ me { payslips(first: 3) { month } } }', ['civil']))).toEqual([]);
  });

  test('of a refused field leaves with it, and so does its variable', () => {
    const query =
      'query ($n: Int, $m: Int) { me { id a: payslips(first: $n) { month } } again: me { id } __typename @include(if: true) }';
    const unused = query.replace(', $m: Int', '');
    expect(asked(ask(graph, unused, []))).toBe('{ me { id } again: me { id } __typename @include(if: true) }');
  });
});

describe('other people', () => {
  const graph = testGraph({
    hub: `${HUB.replace('me: Citizen @authenticated', 'me: Citizen @authenticated node(id: ID! @subjectId): Node @authenticated person(id: ID! @subjectId): Citizen @authenticated people(income_gt: Int): [Citizen!] @authenticated')} interface Node { id: ID! } extend type Citizen implements Node type Town implements Node { id: ID! name: String }`,
    a: `
      ${CITIZEN} household: [Member!] @requiresScopes(scopes: [["civil"]]) children: [Citizen!] @requiresScopes(scopes: [["civil"]]) income: Int @requiresScopes(scopes: [["income"]]) }
      type Member { role: String person: Citizen }
    `,
  });

  test('in one list with the caller are not read under the caller’s consents, and the list is told by length alone', () => {
    const query = '{ me { income household { role person { income } } children { income } } }';
    expect(asked(ask(graph, query, token))).toBe(
      '{ me { income household { role person { __typename } } children { __typename } } }',
    );
    expect(refused(ask(graph, query, token))).toEqual([
      'me.household.person.income: Citizen.income SUBJECT_NOT_COVERED',
      'me.children.income: Citizen.income SUBJECT_NOT_COVERED',
    ]);
  });

  test.each([
    ['person', '{ person(id: "of-somebody-else") { id income } }'],
    ['node', '{ node(id: "of-somebody-else") { id ... on Citizen { income } } }'],
    ['people', '{ people(income_gt: 30000) { id } }'],
  ])(
    'are not looked up by Query.%s: no agency is asked, so that an unknown id gets the same answer',
    (field, query) => {
      expect(asked(ask(graph, query, token))).toBeUndefined();
      expect(refused(ask(graph, query, token))).toEqual([`${field}: Query.${field} SUBJECT_NOT_COVERED`]);
      expect(decided(ask(graph, query.replaceAll('"of-somebody-else"', '"unknown"'), token)).judgement.shape).toBe(
        decided(ask(graph, query, token)).judgement.shape,
      );
    },
  );

  test('two steps away are not read either', () => {
    const query = '{ me { children { id children { id income } household { role } } } }';
    expect(asked(ask(graph, query, token))).toBe('{ me { children { id } } }');
  });
});
