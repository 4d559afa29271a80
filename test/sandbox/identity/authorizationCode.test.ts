import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import type { IdentityProvider } from '../../../sandbox/identity/createIdentityProvider.ts';
import { toHeader, walkFlow, walkPages } from '../../../sandbox/identity/walkFlow.ts';
import { AUDIENCE, NURSERY, startIdentityProvider, TOWN } from './smallFrance.ts';

const REDIRECT_URI = 'http://127.0.0.1:45123/callback';
const EXPLORER = 'http://127.0.0.1:4000/graphql';

let provider: IdentityProvider;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ provider, stop } = await startIdentityProvider({ extraRedirectUris: [EXPLORER] }));
});
afterAll(() => stop());

async function discover(clientId: string): Promise<client.Configuration> {
  return client.discovery(new URL(provider.issuer), clientId, undefined, client.None(), {
    execute: [client.allowInsecureRequests],
  });
}

/** A request with PKCE whose verifier is known; `changes` of undefined leave a parameter out. */
async function authorize(clientId: string, changes: Record<string, string | undefined> = {}) {
  const configuration = await discover(clientId);
  const verifier = client.randomPKCECodeVerifier();
  const parameters = {
    redirect_uri: REDIRECT_URI,
    scope: 'openid identite_pivot cnaf_quotient_familial',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: 'some-state',
    ...changes,
  };
  const sent = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const url = client.buildAuthorizationUrl(configuration, sent as Record<string, string>);
  return { configuration, verifier, url };
}

