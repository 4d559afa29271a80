import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { calculateJwkThumbprint, importJWK, type CryptoKey, type JWK } from 'jose';
import { readOrCreateSecret, readSecret } from '../secretFile.ts';
import type { FranceConnectConfig } from './franceConnectSetting.ts';

/** The hub's key to which FranceConnect encrypts its answers. */
export interface EncryptionKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** As FranceConnect fetches it from the hub's `jwks_uri`. */
  readonly publicJwk: JWK;
}

const RSA_BITS = 2048;

/**
 * The key of the settings, of the file they name, or else the one in `dataDir`/keys/franceconnect.jwk.json, made at first start. Throws a TypeError for a
 * key that does not fit the algorithm.
 */
export async function openEncryptionKey(
  config: Pick<FranceConnectConfig, 'encryptedResponseAlg' | 'encryptionKey' | 'encryptionKeyFile'>,
  dataDir: string,
): Promise<EncryptionKey> {
  const alg = config.encryptedResponseAlg;
  const jwk = config.encryptionKey ?? readKey(config.encryptionKeyFile, dataDir, alg);
  const expected = alg === 'ECDH-ES' ? 'EC' : 'RSA';
  if (jwk.kty !== expected || jwk.d === undefined) {
    throw new TypeError(
      `FranceConnect's encryption key: expected a private ${expected} key for ${alg}, got ${jwk.kty}`,
    );
  }
  const { kty, crv, x, y, n, e } = jwk;
  const bare = Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e }).filter(([, member]) => member !== undefined),
  );
  const kid = jwk.kid ?? (await calculateJwkThumbprint(bare as JWK));
  return {
    kid,
    privateKey: (await importJWK(jwk, alg)) as CryptoKey,
    publicJwk: { ...(bare as JWK), kid, alg, use: 'enc' },
  };
}

function readKey(file: string | undefined, dataDir: string, alg: FranceConnectConfig['encryptedResponseAlg']): JWK {
  const parse = (written: unknown) => written as JWK;
  if (file !== undefined) return readSecret(file, parse);
  return readOrCreateSecret(join(dataDir, 'keys', 'franceconnect.jwk.json'), () => createKey(alg), parse);
}

function createKey(alg: FranceConnectConfig['encryptedResponseAlg']): JWK {
  const { privateKey } =
    alg === 'ECDH-ES'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  return privateKey.export({ format: 'jwk' }) as JWK;
}
