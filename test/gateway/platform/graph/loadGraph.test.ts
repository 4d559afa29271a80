import { describe, expect, test } from '@jest/globals';
import { QueryPlanner } from '@apollo/query-planner';
import { Supergraph } from '@apollo/federation-internals';
import { introspectionFromSchema, printSchema } from 'graphql';
import { loadGraph } from '../../../../gateway/platform/graph/loadGraph.ts';
import { composeTest, testGraph } from '../../../support/testGraph.ts';

const CITIZEN = 'type Citizen @key(fields: "id") @subject { id: ID!';

const france = {
  hub: `type Query { me: Citizen @authenticated } ${CITIZEN} }`,
  income: `
    ${CITIZEN} taxAssessment(incomeYear: Int!): TaxAssessment @requiresScopes(scopes: [["dgfip_rfr"], ["dgfip_rbg"]]) @scopeByYear(argument: "incomeYear") }
    type TaxAssessment {
      referenceTaxIncome: Int @requiresScopes(scopes: [["dgfip_rfr"]]) @minimumAcr(level: EIDAS2)
      declarant2: Declarant @subject(inFileOf: true) @requiresScopes(scopes: [["dgfip_nmNaiDec2"]])
    }
    type Declarant { birthName: String }
    type Query { assessment(person: ID! @subjectId): Int @policy(policies: [["agent", "case"]]) }
  `,
  family: `
    ${CITIZEN} beneficiaries: [FamilyMember!] @requiresScopes(scopes: [["cnaf_allocataires"]]) }
    type FamilyMember @subject(from: "person", inFileOf: true) { birthName: String person: Citizen }
  `,
};

