import { CompactEncrypt, importJWK, SignJWT, type JWK } from 'jose';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { DataProviderRegistration } from './dataProviders.ts';

/** What the provider knows of an access token that is alive. Times: seconds since the epoch. */
export interface LiveToken {
  readonly jti: string;
  /** The service to which it was given. */
  readonly clientId: string;
  /** Separated by spaces, `openid` among them. */
  readonly scope: string;
  readonly acr: string;
  readonly iat: number;
  readonly exp: number;
}

/** `token_introspection` for one data provider: FranceConnect's claims in FranceConnect's order, the provider's own `sub`, and no scope of others. */
export function activeClaims(
  token: LiveToken,
  identity: PivotIdentity,
  sub: string,
  provider: DataProviderRegistration,
): Readonly<Record<string, unknown>> {
  const { gender, family_name, given_name, birthdate, birthplace, birthcountry } = identity;
  return {
    active: true,
    aud: token.clientId,
    sub,
    iat: token.iat,
    exp: token.exp,
    acr: token.acr,
    jti: token.jti,
    scope: token.scope
      .split(' ')
      .filter((scope) => provider.scopes.includes(scope))
      .join(' '),
    gender,
    family_name,
    given_name,
    given_name_array: identity.given_name_array ?? given_name.split(' '),
    birthdate,
    birthplace,
    birthcountry,
  };
}

export interface Envelope {
  readonly issuer: string;
  /** The data provider's client id. */
  readonly audience: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly introspection: Readonly<Record<string, unknown>>;
}

/** JWS: header `alg`, `kid` and nothing else, as FranceConnect's. */
export async function signEnvelope(envelope: Envelope, key: JWK): Promise<string> {
  const { issuer: iss, audience: aud, iat, introspection: token_introspection } = envelope;
  return new SignJWT({ aud, iat, iss, token_introspection })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid! })
    .sign(await importJWK(key, 'ES256'));
}

/** JWE around it: header `alg`, `enc`. Throws when the provider publishes no key of its algorithm. */
export async function encryptEnvelope(
  jws: string,
  { clientId, jwks, encryptedResponseAlg: alg = 'ECDH-ES' }: DataProviderRegistration,
): Promise<string> {
  const kty = alg === 'ECDH-ES' ? 'EC' : 'RSA';
  const { keys } = typeof jwks === 'string' ? await fetchKeys(jwks) : jwks;
  const key = keys.find((candidate) => candidate.kty === kty && (candidate.use ?? 'enc') === 'enc');
  if (!key) throw new Error(`data provider "${clientId}" publishes no ${kty} encryption key`);
  return new CompactEncrypt(new TextEncoder().encode(jws))
    .setProtectedHeader({ alg, enc: 'A256GCM' })
    .encrypt(await importJWK(key, alg));
}

/** A data provider's key set is beside the sandbox, on the same machine. Milliseconds. */
const KEYS_TIMEOUT_MS = 2000;

async function fetchKeys(address: string): Promise<{ readonly keys: readonly JWK[] }> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(KEYS_TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return (await answer.json()) as { readonly keys: readonly JWK[] };
}
