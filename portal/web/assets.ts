import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

export interface Asset {
  readonly contentType: string;
  readonly body: Buffer;
  /** The same by content coding, for what compresses. */
  readonly encoded: Readonly<Partial<Record<'br' | 'gzip', Buffer>>>;
}

/** The site's files, each under a name that holds the digest of its content, so that browsers keep it for ever. */
export interface Assets {
  readonly byPath: ReadonlyMap<string, Asset>;
  readonly style: string;
  readonly script: string;
  readonly font: string;
}

const FONT = [
  '@fontsource-variable/atkinson-hyperlegible-next',
  'files/atkinson-hyperlegible-next-latin-wght-normal.woff2',
] as const;
const DESIGN = join(import.meta.dirname, '../design');
const BROWSER = join(import.meta.dirname, '../browser');

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/** Reads one stylesheet out of all of `design/*.css`, in the order of their names, the scripts of `browser/`, and the font. */
export async function loadAssets(): Promise<Assets> {
  const [fontPackage, fontFile] = FONT;
  const require = createRequire(import.meta.url);
  const font = await readFile(join(dirname(require.resolve(`${fontPackage}/package.json`)), fontFile));
  const fontPath = pathOf('letters', 'woff2', font);
  const style = Buffer.from((await readAll(DESIGN, '.css')).replaceAll('FONT_ADDRESS', fontPath));
  const script = Buffer.from(await readAll(BROWSER, '.js'));
  const stylePath = pathOf('style', 'css', style);
  const scriptPath = pathOf('script', 'js', script);
  const byPath = new Map([
    [fontPath, { contentType: 'font/woff2', body: font, encoded: {} }],
    [stylePath, await compressed('text/css; charset=utf-8', style)],
    [scriptPath, await compressed('text/javascript; charset=utf-8', script)],
  ]);
  return { byPath, style: stylePath, script: scriptPath, font: fontPath };
}

/** The best of what the client takes. */
export function encodeFor(asset: Asset, acceptEncoding: string): { readonly body: Buffer; readonly coding?: string } {
  for (const coding of ['br', 'gzip'] as const) {
    const body = asset.encoded[coding];
    if (body !== undefined && new RegExp(`\\b${coding}\\b`).test(acceptEncoding)) return { body, coding };
  }
  return { body: asset.body };
}

/** A page's markup, compressed while somebody waits: gzip at its fastest, which is most of the gain. */
export async function compressPage(body: string): Promise<Buffer> {
  return compressGzip(body, { level: 5 });
}

async function readAll(folder: string, extension: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(extension)).sort();
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

async function compressed(contentType: string, body: Buffer): Promise<Asset> {
  return { contentType, body, encoded: { br: await compressBrotli(body), gzip: await compressGzip(body) } };
}

function pathOf(name: string, extension: string, body: Buffer): string {
  return `/assets/${name}-${createHash('sha256').update(body).digest('hex').slice(0, 12)}.${extension}`;
}
