import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkSchema } from '../../../scripts/compose/checkSchema.ts';
import { AGENCY_SCHEMA_HEADER } from '../../../schema/directives.ts';

const CITIZEN_START = '"A person." type Citizen @key(fields: "id") @subject { "Reference." id: ID!';

/** A schema of the agency `family` around fields of Citizen, and other types. */
function family(citizenFields: string, types = ''): string {
  return `${AGENCY_SCHEMA_HEADER} ${CITIZEN_START} ${citizenFields} } ${types}`;
}

function faultsOf(typeDefs: string, name = 'family'): readonly string[] {
  return checkSchema({ name, url: 'http://127.0.0.1:4102/graphql', typeDefs }).faults;
}

const FILE = `
  "A file." type File {
    "Q." quotient: Int @requiresScopes(scopes: [["cnaf_quotient_familial"]])
    "C." children: Int @requiresScopes(scopes: [["cnaf_enfants"]])
    "Unruled, opened with the file." number: String
  }`;

describe('a schema may join', () => {
  it('when every personal field has its rule', () => {
    const file = '"F." file: File @requiresScopes(scopes: [["cnaf_enfants"], ["cnaf_quotient_familial"]])';
    expect(faultsOf(family(file, FILE))).toEqual([]);
  });

  it.each(['civil-status', 'family', 'income', 'address', 'energy'])('as %s does', (name) => {
    const typeDefs = readFileSync(join(import.meta.dirname, '../../../subgraphs', name, 'schema.graphql'), 'utf8');
    expect(faultsOf(typeDefs, name)).toEqual([]);
  });
});

