import { type JsonWebKey, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { join } from 'node:path';
import { type ExchangePublicJwk, thumbprintOf } from './keys.ts';
import { readOrCreateSecret } from './secretFile.ts';

/** Keys that sign receipts and nothing else. Old ones stay published: a receipt is to be checked for as long as anybody keeps it. */
export interface ReceiptKeys {
  /** A compact JWS (RFC 7515, ES256) over that JSON text, under the newest key. 24 us through node:crypto, 242 us through jose. */
  sign(payload: string): string;
  /** For the hub's JWKS, newest last; `use` is `sig`. */
  readonly publicJwks: readonly ExchangePublicJwk[];
}

/** Told apart from every other JWS of the hub: a token is no receipt, nor the reverse. */
const TYPE = 'consent-receipt+jws';

/** Reads `dataDir`/keys/receipts.json, or makes it with one key. Throws a TypeError for a damaged file. */
export function openReceiptKeys({ dataDir }: { readonly dataDir: string }): ReceiptKeys {
  const keys = readOrCreateSecret(join(dataDir, 'keys', 'receipts.json'), createKeys, parseKeys);
  const { privateKey, publicJwk } = keys.at(-1)!;
  const header = encode(JSON.stringify({ alg: 'ES256', typ: TYPE, kid: publicJwk.kid }));
  return {
    sign(payload) {
      const input = `${header}.${encode(payload)}`;
      const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${input}.${signature.toString('base64url')}`;
    },
    publicJwks: keys.map((key) => key.publicJwk),
  };
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

function createKeys(): { readonly keys: readonly JsonWebKey[] } {
  return { keys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })] };
}

function parseKeys(written: unknown) {
  const { keys } = written as { readonly keys: readonly JsonWebKey[] };
  if (keys.length === 0) throw new TypeError('expected at least one key');
  return keys.map((jwk) => {
    if (jwk.kty !== 'EC' || jwk.crv !== 'P-256' || jwk.d === undefined) {
      throw new TypeError('expected private EC keys on P-256');
    }
    const publicPart = { kty: 'EC', crv: 'P-256', x: jwk.x!, y: jwk.y! } as const;
    return {
      privateKey: createPrivateKey({ key: jwk, format: 'jwk' }),
      publicJwk: { ...publicPart, kid: thumbprintOf(publicPart), use: 'sig' },
    };
  });
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function parse(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}
