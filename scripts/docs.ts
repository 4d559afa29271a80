import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stalePages } from './docs/pages.ts';

const HELP = `Usage: npm run docs [-- --check]

Writes docs/config.md, docs/errors.md, docs/scopes.md and docs/catalogue.md from the tables they describe.
--check writes nothing and exits with 1 when a page is stale. Run "npm run compose" first when a schema has changed.`;

const root = join(import.meta.dirname, '..');

function main(args: readonly string[]): number {
  if (args.some((arg) => arg !== '--check')) {
    console.error(HELP);
    return 2;
  }
  const stale = stalePages(root);
  if (args.includes('--check')) {
    for (const { path } of stale) console.error(`${path} is stale: run "npm run docs" and commit it`);
    return stale.length > 0 ? 1 : 0;
  }
  for (const { path, text } of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  console.log(stale.length > 0 ? `written: ${stale.map(({ path }) => path).join(', ')}` : 'docs/ is up to date');
  return 0;
}

process.exitCode = main(process.argv.slice(2));
