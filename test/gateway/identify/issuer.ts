import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTHeaderParameters } from 'jose';

export const AUDIENCE = 'https://hub.test';

export interface TestIssuer {
  readonly iss: string;
  readonly jwksUri: string;
  /** Fetches of the key set so far. */
  readonly fetches: () => number;
  /** What the key set answers from now on; undefined = status 500. */
  publish(keys: readonly JWK[] | undefined): void;
  readonly keys: readonly TestKey[];
  addKey(algorithm: string, kid: string): Promise<TestKey>;
  close(): Promise<void>;
}

export interface TestKey {
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly kid: string;
}

/** An issuer with a real key set on a real port. */
export async function openIssuer(iss: string, algorithm = 'ES256'): Promise<TestIssuer> {
  let published: readonly JWK[] | undefined = [];
  let fetches = 0;
  const server: Server = createServer((_request, response) => {
    fetches += 1;
    response.writeHead(published === undefined ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: published ?? [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const keys: TestKey[] = [];

  const issuer: TestIssuer = {
    iss,
    jwksUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    fetches: () => fetches,
    publish: (next) => (published = next),
    keys,
    async addKey(name, kid) {
      const pair = await generateKeyPair(name, { extractable: true });
      const publicJwk = { ...(await exportJWK(pair.publicKey)), kid, alg: name, use: 'sig' };
      const key = { algorithm: name, privateKey: pair.privateKey, publicJwk, kid };
      keys.push(key);
      published = keys.map((entry) => entry.publicJwk);
      return key;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  await issuer.addKey(algorithm, `${iss}#1`);
  return issuer;
}

/** Claims of a good token of an invented citizen, at `nowMs`. */
export function goodClaims(iss: string, nowMs: number): Record<string, unknown> {
  const now = Math.floor(nowMs / 1000);
  return {
    iss,
    aud: AUDIENCE,
    sub: 'pairwise-subject',
    client_id: 'canteen-app',
    iat: now,
    exp: now + 60,
    purpose: 'canteen-pricing',
    scope: 'openid identite_pivot cnaf_quotient_familial unknown_scope',
    acr: 'eidas1',
    family_name: 'MARTINEAU',
    given_name: 'Zoé Anne',
    given_name_array: ['Zoé', 'Anne'],
    birthdate: '1985-02-03',
    gender: 'female',
    birthplace: '75107',
    birthcountry: '99100',
  };
}

export function signToken(
  key: TestKey,
  claims: Record<string, unknown>,
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ: 'at+jwt', ...header })
    .sign(key.privateKey);
}

export function unsigned(header: object, claims: object, signature = ''): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}
