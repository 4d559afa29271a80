import { expect, test } from '@jest/globals';
import { SETTINGS } from '../../gateway/platform/config.ts';
import { ERROR_CODES } from '../../schema/errorCodes.ts';
import { REFUSAL_REASONS } from '../../schema/refusals.ts';
import { sourceFiles } from './tree.ts';
import { textsOf } from './syntax.ts';

const CATALOGUE = ['schema/errorCodes.ts', 'schema/requestCodes.ts'];
const SHOUTED = /^(?:HUB_[A-Z_]*[A-Z]|UNAUTHORIZED_FIELD_OR_TYPE)$/;
/** A legal basis, which only looks like a code; families of codes, as pages tell them apart. */
const OTHER_WORDS = ['HUB_OPERATION', 'HUB_CONSENT', 'HUB_AGENCY'];

/** Every text in capitals that names a code or a setting, outside the catalogue and outside tests. */
const written = new Map<string, string>();
for (const path of sourceFiles()) {
  if (path.startsWith('test/') || path.endsWith('.test.ts') || CATALOGUE.includes(path)) continue;
  for (const text of textsOf(path)) if (SHOUTED.test(text)) written.set(text, path);
}

test('every code that is thrown stands in the catalogue', () => {
  const settings = Object.values(SETTINGS).map(({ name }) => name);
  const known = new Set<string>([...Object.keys(ERROR_CODES), ...settings, ...OTHER_WORDS]);
  expect([...written].filter(([text]) => !known.has(text))).toEqual([]);
});

test('every code of the catalogue is thrown', () => {
  expect(Object.keys(ERROR_CODES).filter((code) => !written.has(code))).toEqual([]);
});

test('every reason for a refusal is given somewhere', () => {
  const given = new Set(
    sourceFiles()
      .filter((path) => path.startsWith('gateway/'))
      .flatMap(textsOf),
  );
  expect(REFUSAL_REASONS.filter((reason) => !given.has(reason))).toEqual([]);
});

test('every code says in two languages what happened and what to do', () => {
  for (const { message, remedy, status } of Object.values(ERROR_CODES)) {
    for (const text of [message.fr, message.en, remedy.fr, remedy.en]) expect(text).toMatch(/^\S.{5,}\.$/);
    expect([200, 400, 401, 403, 404, 405, 406, 408, 413, 415, 429, 500, 503]).toContain(status);
  }
});
