import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** Everything secret that the identity provider holds. */
export interface IdentityKeys {
  /** Private EC P-256 key for ES256: ID tokens, UserInfo, introspection answers, agents' access tokens. */
  readonly signing: JWK;
  /** Makes pairwise subjects unlinkable from outside. */
  readonly pairwiseSecret: string;
  readonly cookieSecret: string;
}

/** Reads the keys in `dataDir/keys`, made at the first start and readable by their owner alone. */
export async function loadIdentityKeys(dataDir: string): Promise<IdentityKeys> {
  const folder = await makeKeyFolder(dataDir);
  const [signing, pairwiseSecret, cookieSecret] = await Promise.all([
    loadOrCreate(join(folder, 'sandbox-signing.jwk'), createSigningKey),
    loadOrCreate(join(folder, 'sandbox-pairwise.secret'), createSecret),
    loadOrCreate(join(folder, 'sandbox-cookies.secret'), createSecret),
  ]);
  return { signing: JSON.parse(signing) as JWK, pairwiseSecret, cookieSecret };
}

/** `dataDir/keys`, for its owner alone. */
export async function makeKeyFolder(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'keys');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

async function loadOrCreate(file: string, create: () => string | Promise<string>): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const content = await create();
  await writeFile(file, content, { mode: 0o600, flag: 'wx' });
  return content;
}

async function createSigningKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = `sandbox-${randomBytes(6).toString('hex')}`;
  return JSON.stringify({ ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' });
}

function createSecret(): string {
  return randomBytes(32).toString('base64url');
}
