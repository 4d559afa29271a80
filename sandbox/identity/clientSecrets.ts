import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeKeyFolder } from './keys.ts';

/** Secret by client id. */
export type ClientSecrets = Readonly<Record<string, string>>;

/** 43 characters; FranceConnect asks for 32 at least. */
const SECRET_BYTES = 32;

/** Where the secrets stand below the identity provider's data folder, for the scripts that play a service. */
export const CLIENT_SECRETS_FILE = join('keys', 'clients.json');

/** The secrets in `dataDir/keys/clients.json`: one for each client, made when first asked for, readable by their owner alone. */
export async function loadClientSecrets(dataDir: string, clientIds: readonly string[]): Promise<ClientSecrets> {
  await makeKeyFolder(dataDir);
  const file = join(dataDir, CLIENT_SECRETS_FILE);
  const kept = await readSecrets(file);
  const missing = clientIds.filter((clientId) => !Object.hasOwn(kept, clientId));
  if (missing.length === 0) return kept;
  const made = missing.map((clientId) => [clientId, randomBytes(SECRET_BYTES).toString('base64url')]);
  const all: ClientSecrets = { ...kept, ...Object.fromEntries(made) };
  // Whoever reads meanwhile finds the old file or the new one, never half of it.
  await writeFile(`${file}.new`, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return all;
}

async function readSecrets(file: string): Promise<ClientSecrets> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ClientSecrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return {};
  }
}