describe('a schema is refused', () => {
  it.each<[string, string, string]>([
    [
      'with a personal field without a rule',
      family('"F." number: String'),
      'Citizen.number is a personal field without a scope',
    ],
    [
      'with a personal field that every citizen who is logged in could read of anybody',
      family('"F." number: String @authenticated'),
      'Citizen.number is a personal field without a scope',
    ],
    [
      'with a personal field that has a level of assurance alone',
      family('"F." number: String @minimumAcr(level: EIDAS2)'),
      'Add @requiresScopes with the scope that opens it',
    ],
    [
      'with a root field without a rule',
      family('', '"Q." type Query { "A." anything: Int }'),
      'Query.anything has no rule and would never be served',
    ],
    [
      'with a subscription, which is the hub’s to serve',
      family('', '"S." type Subscription { "T." ticked: Int @authenticated }'),
      'Subscription is the hub’s own',
    ],
    [
      'with an entity that is no person and has a field without a rule',
      family('', '"T." type Thing @key(fields: "code") { "C." code: String! }'),
      'Thing.code has no rule',
    ],
    [
      'when a field opens an object with less than what is inside',
      family('"F." file: File @requiresScopes(scopes: [["cnaf_enfants"]])', FILE),
      'Citizen.file opens File and must have the OR of the scopes inside, no more and no less. Write @requiresScopes(scopes: [["cnaf_enfants"],["cnaf_quotient_familial"]])',
    ],
    [
      'when a field opens an object with more than what is inside',
      family(
        '"F." file: File @requiresScopes(scopes: [["cnaf_enfants"], ["cnaf_quotient_familial"], ["cnaf_adresse"]])',
        FILE,
      ),
      'no more and no less',
    ],
    [
      'when a field opens a list of objects through a union',
      family('"F." files: [AnyFile!] @requiresScopes(scopes: [["cnaf_enfants"]])', `${FILE} "U." union AnyFile = File`),
      'Citizen.files opens AnyFile',
    ],
    [
      'when a nested field opens an object by the rule of the one above it',
      family(
        '"O." outer: Outer @requiresScopes(scopes: [["cnaf_adresse"]])',
        `${FILE} "O." type Outer { "A." a: Int @requiresScopes(scopes: [["cnaf_adresse"]]) "F." file: File }`,
      ),
      'Outer.file opens File',
    ],
    [
      'when the scope is nobody’s',
      family('"F." n: Int @requiresScopes(scopes: [["cnaf_nothing"]])'),
      'Citizen.n asks for the scope "cnaf_nothing", which is not in schema/scopes.ts',
    ],
    [
      'when the scope is an alias',
      family('"F." n: Int @requiresScopes(scopes: [["eaje_enfants"]])'),
      'an alias: write "cnaf_enfants"',
    ],
    [
      'when the scope is a group',
      family('"F." n: Int @requiresScopes(scopes: [["identite_pivot"]])'),
      'a group: write its members, given_name, family_name',
    ],
    [
      'when another agency holds the scope',
      family('"F." n: Int @requiresScopes(scopes: [["dgfip_rfr"]])'),
      'which "income" holds: grants to "family" never carry it',
    ],
    [
      'when an ID comes in that may be a person',
      family('"F." n(child: ID!): Int @requiresScopes(scopes: [["cnaf_enfants"]])'),
      'Citizen.n(child:) takes an ID and does not say of what. Add @subjectId',
    ],
    [
      'when an ID comes in inside an input',
      family('', '"I." input Choice { "Ids." ids: [ID!]! }'),
      'Choice.ids takes an ID and does not say of what',
    ],
    [
      'when the subject is said to be in a field that holds no person',
      family(
        '"F." m: Member @requiresScopes(scopes: [["cnaf_enfants"]])',
        '"M." type Member @subject(from: "name", inFileOf: true) { "N." name: String }',
      ),
      'Member: @subject(from: "name") must name a field of Member that returns a person (Citizen)',
    ],
    [
      'when the year is said to be in an argument that is none',
      family('"F." t(year: String): Int @requiresScopes(scopes: [["cnaf_enfants"]]) @scopeByYear(argument: "year")'),
      'Citizen.t: @scopeByYear(argument: "year") must name an Int argument',
    ],
    ['without a description of a type', family('', 'type Bare { "A." a: Int }'), 'Bare has no description'],
    ['without a description of a field', family('', '"B." type Bare { a: Int }'), 'Bare.a has no description'],
    [
      'that stands in Federation 1',
      '"A." type Query { "A." a: Int @authenticated }',
      'must open with AGENCY_SCHEMA_HEADER',
    ],
    [
      'whose @authenticated is not imported',
      family('"F." n: Int @authenticated').replace('"@authenticated", ', ''),
      'must open with AGENCY_SCHEMA_HEADER',
    ],
    [
      'that defines a look-alike of a rule',
      family('', 'directive @requiresScope(scopes: [String]) on FIELD_DEFINITION'),
      'remove the definition of @requiresScope',
    ],
    [
      'that uses a look-alike of a rule',
      family('"F." n: Int @requiresScope(scopes: [["cnaf_enfants"]])'),
      '@requiresScope',
    ],
    ['that uses a rule in capitals', family('"F." n: Int @Authenticated'), '@Authenticated'],
    [
      'with a rule that the hub alone could judge',
      family('"F." n: Int @policy(policies: [["p"]])'),
      '@policy is judged by the hub alone',
    ],
    ['that cannot be read', `${AGENCY_SCHEMA_HEADER} type {`, 'Syntax Error'],
  ])('%s', (_what, typeDefs, message) => {
    const faults = faultsOf(typeDefs);
    expect(faults.join('\n')).toContain(message);
  });
});

describe('ids that are no person’s', () => {
  it('are let in when the schema says so', () => {
    expect(
      faultsOf(
        family(
          '"F." n(of: ID! @subjectId): Int @requiresScopes(scopes: [["cnaf_enfants"]])',
          '"I." input Choice { "Id." id: ID! @tag(name: "thing-id") }',
        ),
      ),
    ).toEqual([]);
  });

  it('but not by any other tag', () => {
    expect(faultsOf(family('', '"I." input Choice { "Id." id: ID! @tag(name: "things") }'))).toHaveLength(1);
  });
});
