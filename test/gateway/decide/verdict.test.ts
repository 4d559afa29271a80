import { describe, expect, test } from '@jest/globals';
import { decided, refused, asked, type Asked } from '../../support/testDecision.ts';
import { testGraph } from '../../support/testGraph.ts';

const graph = testGraph({
  hub: 'type Query { me: Citizen @authenticated } type Citizen @key(fields: "id") @subject { id: ID! }',
  agency: `
    type Citizen @key(fields: "id") @subject {
      id: ID!
      a: Int @requiresScopes(scopes: [["sa"]])
      aOrB: Int @requiresScopes(scopes: [["sa"], ["sb"]])
      aAndB: Int @requiresScopes(scopes: [["sa", "sb"]])
      mixed: Int @requiresScopes(scopes: [["sa"], ["sb", "sc"]])
      nobody: Int @requiresScopes(scopes: [])
      certificate: Int @requiresScopes(scopes: [["etatcivil_acte_naissance"]])
      certificateOrA: Int @requiresScopes(scopes: [["etatcivil_acte_naissance"], ["sa"]])
      high: Int @requiresScopes(scopes: [["sa"]]) @minimumAcr(level: EIDAS3)
      open: Int @authenticated
      highOnly: Int @minimumAcr(level: EIDAS1)
      policed: Int @policy(policies: [["agent", "case"], ["judge"]])
      unruled: Int
      value: Value @requiresScopes(scopes: [["sa"]])
      income(year: Int = 2025): Int @requiresScopes(scopes: [["sa"]]) @scopeByYear(argument: "year")
      plainYear(year: Int!): Int @authenticated @scopeByYear(argument: "year")
    }
    type Value { plain: Int narrowed: Int @requiresScopes(scopes: [["sb"]]) deep: Value high: Int @minimumAcr(level: EIDAS3) }
    type Query { town: Town wallet: Wallet diary: Value @subject check: Int @requiresScopes(scopes: [["sa"]]) }
    type Town { name: String mayor: Citizen council: [Citizen] @authenticated }
    type Wallet @subject { coins: Int }
    type Mutation { free: Int ruled: Value @requiresScopes(scopes: [["sa"]]) }
  `,
});

const ask = (selection: string, options: Omit<Asked, 'graph' | 'query'> = {}): Asked => ({
  graph,
  query: `{ me { ${selection} } }`,
  ...options,
});

describe('a rule', () => {
  test.each([
    [['sa'], 'a aOrB', ['me.aAndB: Citizen.aAndB SCOPE_NOT_IN_TOKEN sb']],
    [['sb'], 'aOrB', ['me.a: Citizen.a SCOPE_NOT_IN_TOKEN sa', 'me.aAndB: Citizen.aAndB SCOPE_NOT_IN_TOKEN sa']],
    [['sa', 'sb'], 'a aOrB aAndB', []],
    [
      [],
      '__typename',
      [
        'me.a: Citizen.a SCOPE_NOT_IN_TOKEN sa',
        'me.aOrB: Citizen.aOrB SCOPE_NOT_IN_TOKEN sa|sb',
        'me.aAndB: Citizen.aAndB SCOPE_NOT_IN_TOKEN sa+sb',
      ],
    ],
  ])('is an OR of ANDs: with %p only that is asked', (token, left, refusals) => {
    expect(asked(ask('a aOrB aAndB', { token }))).toBe(`{ me { ${left} } }`);
    expect(refused(ask('a aOrB aAndB', { token }))).toEqual(refusals);
  });

  test('with no alternative at all opens for nobody', () => {
    expect(refused(ask('nobody', { token: ['sa', 'sb'] }))).toEqual(['me.nobody: Citizen.nobody NOT_IN_HABILITATION']);
  });

  test('is not met by two halves from two sources', () => {
    const half = { token: ['sa', 'sb'], habilitation: ['sa', 'sb'], consents: ['sa'] };
    expect(refused(ask('aAndB', half))).toEqual(['me.aAndB: Citizen.aAndB CONSENT_REQUIRED sb']);
    const crossed = { token: ['sa'], habilitation: ['sb'], consents: ['sa', 'sb'] };
    expect(refused(ask('aOrB', crossed))).toEqual(['me.aOrB: Citizen.aOrB SCOPE_NOT_IN_TOKEN sb']);
  });

  test('names as its reason the first set that lacks a scope', () => {
    const all = ['sa'];
    expect(refused(ask('a', { token: [], habilitation: all, consents: all }))[0]).toMatch('SCOPE_NOT_IN_TOKEN sa');
    expect(refused(ask('a', { token: all, habilitation: [], consents: all }))[0]).toMatch('NOT_IN_HABILITATION sa');
    expect(refused(ask('a', { token: all, habilitation: all, consents: [] }))[0]).toMatch('CONSENT_REQUIRED sa');
    expect(refused(ask('a', { token: [], habilitation: [], consents: [] }))[0]).toMatch('NOT_IN_HABILITATION sa');
  });

  test('names as missing only what would help where the request stands', () => {
    const options = { token: ['sb', 'sc'], habilitation: ['sb', 'sc'], consents: ['sb'] };
    expect(refused(ask('mixed', options))).toEqual(['me.mixed: Citizen.mixed CONSENT_REQUIRED sc']);
    expect(refused(ask('mixed', { token: ['sb'] }))).toEqual(['me.mixed: Citizen.mixed SCOPE_NOT_IN_TOKEN sa|sc']);
  });

  test('of authentication alone is met by any caller', () => {
    expect(asked(ask('open'))).toBe('{ me { open } }');
  });

  test('of policies is refused unless somebody says that they are met, all of one list', () => {
    expect(refused(ask('policed'))).toEqual(['me.policed: Citizen.policed POLICY_NOT_MET']);
    const half = { powers: { metPolicies: () => new Set(['agent']) } };
    expect(refused(ask('policed', half))).toEqual(['me.policed: Citizen.policed POLICY_NOT_MET']);
    expect(refused(ask('policed', { powers: { metPolicies: () => new Set(['case', 'agent']) } }))).toEqual([]);
  });
});

