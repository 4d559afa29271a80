import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLocalJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { CLAIMS_BY_SCOPE } from './identityScopes.ts';
import type { IdentityKeys } from './keys.ts';
import { sendJson } from './send.ts';

/**
 * `GET /userinfo` for the tokens that are made for the hub. The library answers here only for tokens without an audience, so
 * the token is verified and its own claims are given back, cut by its scopes.
 */
export function createUserinfo(issuer: string, audience: string, { signing }: IdentityKeys, clock: () => number) {
  const { d: _private, ...publicKey } = signing;
  const jwks = createLocalJWKSet({ keys: [publicKey] });

  return async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' });
      response.end();
      return;
    }
    const token = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    try {
      const { payload } = await jwtVerify(token ?? '', jwks, {
        issuer,
        audience,
        typ: 'at+jwt',
        algorithms: ['ES256'],
        currentDate: new Date(clock()),
      });
      sendJson(response, 200, claimsOf(payload));
    } catch {
      sendJson(response, 401, { error: 'invalid_token' }, { 'www-authenticate': 'Bearer error="invalid_token"' });
    }
  };
}

function claimsOf(payload: JWTPayload): Record<string, unknown> {
  const opened = new Set(
    String(payload['scope'])
      .split(' ')
      .flatMap((scope) => CLAIMS_BY_SCOPE[scope] ?? []),
  );
  return Object.fromEntries(Object.entries(payload).filter(([claim]) => opened.has(claim)));
}
