import { expect, test } from '@jest/globals';
import { SETTINGS } from '../../gateway/platform/config.ts';
import { readText, sourceFiles } from './tree.ts';

test('every setting that is declared is used', () => {
  const texts = sourceFiles()
    .filter(
      (path) => path.startsWith('gateway/main') || (path.startsWith('scripts/') && !path.startsWith('scripts/bench/')),
    )
    .map(readText)
    .join('\n');
  const unused = Object.keys(SETTINGS).filter((key) => !new RegExp(`\\b${key}\\b`).test(texts));
  expect(unused).toEqual([]);
});

test('every setting says in a sentence why it exists', () => {
  for (const { name, why } of Object.values(SETTINGS)) {
    expect(`${name}: ${why}`).toMatch(/^HUB_[A-Z_]+: [A-Z"`][\s\S]{20,}\.$/);
  }
});
