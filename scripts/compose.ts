import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CompositionRefused, composeGraph, type ComposedFiles } from './compose/composeGraph.ts';
import { collectParts } from './compose/collectParts.ts';

const HELP = `Usage: npm run compose [-- --check]

Composes every agency folder under subgraphs/ and the hub's own subgraph into schema/composed/
(supergraph.graphql, api.graphql, catalogue.json). --check writes nothing and exits with 1 when those files are stale.`;

const root = join(import.meta.dirname, '..');
const composedDir = join(root, 'schema', 'composed');

async function main(args: readonly string[]): Promise<number> {
  const check = args.includes('--check');
  if (args.some((arg) => arg !== '--check')) {
    console.error(HELP);
    return 2;
  }
  let files: ComposedFiles;
  try {
    const { parts, manifests } = await collectParts(join(root, 'subgraphs'));
    files = composeGraph(parts, manifests);
  } catch (fault) {
    if (!(fault instanceof CompositionRefused) && !(fault instanceof TypeError)) throw fault;
    console.error(fault.message);
    return 1;
  }
  const stale = await staleFiles(files);
  if (check) {
    for (const name of stale) console.error(`schema/composed/${name} is stale: run "npm run compose" and commit it`);
    return stale.length > 0 ? 1 : 0;
  }
  await mkdir(composedDir, { recursive: true });
  for (const name of stale) await writeFile(join(composedDir, name), files[name]);
  console.log(stale.length > 0 ? `written: ${stale.join(', ')}` : 'schema/composed/ is up to date');
  return 0;
}

async function staleFiles(files: ComposedFiles): Promise<readonly (keyof ComposedFiles)[]> {
  const names = Object.keys(files) as (keyof ComposedFiles)[];
  const onDisk = await Promise.all(
    names.map((name) => readFile(join(composedDir, name), 'utf8').catch(() => undefined)),
  );
  return names.filter((name, index) => onDisk[index] !== files[name]);
}

process.exitCode = await main(process.argv.slice(2));
