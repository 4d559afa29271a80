import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isEcJwk, shortThumbprint, type EcJwk } from './grantKeys.ts';

/** The agency's own keys for grants; the first is the one to use, others live out. */
export interface AgencyKeys {
  find(thumbprint: string): EcJwk | undefined;
  /** For `/.well-known/jwks.json`. */
  readonly publicJwks: { readonly keys: readonly (EcJwk & { readonly kid: string; readonly use: 'enc' })[] };
}

export function createAgencyKeys(privateKeys: readonly EcJwk[]): AgencyKeys {
  const byThumbprint = new Map(privateKeys.map((key) => [shortThumbprint(key), key]));
  return {
    find: (thumbprint) => byThumbprint.get(thumbprint),
    publicJwks: {
      keys: privateKeys.map(({ kty, crv, x, y }) => {
        const key = { kty, crv, x, y };
        return { ...key, kid: shortThumbprint(key), use: 'enc' };
      }),
    },
  };
}

/**
 * Reads the private JWKS in `file`; writes a new one (mode 0600) at the first start. Throws a TypeError when the file is no such set. Keys rotated
 * since are taken up the next time the public ones are asked for, or one is named that is not known: another process of the agency may have
 * published it.
 */
export async function loadAgencyKeys(file: string): Promise<AgencyKeys> {
  const written = await readIfThere(file);
  if (written === undefined) await writeKeys(file, [generateAgencyKey()]);
  let changed = changedAt(file);
  let keys = createAgencyKeys(requireKeys(file, written ?? (await readFile(file, 'utf8'))));
  const upToDate = (): AgencyKeys => {
    const now = changedAt(file);
    // A file that is gone or damaged for the moment takes nothing away.
    const parsed = now === changed || now === GONE ? undefined : parseKeys(readFileSync(file, 'utf8'));
    if (parsed !== undefined) keys = createAgencyKeys(parsed);
    changed = now;
    return keys;
  };
  return {
    find: (thumbprint) => keys.find(thumbprint) ?? upToDate().find(thumbprint),
    get publicJwks() {
      return upToDate().publicJwks;
    },
  };
}

/**
 * Puts a new key before the one in use, which lives out until the next rotation: the hub reads the keys every minute, and grants sealed to the old
 * one are on their way for 30 seconds. Throws a TypeError when the file is no such set. Returns the thumbprint of the new key.
 */
export async function rotateAgencyKey(file: string): Promise<string> {
  const [current] = requireKeys(file, await readFile(file, 'utf8'));
  const next = generateAgencyKey();
  const draft = await writeDraft(file, [next, current!]);
  await rename(draft, file);
  return shortThumbprint(next);
}

const GONE = 'gone';

function changedAt(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? GONE : `${stats.mtimeMs} ${stats.ino}`;
}

function requireKeys(file: string, text: string): readonly EcJwk[] {
  const keys = parseKeys(text);
  // The content is not quoted: it is secret.
  if (!keys) throw new TypeError(`${file}: must be {"keys": [...]} of private EC P-256 JWKs; restore it from a backup`);
  return keys;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

export function generateAgencyKey(): EcJwk {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as unknown as EcJwk;
}

function parseKeys(text: string): readonly EcJwk[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    const valid =
      Array.isArray(keys) && keys.length > 0 && keys.every((key) => isEcJwk(key) && typeof key.d === 'string');
    return valid ? (keys as EcJwk[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all, and the one of two processes that comes second leaves the first one's file: both must end with the same keys. */
async function writeKeys(file: string, keys: readonly EcJwk[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = await writeDraft(file, keys);
  await link(draft, file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
  });
  await rm(draft);
}

async function writeDraft(file: string, keys: readonly EcJwk[]): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify({ keys }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}
