import type { KeyObject } from 'node:crypto';
import { compactDecrypt, CompactEncrypt, decodeProtectedHeader, errors } from 'jose';

/*
 * What hub and agency send each other sealed: a compact JWE (RFC 7516; `alg: dir`, `enc: A256GCM`) under a key that both derive for the day.
 */

/** The header holds `alg`, `enc` and `kid` and nothing else: no `zip`, no `crit`, no key material of the sender's own. */
export function kidOf(sealed: string): string | undefined {
  try {
    const { alg, enc, kid, ...others } = decodeProtectedHeader(sealed);
    const plain = alg === 'dir' && enc === 'A256GCM' && Object.keys(others).length === 0;
    return plain && typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}

/** What is inside, decrypted; undefined when it was not sealed under this key. */
export async function openSealed(sealed: string, key: KeyObject): Promise<Uint8Array | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      maxDecompressedLength: 0,
    });
    return plaintext;
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError) return undefined;
    throw thrown;
  }
}

/** The claims as JSON, sealed under the day key that `kid` names. */
export function sealUnder(key: KeyObject, kid: string, claims: object): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
    .encrypt(key);
}
