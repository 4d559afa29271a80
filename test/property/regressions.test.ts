import { describe, expect, test } from '@jest/globals';
import type { Asker } from './asker.ts';
import { checkGuarded, openStage, runCase } from './runCase.ts';

/*
 * What the property has found, each reduced to the schema and the question that show it.
 */

const HUB = `
  type Query { me: Citizen @authenticated }
  type Citizen @key(fields: "id") @subject { id: ID! }
`;

const CALLER: Asker = {
  person: 'p0',
  service: 'canteen',
  siret: '99900000000007',
  purpose: 'canteen-pricing',
  household: true,
  legalBasis: 'INFORMATION_L114_8',
  tokenScopes: ['given_name', 'cnaf_enfants', 'dgfip_annee_n_moins_3'],
  habilitatedScopes: ['given_name', 'cnaf_enfants', 'dgfip_annee_n_moins_3'],
  consentedScopes: ['given_name', 'cnaf_enfants', 'dgfip_annee_n_moins_3'],
  declinedScopes: [],
  relatives: [],
  acr: 'eidas1',
  minimumAcr: 'eidas1',
};

function check(
  sdl: Readonly<Record<string, string>>,
  query: string,
  changes: Partial<Asker> = {},
  salt = '0',
): Promise<string | undefined> {
  const stage = openStage({ salt, sdl: { hub: HUB, ...sdl } });
  const asker = { ...CALLER, ...changes };
  return runCase(stage, { operation: { query, variables: {} }, askers: [asker, { ...asker, person: 'p1' }] });
}

describe('found by the property', () => {
  test('a computed field read what only a higher acr may read', async () => {
    const sdl = {
      'civil-status': `type Citizen @key(fields: "id") @subject {
        id: ID!
        source: String @requiresScopes(scopes: [["given_name"]]) @minimumAcr(level: EIDAS3)
      }`,
      family: `type Citizen @key(fields: "id") @subject {
        id: ID!
        source: String @external
        computed: String @requires(fields: "source") @requiresScopes(scopes: [["given_name"]])
      }`,
    };
    expect(await check(sdl, '{ me { computed } }')).toBeUndefined();
    expect(await check(sdl, '{ me { computed } }', { acr: 'eidas3' })).toBeUndefined();
  });

  test('a computed field was refused by the guard of its agency, which holds no scope of what it is computed from', async () => {
    const sdl = {
      'civil-status': `type Citizen @key(fields: "id") @subject {
        id: ID!
        source: String @requiresScopes(scopes: [["given_name"]])
      }`,
      family: `type Citizen @key(fields: "id") @subject {
        id: ID!
        source: String @external
        computed: String @requires(fields: "source") @requiresScopes(scopes: [["given_name", "cnaf_enfants"]])
      }`,
    };
    for (const salt of ['0', '1', '2', '3']) {
      const stage = openStage({ salt, sdl: { hub: HUB, ...sdl } });
      const operation = { query: '{ me { computed source } }', variables: {} };
      for (const consentedScopes of [['given_name', 'cnaf_enfants'], ['given_name'], ['cnaf_enfants'], []]) {
        const asker = { ...CALLER, consentedScopes };
        expect(await checkGuarded(stage, operation, asker)).toBeUndefined();
        expect(await runCase(stage, { operation, askers: [asker, { ...asker, person: 'p1' }] })).toBeUndefined();
      }
    }
  });

  test('a union told the type of a member whose rule refuses it', async () => {
    const sdl = {
      family: `type Citizen @key(fields: "id") @subject { id: ID! either: Either @authenticated }
        union Either = Closed | Open
        type Closed @requiresScopes(scopes: [["cnaf_adresse"]]) { field: String }
        type Open { field: String }`,
    };
    for (const salt of ['0', '1', '2', '3']) {
      expect(await check(sdl, '{ me { either { __typename } } }', {}, salt)).toBeUndefined();
    }
  });

  test("what a file's owner may know of a third party was told of a file that nobody owns", async () => {
    const sdl = {
      family: `type Query { files: [File!] }
        type File @key(fields: "id") { id: ID! member: Member @requiresScopes(scopes: [["cnaf_enfants"]]) }
        type Member @subject(from: "person", inFileOf: true) { person: Citizen ageBracket: String @subject }
        type Citizen @key(fields: "id") @subject { id: ID! }`,
    };
    for (const salt of ['0', '1', '2', '3']) {
      expect(await check(sdl, '{ files { member { ageBracket } } }', {}, salt)).toBeUndefined();
    }
  });

  test('an order of protection made absent what the caller, met as somebody’s relative, is refused like anybody', async () => {
    const sdl = {
      family: `type Citizen @key(fields: "id") @subject {
          id: ID!
          near: [Citizen!] @requiresScopes(scopes: [["cnaf_enfants"]])
          home: PostalAddress @requiresScopes(scopes: [["cnaf_enfants"]])
        }
        type PostalAddress { line: String }`,
    };
    const unsaid = { open: [], declined: [] };
    const child = { role: 'CHILD', authority: true, own: unsaid, byCaller: unsaid } as const;
    const relatives = [
      { ...child, person: 'p2', standing: 'PRESENT' },
      { ...child, person: 'p6', standing: 'PROTECTED' },
    ] as const;
    for (const salt of ['0', '1', '2', '3', '4', '5', '6', '7']) {
      expect(await check(sdl, '{ me { home { line } near { home { line } } } }', { relatives }, salt)).toBeUndefined();
    }
  });

  test('where somebody stands of whom nothing is asked, one who is dead was told of', async () => {
    const sdl = {
      address: `type Citizen @key(fields: "id") @subject { id: ID! c22: Either @requiresScopes(scopes: [["given_name"]]) }
        type Other { label: String }
        union Either = Citizen | Other`,
    };
    const unsaid = { open: [], declined: [] };
    const dead = { role: 'CHILD', standing: 'DECEASED', authority: true, own: unsaid, byCaller: unsaid } as const;
    const changes = { relatives: [{ ...dead, person: 'p7' }] };
    // In this world p7 stands there for p1, in the others somebody else or nobody.
    for (const salt of ['256', '0', '1']) {
      expect(await check(sdl, '{ me { c22 { ... on Other { label } } } }', changes, salt)).toBeUndefined();
    }
  });
});
