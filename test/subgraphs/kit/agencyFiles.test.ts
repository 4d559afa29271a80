import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { discoverAgencies, loadAgencyModule, readAgencyFolder } from '../../../subgraphs/kit/agencyFolder.ts';
import { readFixture } from '../../../subgraphs/kit/fixtures.ts';
import { readSchemaRules } from '../../../subgraphs/kit/rules.ts';
import { isDate, isPartialDate } from '../../../subgraphs/kit/scalars.ts';
import { agencySdl } from '../../../subgraphs/kit/schemaText.ts';
import { parse } from 'graphql';
import { EXAMPLE_DIR, EXAMPLE_SCHEMA } from './support.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kit-agency-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('an agency is a folder', () => {
  it('found by its agency.json, unasked, and no other', async () => {
    await cp(EXAMPLE_DIR, join(dir, 'example'), { recursive: true });
    await cp(EXAMPLE_DIR, join(dir, 'template'), { recursive: true });
    await cp(join(EXAMPLE_DIR, 'schema.graphql'), join(dir, 'kit', 'schema.graphql'));
    const found = await discoverAgencies(dir);
    expect(found.map(({ manifest }) => manifest.name)).toEqual(['example']);
    expect(found[0]!.typeDefs).toBe(EXAMPLE_SCHEMA);
  });

  it('of its own name', async () => {
    await cp(EXAMPLE_DIR, join(dir, 'other'), { recursive: true });
    await expect(discoverAgencies(dir)).rejects.toThrow('"name" must be the folder\'s, "other", got "example"');
  });

  it('whose manifest is whole', async () => {
    await writeFile(join(dir, 'agency.json'), '{"name":"x"');
    await expect(readAgencyFolder(dir)).rejects.toThrow('agency.json: must be JSON');
  });

  it('that exports its module', async () => {
    const folder = await readAgencyFolder(EXAMPLE_DIR);
    expect(await loadAgencyModule(folder)).toHaveProperty('open');
    await writeFile(join(dir, 'agency.ts'), 'export const somethingElse = 1;\n');
    await expect(loadAgencyModule({ ...folder, path: dir })).rejects.toThrow('must export "agency"');
  });
});

describe('fixtures move with time', () => {
  const clock = () => Date.parse('2026-06-15T10:00:00Z');
  const read = async (json: string) => {
    await writeFile(join(dir, 'f.json'), json);
    return readFixture(join(dir, 'f.json'), clock);
  };

  it('resolves years ago, at any depth', async () => {
    const json = '{"a":[{"born":{"$yearsAgo":5,"monthDay":"09-14"}}],"year":{"$yearsAgo":1},"fixed":"1994-04"}';
    expect(await read(json)).toEqual({ a: [{ born: '2021-09-14' }], year: 2025, fixed: '1994-04' });
  });

  it('moves 29 February to a day that is', async () => {
    expect(await read('[{"$yearsAgo":2,"monthDay":"02-29"},{"$yearsAgo":1,"monthDay":"02-29"}]')).toEqual([
      '2024-02-29',
      '2025-02-28',
    ]);
  });

  it.each(['{', '{"$yearsAgo":"5"}', '{"$yearsAgo":5,"monthDay":"9-1"}'])(
    'refuses %s, naming the file',
    async (json) => {
      await expect(read(json)).rejects.toThrow('f.json: ');
    },
  );
});

describe('dates', () => {
  it('partial ones are a year, a month or a day that exist', () => {
    expect(['1994', '1994-04', '1994-04-16', '2024-02-29'].every(isPartialDate)).toBe(true);
    expect(['94', '1994-00', '1994-13', '1994-04-00', '2023-02-29', '200&-04-23', 1994, ''].some(isPartialDate)).toBe(
      false,
    );
    expect([isDate('2026-02-28'), isDate('2026-02-30'), isDate('2026-02')]).toEqual([true, false, false]);
  });
});

describe('a schema opens with the treaty’s header', () => {
  const types = '"Q" type Query { "A" a: String @authenticated }';
  it.each([
    ['none', types, 'must open with AGENCY_SCHEMA_HEADER'],
    ['an import left out', EXAMPLE_SCHEMA.replace('"@authenticated"', ''), 'must open with AGENCY_SCHEMA_HEADER'],
    [
      'an import renamed',
      EXAMPLE_SCHEMA.replace('"@authenticated"', '{name: "@authenticated", as: "@auth"}'),
      'word for word',
    ],
    [
      'a look-alike of its own',
      `${EXAMPLE_SCHEMA}\ndirective @authenticated on FIELD_DEFINITION`,
      'remove the definition of @authenticated',
    ],
    [
      'a second link',
      `${EXAMPLE_SCHEMA}\nextend schema @link(url: "https://mallory.example/v1")`,
      'remove the second one',
    ],
  ])('refuses %s', (_what, schema, message) => {
    expect(() => agencySdl(schema, 'x/schema.graphql')).toThrow(message);
  });

  it('refuses a rule that only the hub could judge', () => {
    const schema = 'type Query { a: Int @policy(policies: [["p"]]) }';
    expect(() => readSchemaRules(parse(schema))).toThrow('Query.a: @policy is judged by the hub alone');
  });
});
