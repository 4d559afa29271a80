import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import type { Grant } from '../../schema/grant.ts';

/** An EC P-256 key, RFC 7517 and 7518; `d` in private ones only. */
export interface EcJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly d?: string;
}

export function isEcJwk(value: unknown): value is EcJwk {
  const { kty, crv, x, y } = (value ?? {}) as Partial<EcJwk>;
  return kty === 'EC' && crv === 'P-256' && typeof x === 'string' && typeof y === 'string';
}

/** RFC 7638: SHA-256 of the required members in order, base64url. */
export function thumbprint({ crv, kty, x, y }: EcJwk): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

/** Its first 16 characters, as `kid` of a grant names keys. */
export function shortThumbprint(key: EcJwk): string {
  return thumbprint(key).slice(0, 16);
}

/**
 * The day's content key (schema/grant.ts): static-static ECDH of our private and their public key, HKDF-SHA256 with the UTC day as
 * salt and `infoPrefix` + agency id as info. 32 bytes for A256GCM.
 */
export function deriveDayKey(ours: EcJwk, theirs: EcJwk, day: string, info: string): KeyObject {
  const { d: _private, ...theirPublic } = theirs;
  const secret = diffieHellman({
    privateKey: createPrivateKey({ key: { ...ours }, format: 'jwk' }),
    publicKey: createPublicKey({ key: { ...theirPublic }, format: 'jwk' }),
  });
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, day, info, 32)));
}

/** `<hub key>.<agency key>.<day>`; undefined when it is not of that form. */
export function parseKid(
  kid: unknown,
): { readonly hub: string; readonly agency: string; readonly day: string } | undefined {
  const match = /^([\w-]{16})\.([\w-]{16})\.(\d{4}-\d{2}-\d{2})$/.exec(typeof kid === 'string' ? kid : '');
  return match ? { hub: match[1]!, agency: match[2]!, day: match[3]! } : undefined;
}

/**
 * Whether a key of `day` may be in use: on that UTC day, and around midnight for as long as a grant sealed just before it lives
 * (`overlapSeconds` after its end) or the hub's clock may run ahead (`toleranceSeconds` before its beginning).
 */
export function isDayInUse(
  day: string,
  nowMs: number,
  window: { overlapSeconds: number; toleranceSeconds: number },
): boolean {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  const sinceStartMs = nowMs - startMs;
  return sinceStartMs >= -window.toleranceSeconds * 1000 && sinceStartMs < 86_400_000 + window.overlapSeconds * 1000;
}

/** base64url SHA-256 of the head's exact bytes, as Grant.digest states it. */
export function digestOf(head: string): Grant['digest'] {
  return createHash('sha256').update(head, 'utf8').digest('base64url');
}
