import { expect, test } from '@jest/globals';
import { ERROR_CODES } from '../../schema/errorCodes.ts';
import { stalePages } from '../../scripts/docs/pages.ts';
import { readText, ROOT } from './tree.ts';

test('the generated pages say what the tables say now (npm run docs)', () => {
  expect(stalePages(ROOT).map(({ path }) => path)).toEqual([]);
});

test('every error code is told of in docs/errors.md, and no other', () => {
  const told = [...readText('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| \d{3} \|/gm)].map(([, code]) => code);
  expect(told).toEqual(Object.keys(ERROR_CODES));
});
