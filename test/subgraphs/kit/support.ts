import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgencyDefinition } from '../../../subgraphs/kit/agencyModule.ts';
import {
  buildUnderTest,
  type AgencyUnderTest,
  type UnderTestOptions,
} from '../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { aSubject } from '../../../subgraphs/kit/testing/testGrant.ts';
import type { GrantSubject } from '../../../schema/grant.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { exampleDefinition, type Reads, type Row } from './example/agency.ts';

export const EXAMPLE_DIR = join(import.meta.dirname, 'example');
export const EXAMPLE_SCHEMA = readFileSync(join(EXAMPLE_DIR, 'schema.graphql'), 'utf8');

export const MARTIN: PivotIdentity = {
  family_name: 'MARTIN',
  given_name: 'Lise Aude',
  birthdate: '1990-05-04',
  gender: 'female',
  birthplace: '35238',
  birthcountry: '99100',
};
export const CHILD: PivotIdentity = { ...MARTIN, given_name: 'Noé', birthdate: '2015-01-02', gender: 'male' };

export const ROWS: readonly Row[] = [
  { number: 'F1', identity: MARTIN, members: ['F2'] },
  { number: 'F2', identity: CHILD, members: [] },
];

export const lise = (scopes: readonly string[]): GrantSubject =>
  aSubject({ reference: 'ref-lise', pivot: MARTIN, scopes });

export function openExample(
  options: UnderTestOptions & {
    readonly rows?: readonly Row[];
    readonly reads?: Reads;
    readonly changes?: Partial<AgencyDefinition> & { readonly timeoutMs?: number };
  } = {},
): Promise<AgencyUnderTest> {
  const definition = { ...exampleDefinition(options.rows ?? ROWS, options.reads), ...options.changes };
  return buildUnderTest('example', EXAMPLE_SCHEMA, definition, options);
}

/** `_entities` for the references given. */
export function entities(selection: string, references: readonly string[] = ['ref-lise']) {
  return {
    query: `query($r: [_Any!]!) { _entities(representations: $r) { ... on Citizen { ${selection} } } }`,
    variables: { r: references.map((id) => ({ __typename: 'Citizen', id })) },
  };
}