describe('authorization code flow', () => {
  it('gives a verifiable access token for the hub, with purpose, level and pivot identity inside', async () => {
    const { accessToken, expiresInSeconds } = await walkFlow({
      issuer: provider.issuer,
      clientId: 'canteen',
      persona: 'dupont-angela',
      scope: 'identite_pivot cnaf_quotient_familial',
      acr: 'eidas2',
    });
    const jwks = createRemoteJWKSet(new URL(`${provider.issuer}/jwks`));
    const { payload, protectedHeader } = await jwtVerify(accessToken, jwks, {
      issuer: provider.issuer,
      audience: AUDIENCE,
      algorithms: ['ES256'],
      typ: 'at+jwt',
    });
    expect(protectedHeader.kid).toEqual(expect.any(String));
    expect(payload).toEqual({
      iss: provider.issuer,
      aud: AUDIENCE,
      sub: expect.stringMatching(/^[0-9a-f]{64}v1$/),
      client_id: 'canteen',
      scope: 'openid identite_pivot cnaf_quotient_familial',
      purpose: 'canteen-pricing',
      acr: 'eidas2',
      auth_time: expect.any(Number),
      iat: expect.any(Number),
      exp: payload.iat! + 600,
      jti: expect.any(String),
      family_name: 'MARTIN',
      given_name: 'Angela Rose',
      given_name_array: ['Angela', 'Rose'],
      preferred_username: 'DUPONT',
      birthdate: '1987-08-24',
      gender: 'female',
      birthplace: '69123',
      birthcountry: '99100',
    });
    expect(expiresInSeconds).toBe(600);
  });

  it('says in the ID token who logged in and how strongly, and keeps the identity for UserInfo', async () => {
    const { configuration, verifier, url } = await authorize('creche', { scope: 'openid given_name' });
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul', acr: 'eidas3' });
    const tokens = await client.authorizationCodeGrant(configuration, callback, {
      pkceCodeVerifier: verifier,
      expectedState: 'some-state',
    });
    const { sub, acr, family_name } = tokens.claims()!;
    expect({ acr, family_name }).toEqual({ acr: 'eidas3', family_name: undefined });
    const userinfo = await client.fetchUserInfo(configuration, tokens.access_token, sub);
    expect(userinfo).toEqual({ sub, given_name: 'Paul', given_name_array: ['Paul'] });
  });

  it('gives an e-mail address at UserInfo to whoever asked for it', async () => {
    const request = { issuer: provider.issuer, clientId: 'canteen', persona: 'dupont-angela', scope: 'email' };
    const { accessToken } = await walkFlow(request);
    const answer = await fetch(`${provider.issuer}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(await answer.json()).toEqual({ sub: expect.any(String), email: 'angela@example.org' });
  });

  it('drops scopes that nobody knows instead of refusing the request', async () => {
    const { scope } = await walkFlow({
      issuer: provider.issuer,
      clientId: 'canteen',
      persona: 'dupont-paul',
      scope: 'birth eaje_enfants no_such_scope',
    });
    expect(scope).toBe('openid birth eaje_enfants');
  });

  it('lets a browser page of the explorer redeem its code, and no other origin', async () => {
    const redeemFrom = (origin: string) =>
      fetch(`${provider.issuer}/token`, {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams({ client_id: 'canteen' }),
      });
    expect((await redeemFrom('http://127.0.0.1:4000')).headers.get('access-control-allow-origin')).toBe(
      'http://127.0.0.1:4000',
    );
    expect((await redeemFrom('https://elsewhere.example')).headers.get('access-control-allow-origin')).toBeNull();
    expect((await redeemFrom('null')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('discovery', () => {
  it('names FranceConnect’s routes, PKCE, pairwise subjects and the three levels', async () => {
    const metadata = (await discover('canteen')).serverMetadata();
    expect(metadata).toMatchObject({
      issuer: `${provider.origin}/api/v2`,
      authorization_endpoint: `${provider.origin}/api/v2/authorize`,
      token_endpoint: `${provider.origin}/api/v2/token`,
      userinfo_endpoint: `${provider.origin}/api/v2/userinfo`,
      jwks_uri: `${provider.origin}/api/v2/jwks`,
      end_session_endpoint: `${provider.origin}/api/v2/session/end`,
      code_challenge_methods_supported: ['S256'],
      subject_types_supported: ['pairwise'],
      acr_values_supported: ['eidas1', 'eidas2', 'eidas3'],
    });
    expect(metadata.scopes_supported).toEqual(expect.arrayContaining(['identite_pivot', 'dgfip_rfr', 'eaje_enfants']));
  });
});

describe('signing out', () => {
  it('asks the person, then leads back to the service', async () => {
    const cookies = new Map<string, string>();
    const { configuration, verifier, url } = await authorize('canteen');
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' }, cookies);
    const { id_token } = await client.authorizationCodeGrant(configuration, callback, {
      pkceCodeVerifier: verifier,
      expectedState: 'some-state',
    });
    const parameters = { id_token_hint: id_token!, post_logout_redirect_uri: REDIRECT_URI, state: 'bye' };
    const asked = await fetch(client.buildEndSessionUrl(configuration, parameters), {
      headers: { cookie: toHeader(cookies) },
    });
    const page = await asked.text();
    expect(page).toContain('Voulez-vous vous déconnecter');
    const [, action] = /action="([^"]+)"/.exec(page)!;
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(page)!;
    const left = await fetch(action!, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: toHeader(cookies) },
      body: new URLSearchParams({ xsrf: xsrf!, logout: 'yes' }),
    });
    expect(left.headers.get('location')).toBe(`${REDIRECT_URI}?state=bye`);
  });
});

describe('refusals', () => {
  it('refuses a redirect that the service did not register, on a page and not by redirecting', async () => {
    const elsewhere = 'https://elsewhere.example/callback';
    const { url } = await authorize('canteen', { redirect_uri: elsewhere });
    await expect(walkPages(url, elsewhere, { persona: 'dupont-paul' })).rejects.toThrow(/400: invalid_redirect_uri/);
  });

  it('refuses a purpose that is another service’s', async () => {
    const { url } = await authorize('canteen', { purpose: 'housing-file' });
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' });
    expect(callback.searchParams.get('error')).toBe('invalid_request');
    expect(callback.searchParams.get('error_description')).toContain('canteen-pricing');
  });

  it('asks a service with two purposes to name one', async () => {
    const unnamed = await walkPages((await authorize('housing')).url, REDIRECT_URI, { persona: 'dupont-paul' });
    expect(unnamed.searchParams.get('error_description')).toBe(
      'missing parameter "purpose": one of housing-file, my-data',
    );
    const { url } = await authorize('housing', { purpose: 'my-data' });
    const named = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' });
    expect(named.searchParams.get('code')).toEqual(expect.any(String));
  });

  it('refuses a code used twice', async () => {
    const { configuration, verifier, url } = await authorize('canteen');
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' });
    const redeem = () =>
      client.authorizationCodeGrant(configuration, callback, {
        pkceCodeVerifier: verifier,
        expectedState: 'some-state',
      });
    await redeem();
    await expect(redeem()).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('refuses a code whose verifier is wrong', async () => {
    const { configuration, url } = await authorize('canteen');
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' });
    const redeemed = client.authorizationCodeGrant(configuration, callback, {
      pkceCodeVerifier: client.randomPKCECodeVerifier(),
      expectedState: 'some-state',
    });
    await expect(redeemed).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('refuses a request without PKCE', async () => {
    const { url } = await authorize('canteen', { code_challenge: undefined, code_challenge_method: undefined });
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' });
    expect(callback.searchParams.get('error')).toBe('invalid_request');
  });

  it('tells the service when the person cancels at the information page', async () => {
    const { url } = await authorize('canteen');
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul', agrees: false });
    expect(callback.searchParams.get('error')).toBe('access_denied');
  });

  it('refuses a persona who does not exist and a level the request did not ask for', async () => {
    const { url } = await authorize('canteen', { acr_values: 'eidas2' });
    await expect(walkPages(url, REDIRECT_URI, { persona: 'nobody' })).rejects.toThrow('Choisissez une des personnes');
    const { url: again } = await authorize('canteen', { acr_values: 'eidas2' });
    const weaker = walkPages(again, REDIRECT_URI, { persona: 'dupont-paul', acr: 'eidas1' });
    await expect(weaker).rejects.toThrow('Choisissez une des personnes');
  });

  it('answers prompt=none with login_required, since every authorization is a new login', async () => {
    const { url } = await authorize('canteen', { prompt: 'none' });
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' });
    expect(callback.searchParams.get('error')).toBe('login_required');
  });

  it('refuses UserInfo to a forged token', async () => {
    const { accessToken } = await walkFlow({
      issuer: provider.issuer,
      clientId: 'canteen',
      persona: 'dupont-paul',
      scope: 'profile',
    });
    const forged = accessToken.replace(/\.[^.]+$/, `.${'A'.repeat(86)}`);
    const answer = await fetch(`${provider.issuer}/userinfo`, { headers: { authorization: `Bearer ${forged}` } });
    expect(answer.status).toBe(401);
  });
});

describe('directory', () => {
  it('lists personas and services for programs, without claims and redirects', async () => {
    const directory = (await (await fetch(`${provider.origin}/directory.json`)).json()) as {
      issuer: string;
      personas: Record<string, unknown>[];
      services: Record<string, unknown>[];
    };
    expect(directory.issuer).toBe(provider.issuer);
    expect(directory.personas[0]).toEqual({
      id: 'dupont-paul',
      names: 'Paul DUPONT',
      household: 'test',
      goodFor: { fr: 'les tests', en: 'tests' },
      acr: 'eidas1',
    });
    expect(directory.services.map(({ clientId, siret }) => [clientId, siret])).toContainEqual(['creche', NURSERY]);
    expect(directory.services.map(({ clientId, siret }) => [clientId, siret])).toContainEqual(['parking', TOWN]);
    expect(directory.services[0]).not.toHaveProperty('redirectUris');
  });
});
