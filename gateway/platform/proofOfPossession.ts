import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from 'jose';
import type { Clock } from './clock.ts';

/** What a proof must be for: one HTTP request and, at the gateway, one access token. */
export interface ProofTarget {
  readonly method: string;
  /** The address as clients know it, without query and fragment. */
  readonly url: string;
  /** At the gateway; a proof at the token endpoint is for no token yet. */
  readonly accessToken?: string;
}

/**
 * Verifies a DPoP proof (RFC 9449, 4.3): resolves to the thumbprint of the key that made it (RFC 7638), or to undefined for a proof that is not good
 * for this request now. Each `jti` is good once.
 */
export type VerifyProof = (proof: string | undefined, target: ProofTarget) => Promise<string | undefined>;

/** Asymmetric signatures alone, so that a proof shows who holds a private key. */
export const PROOF_ALGORITHMS: readonly string[] = ['ES256', 'EdDSA', 'PS256'];
/** How far `iat` may be from the hub's now, either way. */
const WINDOW_SECONDS = 30;
const MAX_PROOF_LENGTH = 4096;

export function createProofVerifier(options: {
  readonly clock: Clock;
  /** Resolves to false for a key that was used before (onceStore.ts). */
  readonly useOnce: (key: string, untilMs: number) => Promise<boolean>;
}): VerifyProof {
  const { clock, useOnce } = options;
  return async (proof, target) => {
    if (proof === undefined || proof.length > MAX_PROOF_LENGTH) return undefined;
    const nowMs = clock();
    const verified = await verify(proof, nowMs);
    if (verified === undefined || !fits(verified.payload, target, nowMs)) return undefined;
    const { jti, iat } = verified.payload;
    const key = `dpop ${verified.thumbprint} ${hash(jti as string)}`;
    const isNew = await useOnce(key, ((iat as number) + 2 * WINDOW_SECONDS) * 1000);
    return isNew ? verified.thumbprint : undefined;
  };
}

async function verify(proof: string, nowMs: number) {
  try {
    const { jwk, crit } = decodeProtectedHeader(proof);
    if (jwk === undefined || 'd' in jwk || 'k' in jwk || crit !== undefined) return undefined;
    const { payload } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: [...PROOF_ALGORITHMS],
      typ: 'dpop+jwt',
      currentDate: new Date(nowMs),
    });
    return { payload, thumbprint: await calculateJwkThumbprint(jwk) };
  } catch {
    return undefined;
  }
}

function fits(
  { htm, htu, iat, jti, ath }: Readonly<Record<string, unknown>>,
  target: ProofTarget,
  nowMs: number,
): boolean {
  if (typeof jti !== 'string' || jti === '' || typeof iat !== 'number') return false;
  if (Math.abs(nowMs / 1000 - iat) > WINDOW_SECONDS) return false;
  if (htm !== target.method || !isAddress(htu, target.url)) return false;
  return ath === (target.accessToken === undefined ? undefined : hash(target.accessToken));
}

/** Query and fragment do not count; spelling is compared after normalisation (RFC 3986, 6.2). */
function isAddress(htu: unknown, url: string): boolean {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false;
  const address = new URL(htu);
  address.search = '';
  address.hash = '';
  return address.href === new URL(url).href;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
