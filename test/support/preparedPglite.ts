import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite as Original, type PGliteOptions } from '../../node_modules/@electric-sql/pglite/dist/index.js';

/*
 * What tests get for `@electric-sql/pglite` (jest.config.js): the same, but databases in memory begin as copies of one that initdb made once on
 * this machine. initdb takes 4.5 s of a core each time (measured, 0.5.16), a copy 0.6 s.
 */

const manifest = readFileSync(
  join(import.meta.dirname, '../../node_modules/@electric-sql/pglite/package.json'),
  'utf8',
);
const { version } = JSON.parse(manifest) as { readonly version: string };

export class PGlite extends Original {
  static override create(...given: unknown[]): never {
    const [options = {}, ...more] = given as [PGliteOptions?];
    const inMemory = typeof options === 'object' && options.dataDir === undefined && more.length === 0;
    const made = inMemory ? createCopy(options) : (Original.create as (...all: unknown[]) => unknown)(...given);
    return made as never;
  }
}

async function createCopy(options: PGliteOptions): Promise<Original> {
  return Original.create({ ...options, loadDataDir: new Blob([readFileSync(await preparedData())]) });
}

/** Path of a tar of what initdb makes; the first that wants one on this machine makes it. */
export async function preparedData(): Promise<string> {
  const prepared = join(tmpdir(), `trait-dunion-pglite-${version}.tar`);
  if (existsSync(prepared)) return prepared;
  const fresh = await Original.create();
  const data = await fresh.dumpDataDir('none');
  await fresh.close();
  const draft = mkdtempSync(`${prepared}.`);
  const file = join(draft, 'data.tar');
  writeFileSync(file, Buffer.from(await data.arrayBuffer()));
  // Whole or not at all; another test process may have been faster, and its copy is as good.
  renameSync(file, prepared);
  rmSync(draft, { recursive: true });
  return prepared;
}