describe('the level of assurance', () => {
  test.each([
    ['a scope asks for', 'certificate', 'etatcivil_acte_naissance', 'eidas1', 'eidas2'],
    ['a field asks for', 'high', 'sa', 'eidas2', 'eidas3'],
  ] as const)('that %s must be reached', (_who, field, scope, low, enough) => {
    const options = { token: [scope] };
    expect(refused(ask(field, { ...options, acr: low }))).toEqual([`me.${field}: Citizen.${field} ACR_TOO_LOW`]);
    expect(refused(ask(field, { ...options, acr: enough }))).toEqual([]);
  });

  test('that a habilitation asks for opens nothing below it, not even who the caller is', () => {
    const options = { token: ['sa'], minimumAcr: 'eidas2' } as const;
    expect(refused(ask('a', { ...options, acr: 'eidas1' }))).toEqual(['me: Query.me ACR_TOO_LOW']);
    expect(refused(ask('a', { ...options, acr: 'eidas2' }))).toEqual([]);
  });

  test('of one alternative does not close another', () => {
    const token = ['etatcivil_acte_naissance', 'sa'];
    expect(refused(ask('certificateOrA', { token, acr: 'eidas1' }))).toEqual([]);
  });

  test('is asked of a value that follows the field above it, too', () => {
    expect(refused(ask('value { plain high }', { token: ['sa'] }))).toEqual(['me.value.high: Value.high ACR_TOO_LOW']);
  });

  test('alone opens nothing', () => {
    expect(refused(ask('highOnly', { token: ['sa'] }))).toEqual(['me.highOnly: Citizen.highOnly NO_RULE']);
  });
});

