import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { frontendKitTypes } from './docs/frontendKitTypes.ts';

/*
 * npm run frontend-kit [-- --check]
 * Types of the operations in portal/frontend-kit/operations.graphql, from the public schema, by GraphQL Code Generator.
 */

const root = join(import.meta.dirname, '..');
const target = join(root, 'portal/frontend-kit/generated.ts');

const text = await frontendKitTypes(root);
const isStale = !existsSync(target) || readFileSync(target, 'utf8') !== text;
if (process.argv.includes('--check')) {
  if (isStale) process.stderr.write('portal/frontend-kit/generated.ts is stale: run npm run frontend-kit\n');
  process.exitCode = isStale ? 1 : 0;
} else if (isStale) {
  writeFileSync(target, text);
  process.stdout.write('written: portal/frontend-kit/generated.ts\n');
}
