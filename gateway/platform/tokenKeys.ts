import { createSecretKey, type KeyObject } from 'node:crypto';
import { statSync } from 'node:fs';
import { CompactEncrypt, compactVerify, importJWK, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { readTokenKeys, tokenKeyFile, type TokenKeyRecord } from './tokenKeyFile.ts';
import { decryptSealed, kidOf, splitSealed } from './unseal.ts';

/** Keys behind the hub's own tokens, in memory; a rotation (`npm run rotate-keys -- signing`) is taken up within 5 s. */
export interface TokenKeys {
  /** A JWT access token (RFC 9068, ES256) under the key that signs now. */
  sign(claims: JWTPayload): Promise<string>;
  /** The claims of a token that the hub has signed, whatever its times; undefined for any other text. Enough to revoke it, never to accept it. */
  readSigned(token: string): Promise<JWTPayload | undefined>;
  /** The public key of that name, while it verifies. */
  find(kid: string): CryptoKey | undefined;
  /** A compact JWE (`dir`, A256GCM) that the hub alone opens. */
  sealIdentity(pivot: PivotIdentity): Promise<string>;
  /** Rejects when it was not sealed by a key of the hub's that still opens. */
  openIdentity(sealed: string): Promise<PivotIdentity>;
  /** Public keys that verify now or soon, as published (RFC 7517). */
  publicJwks(): readonly JWK[];
  /** Reads the file again if it has changed. */
  refresh(): Promise<void>;
  close(): void;
}

export const TOKEN_ALGORITHM = 'ES256';
const REFRESH_MS = 5000;

interface Generation {
  readonly kid: string;
  readonly usedFromMs: number;
  readonly endsAtMs: number;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly sealing: Uint8Array;
  readonly sealingKey: KeyObject;
}

export async function openTokenKeys(options: {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Pick<Log, 'error'>;
}): Promise<TokenKeys> {
  const { dataDir, clock } = options;
  let generations = await readGenerations(dataDir);
  let readAt = changedAt(dataDir);

  async function refresh(): Promise<void> {
    const changed = changedAt(dataDir);
    if (changed === readAt) return;
    generations = await readGenerations(dataDir);
    readAt = changed;
  }

  const timer = setInterval(() => {
    // Keys at hand stay good whatever has become of the file.
    refresh().catch((err: unknown) => options.log.error({ err }, "the hub's token keys could not be read again"));
  }, REFRESH_MS).unref();

  const living = (): readonly Generation[] => generations.filter(({ endsAtMs }) => endsAtMs > clock());
  const current = (): Generation => {
    const nowMs = clock();
    return living().findLast(({ usedFromMs }) => usedFromMs <= nowMs) ?? living()[0]!;
  };

  return {
    sign(claims) {
      const { kid, privateKey } = current();
      return new SignJWT(claims).setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: 'at+jwt', kid }).sign(privateKey);
    },
    async readSigned(token) {
      try {
        const { payload } = await compactVerify(token, ({ kid }) => requireKey(living(), kid), {
          algorithms: [TOKEN_ALGORITHM],
        });
        return JSON.parse(new TextDecoder().decode(payload)) as JWTPayload;
      } catch {
        return undefined;
      }
    },
    find: (kid) => living().find((generation) => generation.kid === kid)?.publicKey,
    sealIdentity(pivot) {
      const { kid, sealing } = current();
      return new CompactEncrypt(Buffer.from(JSON.stringify(pivot)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
        .encrypt(sealing);
    },
    openIdentity(text) {
      const sealed = splitSealed(text);
      const kid = sealed && kidOf(sealed);
      const generation = kid === undefined ? undefined : living().find((candidate) => candidate.kid === kid);
      const plain = sealed && generation && decryptSealed(generation.sealingKey, sealed);
      if (plain === undefined) return Promise.reject(new TypeError('sealed under no key of the hub'));
      return Promise.resolve(JSON.parse(plain.toString('utf8')) as PivotIdentity);
    },
    publicJwks: () => living().map(({ publicJwk }) => publicJwk),
    refresh,
    close: () => clearInterval(timer),
  };
}

function requireKey(generations: readonly Generation[], kid: string | undefined): CryptoKey {
  const generation = generations.find((candidate) => candidate.kid === kid);
  if (generation === undefined) throw new TypeError('signed by no key of the hub');
  return generation.publicKey;
}

/** A replaced file has another inode even when it was written in the same millisecond. */
function changedAt(dataDir: string): string {
  const { mtimeMs, ino } = statSync(tokenKeyFile(dataDir), { throwIfNoEntry: false }) ?? { mtimeMs: 0, ino: 0 };
  return `${mtimeMs} ${ino}`;
}

async function readGenerations(dataDir: string): Promise<readonly Generation[]> {
  return Promise.all(readTokenKeys(dataDir).map(toGeneration));
}

async function toGeneration({ kid, signing, sealing, usedFrom, endsAt }: TokenKeyRecord): Promise<Generation> {
  const { kty, crv, x, y } = signing;
  const publicJwk = { kty, crv, x, y, kid, alg: TOKEN_ALGORITHM, use: 'sig' } as JWK;
  return {
    kid,
    usedFromMs: Date.parse(usedFrom),
    endsAtMs: endsAt === undefined ? Infinity : Date.parse(endsAt),
    privateKey: (await importJWK(signing as JWK, TOKEN_ALGORITHM)) as CryptoKey,
    publicKey: (await importJWK(publicJwk, TOKEN_ALGORITHM)) as CryptoKey,
    publicJwk,
    sealing: Buffer.from(sealing, 'base64url'),
    sealingKey: createSecretKey(sealing, 'base64url'),
  };
}