describe('deny by default', () => {
  test('refuses a field of a person without a rule, and lets its id and type be asked', () => {
    expect(asked(ask('id __typename unruled', { token: ['sa'] }))).toBe('{ me { id __typename } }');
    expect(refused(ask('unruled', { token: ['sa'] }))).toEqual(['me.unruled: Citizen.unruled NO_RULE']);
  });

  test('lets the values inside a field follow it, and narrow it', () => {
    const value = 'value { plain narrowed deep { plain } }';
    expect(asked(ask(value, { token: ['sa'] }))).toBe('{ me { value { plain deep { plain } } } }');
    expect(refused(ask(value, { token: ['sa'] }))).toEqual(['me.value.narrowed: Value.narrowed SCOPE_NOT_IN_TOKEN sb']);
    expect(refused(ask(value, { token: ['sb'] }))).toEqual(['me.value: Citizen.value SCOPE_NOT_IN_TOKEN sa']);
  });

  test("serves what is nobody's without a rule, and no person out of it", () => {
    const query = '{ town { name mayor { id } council { id open } } }';
    expect(asked({ graph, query, token: ['sa'] })).toBe('{ town { name council { id } } }');
    expect(refused({ graph, query, token: ['sa'] })).toEqual([
      'town.mayor: Town.mayor NO_RULE',
      'town.council.open: Citizen.open SUBJECT_NOT_COVERED',
    ]);
  });

  test('refuses what is marked as somebody’s and has no rule, by its type or by itself', () => {
    expect(refused({ graph, query: '{ wallet { coins } diary { plain } }' })).toEqual([
      'wallet: Query.wallet NO_RULE',
      'diary: Query.diary NO_RULE',
    ]);
  });

  test('makes no write without a rule', () => {
    const query = 'mutation { free ruled { plain narrowed } }';
    expect(asked({ graph, query, token: ['sa'] })).toBe('mutation { ruled { plain } }');
    expect(refused({ graph, query, token: ['sa'] })).toEqual([
      'free: Mutation.free NO_RULE',
      'ruled.narrowed: Value.narrowed SCOPE_NOT_IN_TOKEN sb',
    ]);
  });

  test("puts a root field with scopes down as the caller's", () => {
    const { judgement } = decided({ graph, query: '{ check town { name } }', token: ['sa'] });
    expect(judgement.subjects.map((slot) => slot.kind)).toEqual(['CALLER', 'NONE', 'NONE']);
    expect(judgement.agencies).toEqual(['agency', 'agency', 'agency']);
  });
});

describe('the income year', () => {
  const token = ['sa', 'dgfip_annee_n_moins_1'];

  test.each([
    ['literal', 'income(year: 2025)', 'income(year: 2024)'],
    ['the default of the argument', 'income', 'income(year: 2024)'],
  ])('is read from a %s', (_how, good, bad) => {
    expect(refused(ask(good, { token }))).toEqual([]);
    expect(refused(ask(bad, { token }))).toEqual([
      'me.income: Citizen.income SCOPE_NOT_IN_TOKEN dgfip_annee_n_moins_2',
    ]);
  });

  test('is read from a variable, from its default, and from the argument when neither is there', () => {
    const query = 'query ($y: Int = 2024) { me { income(year: $y) } }';
    expect(refused({ graph, query, token, request: { variables: { y: 2025 } } })).toEqual([]);
    expect(refused({ graph, query, token })[0]).toMatch('dgfip_annee_n_moins_2');
    expect(refused({ graph, query: 'query ($y: Int) { me { income(year: $y) } }', token })).toEqual([]);
  });

  test.each([
    ['a year that no scope opens', 2019],
    ['a year to come', 2027],
    ['no year', null],
  ])('is refused for %s', (_what, y) => {
    const query = 'query ($y: Int) { me { income(year: $y) } }';
    expect(refused({ graph, query, token, request: { variables: { y } } })).toEqual([
      'me.income: Citizen.income YEAR_NOT_OPEN',
    ]);
  });

  test('is asked beside a rule without scopes', () => {
    expect(refused(ask('plainYear(year: 2025)', { token: [] }))).toEqual([
      'me.plainYear: Citizen.plainYear SCOPE_NOT_IN_TOKEN dgfip_annee_n_moins_1',
    ]);
    expect(refused(ask('plainYear(year: 2025)', { token }))).toEqual([]);
  });

  test('is counted from the calendar year in Paris', () => {
    const newYearInParis = { powers: { clock: () => Date.UTC(2026, 11, 31, 23, 0, 0) } };
    const justBefore = { powers: { clock: () => Date.UTC(2026, 11, 31, 22, 59, 59) } };
    expect(refused(ask('income(year: 2025)', { token, ...justBefore }))).toEqual([]);
    expect(refused(ask('income(year: 2025)', { token, ...newYearInParis }))[0]).toMatch('dgfip_annee_n_moins_2');
  });

  test('leaves one refusal when one of two years is open, each under its alias', () => {
    const two = 'a: income(year: 2025) b: income(year: 2024)';
    expect(asked(ask(two, { token }))).toBe('{ me { a: income(year: 2025) } }');
    expect(refused(ask(two, { token }))).toEqual(['me.b: Citizen.income SCOPE_NOT_IN_TOKEN dgfip_annee_n_moins_2']);
  });
});
