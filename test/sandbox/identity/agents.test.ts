import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { AGENT_CLIENT_ID } from '../../../sandbox/identity/agents/createAgentProvider.ts';
import type { IdentityProvider } from '../../../sandbox/identity/createIdentityProvider.ts';
import { loadDirectory } from '../../../sandbox/identity/directory.ts';
import { AUDIENCE, startIdentityProvider } from './smallFrance.ts';

const REDIRECT_URI = 'http://127.0.0.1:45124/callback';
const SCOPE = 'openid given_name usual_name email uid siret roles';

let provider: IdentityProvider;
let stop: () => Promise<void>;

beforeAll(async () => {
  const { agents } = await loadDirectory();
  ({ provider, stop } = await startIdentityProvider({ agents }));
});
afterAll(() => stop());

/** Signs an agent in, by the form that a browser would send. */
async function signIn(form: Record<string, string>) {
  const secret = provider.clientSecrets[AGENT_CLIENT_ID]!;
  const configuration = await client.discovery(
    new URL(provider.agentIssuer),
    AGENT_CLIENT_ID,
    { id_token_signed_response_alg: 'ES256' },
    client.ClientSecretPost(secret),
    { execute: [client.allowInsecureRequests] },
  );
  const checks = { expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const parameters = { redirect_uri: REDIRECT_URI, scope: SCOPE };
  let url = client.buildAuthorizationUrl(configuration, {
    ...parameters,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  });
  const cookies = new Map<string, string>();
  let body: URLSearchParams | undefined;
  while (!url.href.startsWith(REDIRECT_URI)) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer: Response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(body && { method: 'POST', body }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      cookies.set(name!, value!);
    }
    const location = answer.headers.get('location');
    if (!location && body) return { page: await answer.text(), status: answer.status };
    body = location ? undefined : new URLSearchParams(form);
    if (location) url = new URL(location, url);
  }
  return { tokens: await client.authorizationCodeGrant(configuration, url, checks) };
}

describe('agents', () => {
  it('sign in for their administration and get a JWT of RFC 9068 for the hub, for an hour', async () => {
    const { tokens } = await signIn({ agent: 'hub-instructeur' });
    const jwks = createRemoteJWKSet(new URL(`${provider.agentIssuer}/jwks`));
    const { payload } = await jwtVerify(tokens!.access_token, jwks, {
      issuer: provider.agentIssuer,
      audience: AUDIENCE,
      algorithms: ['ES256'],
      typ: 'at+jwt',
    });
    expect(payload).toEqual({
      iss: provider.agentIssuer,
      aud: AUDIENCE,
      sub: expect.stringMatching(/^[0-9a-f]{64}$/),
      client_id: AGENT_CLIENT_ID,
      scope: SCOPE,
      acr: 'eidas1',
      iat: expect.any(Number),
      exp: payload.iat! + 3600,
      jti: expect.any(String),
      usual_name: 'MERCIER',
      given_name: 'Luc',
      email: 'luc.mercier@trait-dunion.example',
      uid: 'hub-instructeur',
      siret: '99900000500012',
      roles: ['instructor'],
    });
    expect(tokens!.claims()).toMatchObject({ sub: payload.sub, aud: AGENT_CLIENT_ID });
  });

  it('are listed for programs beside personas and services', async () => {
    const directory = (await (await fetch(`${provider.origin}/directory.json`)).json()) as Record<string, unknown>;
    expect(directory).toMatchObject({
      agentIssuer: provider.agentIssuer,
      agents: expect.arrayContaining([expect.objectContaining({ uid: 'mairie-agente', roles: ['requester'] })]),
    });
  });

  it('who do not exist are refused', async () => {
    const { status, page } = await signIn({ agent: 'nobody' });
    expect(status).toBe(400);
    expect(page).toContain('Choisissez un des agents');
  });

  it('who cancel are sent back with access_denied', async () => {
    await expect(signIn({ cancel: 'yes' })).rejects.toMatchObject({ error: 'access_denied' });
  });

  it('have tokens that a citizen’s provider does not take for its own', async () => {
    const { tokens } = await signIn({ agent: 'hub-instructeur' });
    const answer = await fetch(`${provider.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${tokens!.access_token}` },
    });
    expect(answer.status).toBe(401);
  });
});
