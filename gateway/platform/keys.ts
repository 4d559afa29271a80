import {
  type JsonWebKey,
  type KeyObject,
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto';
import { join } from 'node:path';
import { changeSecret, readOrCreateSecret } from './secretFile.ts';

/** The public half of an agency's or the hub's exchange key, as published in a JWKS (RFC 7517). */
export interface ExchangePublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid?: string;
  readonly use?: string;
}

/** A key of references; older ones open what was made under them until `opensUntil`. */
export interface ReferenceKey {
  /** 1 to 255: the first byte of every reference made under it. */
  readonly version: number;
  /** 64 bytes: AES-256-SIV takes two AES-256 keys. */
  readonly secret: Buffer;
  /** ISO 8601 instant in UTC; absent for the key in use. */
  readonly opensUntil?: string;
}

/** The hub's half of the key agreement with each agency, P-256. */
export interface ExchangeKey {
  readonly privateKey: KeyObject;
  readonly publicJwk: ExchangePublicJwk;
  /** Grants issued from then on are sealed with it, seconds since the epoch; published before, so that agencies know it by then. */
  readonly usedFromSeconds: number;
}

export interface HubKeys {
  /** Oldest first; one is in use, another may be about to be or live out. */
  readonly exchangeKeys: readonly ExchangeKey[];
  /** Newest last; the last one makes references. */
  readonly referenceKeys: readonly ReferenceKey[];
  /** 32 bytes: HMAC key from which persons' keys are derived. Never changes: whoever changes it forgets everybody. */
  readonly subjectSecret: Buffer;
  /** What the hub publishes at /.well-known/jwks.json. */
  readonly publicJwks: { readonly keys: readonly ExchangePublicJwk[] };
}

/**
 * Reads the hub's keys from `dataDir`/keys, or makes those that are missing: `exchange.jwks.json`, `references.json`, `subjects.jwk.json`, readable by their
 * owner alone. Two processes that start at once end with the same keys. Throws a TypeError for a file that others may read or that is damaged: a key that
 * cannot be read is never replaced by a new one.
 */
export function openKeys(options: { readonly dataDir: string }): HubKeys {
  const folder = join(options.dataDir, 'keys');
  const exchangeKeys = readOrCreateSecret(join(folder, EXCHANGE_FILE), createExchangeKeys, parseExchangeKeys);
  const referenceKeys = readOrCreateSecret(join(folder, 'references.json'), createReferenceKeys, parseReferenceKeys);
  const subjectSecret = readOrCreateSecret(join(folder, 'subjects.jwk.json'), createSubjectKey, parseSubjectKey);
  const publicJwks = { keys: exchangeKeys.map(({ publicJwk }) => publicJwk).reverse() };
  return { exchangeKeys, referenceKeys, subjectSecret, publicJwks };
}

const EXCHANGE_FILE = 'exchange.jwks.json';

/**
 * Adds an exchange key with which grants are sealed from `usedFromMs` on by every node started since; it is published by then, and the one before it
 * until the next rotation. Returns its `kid`. Throws a TypeError while the last one added is not in use yet.
 */
export function rotateExchangeKey(options: {
  readonly dataDir: string;
  readonly nowMs: number;
  readonly usedFromMs: number;
}): string {
  const path = join(options.dataDir, 'keys', EXCHANGE_FILE);
  readOrCreateSecret(path, createExchangeKeys, parseExchangeKeys);
  const added = { ...generateExchangeJwk(), usedFrom: new Date(options.usedFromMs).toISOString() };
  changeSecret(path, (written) => {
    const { usedFromSeconds } = parseExchangeKeys(written).at(-1)!;
    if (usedFromSeconds * 1000 > options.nowMs)
      throw new TypeError('exchange keys: the last one added is not in use yet');
    const { keys } = written as { readonly keys: readonly WrittenExchangeKey[] };
    return { keys: [keys.at(-1), added] };
  });
  return parseExchangeKey(added).publicJwk.kid!;
}

/**
 * Adds a key under which references are made from the next start of each node on; those made before open until `opensUntilMs`, then never again.
 * Returns the new version. Throws a TypeError when all 255 versions are used.
 */
