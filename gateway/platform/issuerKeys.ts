import { createRemoteJWKSet, errors, type CryptoKey, type FlattenedJWSInput, type JWTHeaderParameters } from 'jose';
import { HubError } from './errors.ts';

export interface IssuerKeysOptions {
  /** Where the issuer publishes its keys (RFC 7517). */
  readonly jwksUri: string;
  /** How long a fetched set is used before it is fetched again: how long a key taken out of it may still be accepted. Milliseconds. */
  readonly maxAgeMs: number;
  /** Least time between two fetches for a `kid` that is not in the set. */
  readonly cooldownMs: number;
  readonly timeoutMs: number;
}

export type FindKey = (header: JWTHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

/** After a failed fetch: least time before the next one, so that a flood of unknown tokens is no flood of fetches. */
const FAILURE_PAUSE_MS = 1000;

/**
 * Finds the key by which one issuer signed. Throws HubError HUB_TOKEN_ISSUER_UNAVAILABLE when the issuer can't be asked, jose's
 * JWKSNoMatchingKey or JWKSMultipleMatchingKeys when it knows no such key. Keys at hand are used whatever happens to a fetch.
 */
export function createIssuerKeys({ jwksUri, maxAgeMs, cooldownMs, timeoutMs }: IssuerKeysOptions): FindKey {
  const keySet = createRemoteJWKSet(new URL(jwksUri), {
    cacheMaxAge: maxAgeMs,
    cooldownDuration: cooldownMs,
    timeoutDuration: timeoutMs,
  });
  let failedAtMs = -Infinity;

  return async (header, token) => {
    // The library paces fetches by its last success alone; a failing issuer is paced here. Real time, as in the library.
    if (Date.now() - failedAtMs < FAILURE_PAUSE_MS && needsFetch(keySet, header.kid)) throw unavailable();
    try {
      return await keySet(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      failedAtMs = Date.now();
      throw unavailable(error);
    }
  };
}

function needsFetch(keySet: ReturnType<typeof createRemoteJWKSet>, kid: string | undefined): boolean {
  return !keySet.fresh || !keySet.jwks()?.keys.some((key) => key.kid === kid);
}

function unavailable(cause?: unknown): HubError {
  return new HubError('HUB_TOKEN_ISSUER_UNAVAILABLE', { detail: 'JWKS', cause });
}
