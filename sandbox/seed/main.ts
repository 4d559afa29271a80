import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createOutputs } from './outputs.ts';

/*
 * npm run seed              writes every agency's fixtures, the identity provider's people and the hub's seeds
 * npm run seed -- --check   writes nothing; fails when a file is not what the seed would write
 */
const ROOT = new URL('../../', import.meta.url);
const check = process.argv.includes('--check');

for (const [path, text] of createOutputs()) {
  const file = new URL(path, ROOT);
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present === text) continue;
  if (check) {
    console.error(`${path} is stale: run npm run seed`);
    process.exitCode = 1;
    continue;
  }
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, text);
  console.log(`wrote ${path}`);
}
