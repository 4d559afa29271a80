import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { faultOf } from './importTable.ts';
import { allImports } from './imports.ts';
import { LIBRARIES } from './libraries.ts';
import { readText, ROOT } from './tree.ts';

const isTest = (path: string) => path.startsWith('test/') || path.endsWith('.test.ts') || path.includes('/testing/');
const ours = allImports().filter((entry) => entry.isOurs);
const libraries = allImports().filter((entry) => !entry.isOurs && !entry.to.startsWith('node:') && !isTest(entry.from));

describe('the house', () => {
  test('imports one way only', () => {
    expect(ours.flatMap((entry) => faultOf(entry) ?? [])).toEqual([]);
  });

  test.each([
    ['a step', 'gateway/request/decide/a.ts', 'gateway/request/fetch/b.ts'],
    ['a register', 'gateway/registers/consent/a.ts', 'gateway/registers/access/b.ts'],
    ['an agency', 'subgraphs/family/a.ts', 'subgraphs/income/b.ts'],
    ['an agency', 'subgraphs/family/a.ts', 'gateway/platform/b.ts'],
    ['the kit', 'subgraphs/kit/a.ts', 'subgraphs/family/b.ts'],
    ['the treaty', 'schema/a.ts', 'gateway/platform/b.ts'],
    ['the platform', 'gateway/platform/a.ts', 'gateway/registers/consent/b.ts'],
    ['the sandbox', 'sandbox/seed/a.ts', 'gateway/platform/b.ts'],
    ['anybody', 'gateway/main.ts', 'test/support/b.ts'],
    ['anybody', 'subgraphs/kit/a.ts', 'scripts/b.ts'],
    ['a stranger', 'lib/a.ts', 'schema/b.ts'],
  ])('would not let %s do so: %s -> %s', (_who, from, to) => {
    expect(faultOf({ from, to, isOurs: true, isTypeOnly: false })).toBeDefined();
  });

  test('lets a step know a register by its types alone', () => {
    const entry = { from: 'gateway/request/decide/a.ts', to: 'gateway/registers/consent/b.ts', isOurs: true };
    expect(faultOf({ ...entry, isTypeOnly: true })).toBeUndefined();
    expect(faultOf({ ...entry, isTypeOnly: false })).toBeDefined();
  });

  test('imports files that are there, by their full name', () => {
    const missing = ours.filter(({ to }) => !existsSync(`${ROOT}${to}`));
    expect(missing.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });
});

describe('an outside library', () => {
  test('is imported only in the rooms that have a reason for it', () => {
    const faults = libraries.filter(({ from, to }) => {
      const library = LIBRARIES.find(({ name }) => name === to);
      return library === undefined || !library.rooms.some((room) => from.startsWith(room));
    });
    expect(faults.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('is declared in package.json at one exact version', () => {
    const manifest = JSON.parse(readText('package.json')) as Record<string, Record<string, string>>;
    const declared = { ...manifest['dependencies'], ...manifest['devDependencies'] };
    expect(libraries.map(({ to }) => to).filter((name) => declared[name] === undefined)).toEqual([]);
    expect(Object.entries(declared).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });
});
