import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLocalJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { getService, type Directory, type Persona } from './directory.ts';
import { CLAIMS_BY_SCOPE } from './identityScopes.ts';
import type { IdentityKeys } from './keys.ts';
import { pairwiseSubject } from './pairwiseSubject.ts';
import { sendJson } from './send.ts';

export interface UserinfoParts {
  readonly issuer: string;
  readonly audience: string;
  readonly directory: Directory;
  readonly keys: IdentityKeys;
  readonly clock: () => number;
}

/**
 * `GET /userinfo` with an access token made for the hub: the claims that its scopes open. (The library answers there only for
 * tokens without an audience.) 401 `invalid_token` for any other.
 */
export function createUserinfo({ issuer, audience, directory, keys, clock }: UserinfoParts) {
  const { d: _private, ...publicKey } = keys.signing;
  const jwks = createLocalJWKSet({ keys: [publicKey] });

  async function verify(token: string): Promise<JWTPayload | undefined> {
    const expected = { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'], currentDate: new Date(clock()) };
    try {
      return (await jwtVerify(token, jwks, expected)).payload;
    } catch {
      return undefined;
    }
  }

  function findPersona({ sub, client_id }: JWTPayload): Persona | undefined {
    const { siret } = getService(directory, client_id as string);
    return directory.personas.find(({ claims }) => pairwiseSubject(siret, claims, keys.pairwiseSecret) === sub);
  }

  return async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' });
      response.end();
      return;
    }
    const token = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const payload = token ? await verify(token) : undefined;
    const persona = payload && findPersona(payload);
    if (!persona) {
      sendJson(response, 401, { error: 'invalid_token' }, { 'www-authenticate': 'Bearer error="invalid_token"' });
      return;
    }
    const opened = new Set(
      String(payload['scope'])
        .split(' ')
        .flatMap((scope) => CLAIMS_BY_SCOPE[scope] ?? []),
    );
    const claims = Object.entries({ sub: payload.sub, ...persona.claims }).filter(([claim]) => opened.has(claim));
    sendJson(response, 200, Object.fromEntries(claims));
  };
}
