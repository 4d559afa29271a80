import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { readGraphiqlFiles } from './graphiqlFiles.ts';

export interface Asset {
  readonly contentType: string;
  readonly body: Buffer | string;
  /** The same, compressed, for what is large. */
  readonly gzip?: Buffer;
}

export interface Assets {
  /** By path. */
  readonly files: ReadonlyMap<string, Asset>;
  /** `/explorer/<version>/`: the version is a digest of all files, so that browsers may keep them for ever. */
  readonly base: string;
}

const OWN = ['explorer.js', 'session.js', 'tabs.js', 'explorer.css'] as const;

/** Smaller files are sent as they are: compressing gains less than a packet. Bytes. */
const COMPRESS_FROM_BYTES = 20_000;

const compress = promisify(gzip);

/** Reads GraphiQL from node_modules and the explorer's own files; the public schema becomes `schema.json`. */
export async function loadAssets(schemaSdl: string | undefined): Promise<Assets> {
  const own = OWN.map(async (name) => [name, await readFile(new URL(`browser/${name}`, import.meta.url))] as const);
  const entries: (readonly [string, Buffer])[] = [...(await readGraphiqlFiles()), ...(await Promise.all(own))];
  if (schemaSdl !== undefined) {
    const introspection = introspectionFromSchema(buildSchema(schemaSdl));
    entries.push(['schema.json', Buffer.from(JSON.stringify({ data: introspection }))]);
  }
  const digest = createHash('sha256');
  for (const [name, body] of entries) digest.update(name).update(body);
  const base = `/explorer/${digest.digest('hex').slice(0, 12)}/`;
  const files = entries.map(async ([name, body]) => [base + name, await toAsset(name, body)] as const);
  return { base, files: new Map(await Promise.all(files)) };
}

async function toAsset(name: string, body: Buffer): Promise<Asset> {
  const contentType = contentTypeOf(name);
  if (body.length < COMPRESS_FROM_BYTES) return { contentType, body };
  return { contentType, body, gzip: await compress(body) };
}

function contentTypeOf(name: string): string {
  if (name.endsWith('.js')) return 'text/javascript; charset=utf-8';
  if (name.endsWith('.css')) return 'text/css; charset=utf-8';
  return 'application/json; charset=utf-8';
}