describe('loadGraph', () => {
  test('reads every rule of types and fields', () => {
    const { rules } = testGraph(france);
    expect(rules.ofField.get('Query.me')).toMatchObject({ authenticated: true, scopes: undefined });
    expect(rules.ofField.get('Citizen.taxAssessment')?.scopes).toEqual([['dgfip_rfr'], ['dgfip_rbg']]);
    expect(rules.ofField.get('TaxAssessment.referenceTaxIncome')?.minimumAcr).toBe('eidas2');
    expect(rules.ofField.get('Query.assessment')?.policies).toEqual([['agent', 'case']]);
    expect([...rules.personTypes]).toEqual(['Citizen']);
    expect(rules.subjectOf.get('FamilyMember')).toEqual({ from: 'person', inFileOf: true });
    expect(rules.subjectOf.get('TaxAssessment.declarant2')).toEqual({ inFileOf: true });
    expect(rules.scopeByYear.get('Citizen.taxAssessment')).toBe('incomeYear');
    expect([...rules.subjectIds]).toEqual(['Query.assessment(person:)']);
    expect(rules.empty).toBe(false);
  });

  test('names the agency of a field, and of none that several share', () => {
    const { agencyOf } = testGraph(france).rules;
    expect(agencyOf.get('Query.me')).toBe('hub');
    expect(agencyOf.get('Citizen.taxAssessment')).toBe('income');
    expect(agencyOf.get('TaxAssessment.referenceTaxIncome')).toBe('income');
    expect(agencyOf.has('Citizen.id')).toBe(false);
  });

  test('gives a moved field to the agency that has overridden it', () => {
    const graph = testGraph({
      a: `type Query { me: T } type T @key(fields: "id") { id: ID! x: Int }`,
      b: `type T @key(fields: "id") { id: ID! x: Int @override(from: "a") }`,
    });
    expect(graph.rules.agencyOf.get('T.x')).toBe('b');
  });

  test('gives it to the new agency even while the old one still keys on it', () => {
    const graph = testGraph({
      a: `type Query { me: T } type T @key(fields: "id") @key(fields: "x") { id: ID! x: Int }`,
      b: `type T @key(fields: "id") { id: ID! x: Int @override(from: "a") }`,
    });
    expect(graph.planningSdl).toContain('usedOverridden: true');
    expect(graph.rules.agencyOf.get('T.x')).toBe('b');
  });

  test.each([
    ['imported under another name', 'import: [{ name: "@requiresScopes", as: "@scopes" }]', '@scopes', ''],
    ['used by its namespace', 'import: []', '@federation__requiresScopes', ''],
    ['used by a renamed namespace', 'as: "fed", import: []', '@fed__requiresScopes', ''],
  ])('enforces a rule %s', (_how, link, directive) => {
    const header = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", ${link}) `;
    const graph = testGraph({ a: `type Query { a: Int ${directive}(scopes: [["s"]]) b: Int }` }, header);
    expect(graph.rules.ofField.get('Query.a')?.scopes).toEqual([['s']]);
    expect(graph.planningSdl).not.toMatch(/scopes/i);
  });

  test('enforces a rule whose specification is linked under another name', () => {
    const sdl = composeTest({ a: 'type Query { a: Int @authenticated }' })
      .replace('authenticated/v0.1"', 'authenticated/v0.1", as: "citizen"')
      .replaceAll('@authenticated', '@citizen');
    expect(loadGraph(sdl).rules.ofField.get('Query.a')?.authenticated).toBe(true);
  });

  test("enforces the hub's own rules under other names", () => {
    const header = `
      extend schema
        @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@key"])
        @link(url: "https://specs.trait-dunion.example/hub/v1.0", import: [{ name: "@subject", as: "@person" }])
        @composeDirective(name: "@person")
      directive @person(from: String, inFileOf: Boolean = false) on OBJECT | FIELD_DEFINITION
    `;
    const graph = testGraph({ a: 'type Query { a: T } type T @key(fields: "id") @person { id: ID! }' }, header);
    expect([...graph.rules.personTypes]).toEqual(['T']);
  });

  test.each([
    ['a definition', 'directive @authenticated on FIELD_DEFINITION'],
    ['a definition in capitals', 'directive @Authenticated on FIELD_DEFINITION'],
    ['a definition with a prefix', 'directive @shield__requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION'],
    ["a look-alike of the hub's own", 'directive @subject on OBJECT'],
  ])('refuses %s that is called like a rule and not bound to its specification', (_what, definition) => {
    const header = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9") ';
    const sdl = composeTest({ a: 'type Query { a: Int }' }, header);
    expect(() => loadGraph(`${sdl}\n${definition}`)).toThrow(/expected @.+ to be bound to its specification/);
  });

  test('refuses a rule that another specification brings', () => {
    const sdl = composeTest({ a: 'type Query { a: Int @authenticated }' }).replace(
      'https://specs.apollo.dev/authenticated/v0.1", for: SECURITY',
      'https://specs.example.org/authenticated/v0.1"',
    );
    expect(() => loadGraph(sdl)).toThrow(/look-alike/);
  });

  test('refuses a security feature that nobody enforces', () => {
    const sdl = composeTest({ a: 'type Query { a: Int @authenticated }' }).replace(
      'https://specs.apollo.dev/authenticated/v0.1',
      'https://specs.example.org/fence/v0.1',
    );
    expect(() => loadGraph(sdl)).toThrow('expected only security features that this hub enforces');
  });

  test('refuses another version of a rule, whose meaning it cannot know', () => {
    const sdl = composeTest({ a: 'type Query { a: Int @authenticated }' }).replace(
      'authenticated/v0.1',
      'authenticated/v0.2',
    );
    expect(() => loadGraph(sdl)).toThrow('expected a version of https://specs.apollo.dev/authenticated');
  });

  test('refuses a field argument fed from a context, which would carry a protected value past its rule', () => {
    const sdl = composeTest({
      a: `
        type Query { t: T }
        type T @key(fields: "id") @context(name: "ctx") { id: ID! secret: Int @requiresScopes(scopes: [["s"]]) u: U }
        type U @key(fields: "id") { id: ID! open(s: Int @fromContext(field: "$ctx { secret }")): Int @requiresScopes(scopes: [["s"]]) }
      `,
    });
    expect(() => loadGraph(sdl)).toThrow(/context\/v0.1/);
  });

  test('refuses a rule whose arguments it cannot read', () => {
    const sdl = composeTest({ a: 'type Query { a: Int @requiresScopes(scopes: [["s"]]) }' });
    expect(() => loadGraph(sdl.replace('@requiresScopes(scopes: [["s"]])', '@requiresScopes'))).toThrow(
      'Query.a: expected scopes: [[String!]!]!',
    );
  });

  test('leaves no trace of the rules in what the planner and the public see', () => {
    const graph = testGraph(france);
    const seen = [
      graph.planningSdl,
      printSchema(graph.apiSchema),
      JSON.stringify(introspectionFromSchema(graph.apiSchema)),
    ];
    for (const text of seen) {
      expect(text).not.toMatch(
        /requiresScopes|authenticated|policy|minimumAcr|EidasLevel|scopeByYear|@subject|subjectId/,
      );
    }
    expect(printSchema(graph.apiSchema)).not.toMatch(/join__|link__/);
  });

  test('leaves a supergraph that the planner takes', () => {
    const graph = testGraph(france);
    expect(() => new QueryPlanner(Supergraph.build(graph.planningSdl))).not.toThrow();
  });

  test('hides what is inaccessible from the public schema', () => {
    const graph = testGraph({
      a: 'type Query { a: Int hidden: Secret @inaccessible } type Secret @inaccessible { x: Int }',
    });
    expect(printSchema(graph.apiSchema)).not.toMatch(/[Hh]idden|Secret/);
  });

  test('loads a supergraph without any rule, and says that it is empty', () => {
    const header = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9") ';
    expect(testGraph({ a: 'type Query { a: Int }' }, header).rules.empty).toBe(true);
  });

  test('judges interfaces by their types: what composition summed up there adds nothing', () => {
    const { ofField } = testGraph({
      a: `
        type Query { i: I }
        interface I { x: Int }
        type A implements I { x: Int @requiresScopes(scopes: [["a"]]) }
        type B implements I { x: Int @requiresScopes(scopes: [["b"]]) }
        type C implements I { x: Int }
      `,
    }).rules;
    expect(ofField.get('A.x')?.scopes).toEqual([['a']]);
    expect(ofField.get('B.x')?.scopes).toEqual([['b']]);
    expect(ofField.has('C.x')).toBe(false);
  });

  test('counts a rule that stands on an interface alone on every implementation', () => {
    const sdl = composeTest({
      a: `
        type Query { i: I @authenticated }
        interface I { x: Int }
        type A implements I { x: Int }
        type B implements I { x: Int @authenticated }
      `,
    });
    expect(loadGraph(sdl).rules.ofField.has('A.x')).toBe(false);
    const older = sdl.replace(/(type B [^}]*x: Int) @authenticated/, '$1');
    expect(loadGraph(older).rules.ofField.get('A.x')?.authenticated).toBe(true);
  });

  test('brings the rules of an interface object to every implementation', () => {
    const graph = testGraph({
      a: `
        type Query { i: I }
        interface I @key(fields: "id") { id: ID! }
        type A implements I @key(fields: "id") { id: ID! }
        type B implements I @key(fields: "id") { id: ID! }
      `,
      b: `type I @key(fields: "id") @interfaceObject { id: ID! secret(year: Int): String @requiresScopes(scopes: [["s"]]) @minimumAcr(level: EIDAS3) @scopeByYear(argument: "year") }`,
    });
    for (const type of ['A', 'B']) {
      expect(graph.rules.ofField.get(`${type}.secret`)).toMatchObject({ scopes: [['s']], minimumAcr: 'eidas3' });
      expect(graph.rules.scopeByYear.get(`${type}.secret`)).toBe('year');
      expect(graph.rules.agencyOf.get(`${type}.secret`)).toBe('b');
    }
  });

  test('changes its version with every change of the supergraph', () => {
    expect(testGraph(france).version).toBe(testGraph(france).version);
    expect(testGraph(france).version).not.toBe(testGraph({ hub: france.hub, income: france.income }).version);
  });
});
