import { describe, expect, test } from '@jest/globals';
import { basename, dirname } from 'node:path';
import ts from 'typescript';
import { anyNode } from './syntax.ts';
import { projectFiles, readText, sourceFiles } from './tree.ts';

const MAX_SOURCE_LINES = 320;
/** A table of cases may be long, a test file still has one subject. */
const MAX_TEST_LINES = 400;

const isTest = (path: string) => path.startsWith('test/') || path.endsWith('.test.ts');
const textFiles = projectFiles().filter((path) => /\.(?:ts|js|json|md|graphql|css|html|ya?ml|sql)$|^\.ci\//.test(path));
/** Written by programs out of other files, or copied as they came. */
const isMade = (path: string) =>
  /package-lock\.json$|\/fixtures\/|schema\/composed\/|sandbox\/seed\/siade\//.test(path);

describe('a source', () => {
  test(`has at most ${MAX_SOURCE_LINES} lines, a test ${MAX_TEST_LINES}`, () => {
    const tooLong = sourceFiles().filter((path) => {
      return readText(path).split('\n').length - 1 > (isTest(path) ? MAX_TEST_LINES : MAX_SOURCE_LINES);
    });
    expect(tooLong).toEqual([]);
  });

  test('is named by what it holds, never utils, helpers, common or misc', () => {
    const vague = /(?:^|[/.-])(?:utils?|helpers?|common|misc|shared|lib)(?:[/.-]|$)/i;
    expect(projectFiles().filter((path) => vague.test(path) && !isMade(path))).toEqual([]);
  });

  test('exports by name, never by default', () => {
    expect(sourceFiles().filter((path) => /^export default /m.test(readText(path)))).toEqual([]);
  });

  test('leaves nothing to be done later', () => {
    const mark = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`);
    expect(textFiles.filter((path) => !isMade(path) && mark.test(readText(path)))).toEqual([]);
  });

  test('names no place of the machine it was written on', () => {
    const place = new RegExp(['/work', '/root', '/home', '/tmp', '/Users'].map((path) => `["'\`( ]${path}/`).join('|'));
    expect(textFiles.filter((path) => path !== 'package-lock.json' && place.test(readText(path)))).toEqual([]);
  });

  test('of a test runs whole: nothing is skipped or singled out', () => {
    const single = new RegExp(`\\b(?:test|describe|it)\\.(?:${['on' + 'ly', 'sk' + 'ip', 'to' + 'do'].join('|')})\\b`);
    expect(sourceFiles().filter((path) => single.test(readText(path)))).toEqual([]);
  });
});

describe('process.env', () => {
  /** One file per program; the third keeps a library from reporting home, which that library lets nobody say otherwise. */
  const READERS = [
    'gateway/platform/config.ts',
    'scripts/bench/processes.ts',
    // Hands the path of programs on to those it starts and kills.
    'scripts/faults/world.ts',
    // Names the broker that it has started to the tests that it runs.
    'scripts/test-nats.ts',
    'gateway/request/fetch/reference.ts',
  ];

  test('is read in one file of each program', () => {
    const readers = sourceFiles().filter((path) => !isTest(path) && namesEnvironment(path));
    expect(readers.filter((path) => !READERS.includes(path))).toEqual([]);
  });

  function namesEnvironment(path: string): boolean {
    return anyNode(path, (node) => {
      return ts.isPropertyAccessExpression(node) && node.name.text === 'env' && node.expression.getText() === 'process';
    });
  }
});

describe('SQL', () => {
  /** Stores, table definitions, migrations, and the platform's database itself. */
  const isStore = (path: string) =>
    /(?:Store|Tables|tables|sqlSource|loadFixtures|migrateTables)\.ts$|\/migrations?\/|^gateway\/platform\/database\//.test(
      path,
    );
  const STATEMENT =
    /\b(?:select\s[\s\S]+\sfrom|insert\s+into|delete\s+from|update\s+\S+\s+set|create\s+(?:table|schema)|alter\s+table)\s/i;
  const BUILDERS = ['selectFrom', 'insertInto', 'updateTable', 'deleteFrom'];

  test('lives in stores and migrations', () => {
    const writers = sourceFiles().filter(
      (path) => !isTest(path) && !/^scripts\/(?:bench|faults)\//.test(path) && writesSql(path),
    );
    expect(writers.filter((path) => !isStore(path))).toEqual([]);
    expect(writers.length).toBeGreaterThan(3);
  });

  function writesSql(path: string): boolean {
    return anyNode(path, (node) => {
      if (ts.isPropertyAccessExpression(node)) return BUILDERS.includes(node.name.text);
      if (ts.isTaggedTemplateExpression(node)) return node.tag.getText() === 'sql';
      return ts.isStringLiteralLike(node) && STATEMENT.test(node.text);
    });
  }
});

describe('a room', () => {
  const sourcesByFolder = new Map<string, number>();
  for (const path of sourceFiles().filter((file) => !isTest(file))) {
    sourcesByFolder.set(dirname(path), (sourcesByFolder.get(dirname(path)) ?? 0) + 1);
  }

  test('of five sources or more has a README, its own or that of the room around it', () => {
    const big = [...sourcesByFolder].filter(([, count]) => count >= 5).map(([folder]) => folder);
    const readmes = new Set(
      projectFiles()
        .filter((path) => basename(path) === 'README.md')
        .map(dirname),
    );
    const isTold = (folder: string) =>
      readmes.has(folder) ||
      ((folder.split('/').length > 2 || folder.startsWith('scripts/')) && readmes.has(dirname(folder)));
    expect(big.filter((folder) => !isTold(folder))).toEqual([]);
  });
});

test('the lock file leaves it to npm’s settings where packages come from', () => {
  expect(readText('package-lock.json')).not.toContain('"resolved": "http');
});
