import { type JsonWebKey, createPublicKey, verify } from 'node:crypto';
import { join } from 'node:path';
import { type ExchangePublicJwk, thumbprintOf } from './keys.ts';
import { type SigningKeys, openSigningKeys } from './signingKeyFile.ts';

/** Told apart from every other JWS of the hub: a token is no receipt, nor the reverse. */
const TYPE = 'consent-receipt+jws';

/** Keys that sign receipts and nothing else. Reads `dataDir`/keys/receipts.json, or makes it with one key. Throws a TypeError for a damaged file. */
export function openReceiptKeys({ dataDir }: { readonly dataDir: string }): SigningKeys {
  return openSigningKeys(join(dataDir, 'keys', 'receipts.json'), TYPE);
}

/**
 * The content of a receipt that one of these keys signed; undefined when none did, or when it is no receipt. Needs nothing but the two
 * texts: no network, no database.
 */
export function verifyReceipt(receipt: string, jwks: readonly ExchangePublicJwk[]): unknown {
  const [header, payload, signature, ...rest] = receipt.trim().split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return undefined;
  const { alg, typ, kid, crit } = (parse(header) ?? {}) as Record<string, unknown>;
  if (alg !== 'ES256' || typ !== TYPE || crit !== undefined) return undefined;
  const jwk = jwks.find(
    (candidate) => candidate.kty === 'EC' && candidate.use === 'sig' && thumbprintOf(candidate) === kid,
  );
  if (jwk === undefined) return undefined;
  const key = createPublicKey({ key: jwk as unknown as JsonWebKey, format: 'jwk' });
  const isSigned = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  return isSigned ? parse(payload) : undefined;
}

function parse(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}