export function rotateReferenceKey(options: { readonly dataDir: string; readonly opensUntilMs: number }): number {
  const path = join(options.dataDir, 'keys', 'references.json');
  readOrCreateSecret(path, createReferenceKeys, parseReferenceKeys);
  let version = 0;
  changeSecret(path, (written) => {
    version = parseReferenceKeys(written).at(-1)!.version + 1;
    if (version > 255) throw new TypeError('reference keys: all 255 versions are used');
    const opensUntil = new Date(options.opensUntilMs).toISOString();
    const { keys } = written as { readonly keys: readonly WrittenReferenceKey[] };
    const before = keys.map((key) => ({ ...key, opensUntil: key.opensUntil ?? opensUntil }));
    return { keys: [...before, { version, k: randomBytes(64).toString('base64url') }] };
  });
  return version;
}

/** JWK thumbprint (RFC 7638): SHA-256 of the required members in order, base64url. */
export function thumbprintOf(jwk: ExchangePublicJwk): string {
  const canonical = JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y });
  return createHash('sha256').update(canonical).digest('base64url');
}

/** A private JWK; `usedFrom` is an ISO 8601 instant in UTC, absent for the first. */
type WrittenExchangeKey = JsonWebKey & { readonly usedFrom?: string };

function createExchangeKeys(): { readonly keys: readonly WrittenExchangeKey[] } {
  return { keys: [generateExchangeJwk()] };
}

function generateExchangeJwk(): JsonWebKey {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
}

function parseExchangeKeys(written: unknown): readonly ExchangeKey[] {
  const { keys } = written as { readonly keys: readonly WrittenExchangeKey[] };
  const parsed = keys.map(parseExchangeKey).sort((a, b) => a.usedFromSeconds - b.usedFromSeconds);
  if (parsed.length === 0) throw new TypeError('expected at least one exchange key');
  return parsed;
}

function parseExchangeKey(jwk: WrittenExchangeKey): ExchangeKey {
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-256') throw new TypeError('expected a private EC key on P-256');
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const publicPart = { kty: 'EC', crv: 'P-256', x: jwk.x!, y: jwk.y! } as const;
  const usedFromSeconds = jwk.usedFrom === undefined ? 0 : Date.parse(jwk.usedFrom) / 1000;
  if (Number.isNaN(usedFromSeconds)) throw new TypeError('expected an instant in usedFrom');
  return { privateKey, publicJwk: { ...publicPart, kid: thumbprintOf(publicPart), use: 'enc' }, usedFromSeconds };
}

interface WrittenReferenceKey {
  readonly version: number;
  readonly k: string;
  readonly opensUntil?: string;
}

function createReferenceKeys(): { readonly keys: readonly WrittenReferenceKey[] } {
  return { keys: [{ version: 1, k: randomBytes(64).toString('base64url') }] };
}

function parseReferenceKeys(written: unknown): readonly ReferenceKey[] {
  const { keys } = written as { readonly keys: readonly WrittenReferenceKey[] };
  const parsed = keys
    .map(({ version, k, opensUntil }) => ({
      version,
      secret: Buffer.from(k, 'base64url'),
      ...(opensUntil && { opensUntil }),
    }))
    .sort((a, b) => a.version - b.version);
  for (const { version, secret } of parsed) {
    if (!Number.isInteger(version) || version < 1 || version > 255)
      throw new TypeError(`expected versions 1 to 255, got ${version}`);
    if (secret.length !== 64) throw new TypeError(`expected 64 bytes in version ${version}, got ${secret.length}`);
  }
  if (parsed.length === 0) throw new TypeError('expected at least one reference key');
  if (new Set(parsed.map((key) => key.version)).size < parsed.length) throw new TypeError('holds one version twice');
  if (parsed.at(-1)!.opensUntil !== undefined) throw new TypeError('the newest key must have no opensUntil');
  return parsed;
}

function createSubjectKey(): JsonWebKey {
  return { kty: 'oct', k: randomBytes(32).toString('base64url') };
}

function parseSubjectKey(written: unknown): Buffer {
  const secret = Buffer.from((written as JsonWebKey).k ?? '', 'base64url');
  if (secret.length !== 32) throw new TypeError(`expected 32 bytes, got ${secret.length}`);
  return secret;
}
