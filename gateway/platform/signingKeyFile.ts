import { type JsonWebKey, type KeyObject, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { type ExchangePublicJwk, thumbprintOf } from './keys.ts';
import { readOrCreateSecret } from './secretFile.ts';

/** Keys that sign one kind of thing and nothing else. Old ones stay published: what they signed is to be checked for as long as anybody keeps it. */
export interface SigningKeys {
  /** A compact JWS (RFC 7515, ES256) over that payload, under the newest key; `header` is added to the protected header. 24 us, 242 us through jose. */
  sign(payload: string, header?: Readonly<Record<string, unknown>>): string;
  /** For the hub's JWKS, newest last; `use` is `sig`. */
  readonly publicJwks: readonly ExchangePublicJwk[];
}

/** Reads private keys from that file, or makes it with one key. `typ` tells what they sign from every other JWS of the hub. Throws a TypeError for a damaged file. */
export function openSigningKeys(path: string, typ: string): SigningKeys {
  const keys = readOrCreateSecret(path, createKeys, parseKeys);
  const { privateKey, publicJwk } = keys.at(-1)!;
  const own = { alg: 'ES256', typ, kid: publicJwk.kid };
  return {
    sign(payload, header) {
      const input = `${encode(JSON.stringify({ ...own, ...header }))}.${encode(payload)}`;
      const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${input}.${signature.toString('base64url')}`;
    },
    publicJwks: keys.map((key) => key.publicJwk),
  };
}

interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicJwk: ExchangePublicJwk & { readonly kid: string };
}

function createKeys(): { readonly keys: readonly JsonWebKey[] } {
  return { keys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })] };
}

function parseKeys(written: unknown): readonly SigningKey[] {
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
