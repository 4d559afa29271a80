import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseAgencyManifest, type AgencyManifest } from '../../schema/agencyManifest.ts';
import type { AgencyModule } from './agencyModule.ts';

/** One agency as it lies on disk, its code not yet loaded. */
export interface AgencyFolder {
  /** Absolute path. */
  readonly path: string;
  readonly manifest: AgencyManifest;
  /** Text of `schema.graphql`. */
  readonly typeDefs: string;
}

/** Every folder with an `agency.json`, by name; `template` is what new ones are copied from and joins nothing. */
export async function discoverAgencies(subgraphsDir: string): Promise<readonly AgencyFolder[]> {
  const entries = await readdir(subgraphsDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory() && entry.name !== 'template').map((entry) => entry.name);
  const folders = await Promise.all(names.sort().map((name) => readIfAgency(join(subgraphsDir, name))));
  return folders.filter((folder) => folder !== undefined);
}

/** Throws a TypeError when manifest or schema are missing, malformed or of another name than the folder. */
export async function readAgencyFolder(path: string): Promise<AgencyFolder> {
  const folder = await readIfAgency(path);
  if (!folder) throw new TypeError(`${path}: is no agency, it has no agency.json`);
  return folder;
}

async function readIfAgency(path: string): Promise<AgencyFolder | undefined> {
  const file = join(path, 'agency.json');
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (text === undefined) return undefined;
  const manifest = parseAgencyManifest(parseJson(text, file), file);
  if (manifest.name !== basename(path)) {
    throw new TypeError(`${file}: "name" must be the folder's, "${basename(path)}", got "${manifest.name}"`);
  }
  return { path, manifest, typeDefs: await readFile(join(path, 'schema.graphql'), 'utf8') };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError(`${file}: must be JSON`, { cause });
  }
}

/** Loads `agency.ts`. Throws a TypeError when it does not export `agency`. */
export async function loadAgencyModule({ path }: AgencyFolder): Promise<AgencyModule> {
  const file = join(path, 'agency.ts');
  const { agency } = (await import(pathToFileURL(file).href)) as { agency?: AgencyModule };
  if (typeof agency?.open !== 'function') throw new TypeError(`${file}: must export "agency", an AgencyModule`);
  return agency;
}
