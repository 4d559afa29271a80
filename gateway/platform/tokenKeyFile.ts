import { generateKeyPairSync, randomBytes, type JsonWebKey } from 'node:crypto';
import { join } from 'node:path';
import { changeSecret, readOrCreateSecret } from './secretFile.ts';

/** One generation of the keys behind the hub's own tokens, as it is written. */
export interface TokenKeyRecord {
  readonly kid: string;
  /** Private EC P-256 JWK: signs tokens (ES256). */
  readonly signing: JsonWebKey;
  /** 32 bytes, base64url: seals the identity inside them (A256GCM). */
  readonly sealing: string;
  /** ISO 8601 instants in UTC: signs from then on; verifies and opens until then (absent in the newest). */
  readonly usedFrom: string;
  readonly endsAt?: string;
}

/** Every node reads the file every 5 s (tokenKeys.ts); none signs with a key that another may not know yet. */
const USED_AFTER_MS = 15_000;
/** A citizen's session lasts 30 minutes, and its sealed identity is opened to its end; then the last token has 5 minutes. */
const LIVES_OUT_MS = 40 * 60_000;

export function tokenKeyFile(dataDir: string): string {
  return join(dataDir, 'keys', 'tokens.json');
}

/** Reads the generations, oldest first, or makes the first one. Throws a TypeError for a damaged file. */
export function readTokenKeys(dataDir: string): readonly TokenKeyRecord[] {
  return readOrCreateSecret(tokenKeyFile(dataDir), () => ({ keys: [createRecord(0)] }), parseTokenKeys);
}

/** Adds a generation that signs from 15 s after `nowMs` on; the one before it lives out 40 minutes, those that have ended go. Returns the new `kid`. */
export function rotateTokenKeys(dataDir: string, nowMs: number): string {
  readTokenKeys(dataDir);
  const usedFromMs = nowMs + USED_AFTER_MS;
  const added = createRecord(usedFromMs);
  changeSecret(tokenKeyFile(dataDir), (written) => {
    const living = parseTokenKeys(written).filter(({ endsAt }) => endsAt === undefined || Date.parse(endsAt) > nowMs);
    const endsAt = new Date(usedFromMs + LIVES_OUT_MS).toISOString();
    return { keys: [...living.map((key) => ({ ...key, endsAt: key.endsAt ?? endsAt })), added] };
  });
  return added.kid;
}

function createRecord(usedFromMs: number): TokenKeyRecord {
  return {
    kid: `hub-${randomBytes(9).toString('base64url')}`,
    signing: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
    sealing: randomBytes(32).toString('base64url'),
    usedFrom: new Date(usedFromMs).toISOString(),
  };
}

function parseTokenKeys(written: unknown): readonly TokenKeyRecord[] {
  const { keys } = written as { readonly keys: readonly TokenKeyRecord[] };
  for (const { kid, signing, sealing, usedFrom } of keys) {
    if (typeof kid !== 'string' || Number.isNaN(Date.parse(usedFrom))) throw new TypeError('expected kid and usedFrom');
    if (signing.kty !== 'EC' || signing.crv !== 'P-256' || signing.d === undefined) {
      throw new TypeError('expected private EC keys on P-256');
    }
    if (Buffer.from(sealing, 'base64url').length !== 32) throw new TypeError('expected sealing keys of 32 bytes');
  }
  if (keys.at(-1)?.endsAt !== undefined) throw new TypeError('the newest key must have no endsAt');
  if (keys.length === 0) throw new TypeError('expected at least one key');
  return keys;
}
