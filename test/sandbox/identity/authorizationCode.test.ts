import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import type { IdentityProvider } from '../../../sandbox/identity/createIdentityProvider.ts';
import { configureClient, toHeader, walkPages } from '../../../sandbox/identity/walkFlow.ts';
import { NURSERY, SERVICES, startIdentityProvider, TOWN, walk } from './smallFrance.ts';

const REDIRECT_URI = 'http://127.0.0.1:45123/callback';
const NONCE = 'n'.repeat(22);

// The library copies registered keys by structuredClone and then asks whether they are plain objects: the copy that jest's environment hands out
// is of another realm's Object.
globalThis.structuredClone = <Value>(value: Value) => JSON.parse(JSON.stringify(value)) as Value;

let provider: IdentityProvider;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ provider, stop } = await startIdentityProvider());
});
afterAll(() => stop());

function configure(clientId: string, clientSecret = provider.clientSecrets[clientId]!): Promise<client.Configuration> {
  return configureClient({ issuer: provider.issuer, clientId, clientSecret });
}

/** A request that FranceConnect takes; `changes` of undefined leave a parameter out. */
async function authorize(clientId: string, changes: Record<string, string | undefined> = {}) {
  const configuration = await configure(clientId);
  const parameters = {
    redirect_uri: REDIRECT_URI,
    scope: 'openid identite_pivot cnaf_quotient_familial',
    acr_values: 'eidas1',
    state: 'some-state',
    nonce: NONCE,
    ...changes,
  };
  const sent = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
  return { configuration, url: client.buildAuthorizationUrl(configuration, sent as Record<string, string>) };
}

const EXPECTED = { expectedState: 'some-state', expectedNonce: NONCE };

describe('authorization code flow', () => {
  it('gives an opaque access token of 60 seconds, and no refresh token', async () => {
    const { configuration, url } = await authorize('canteen');
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-angela' });
    const tokens = await client.authorizationCodeGrant(configuration, callback, EXPECTED);
    expect(tokens).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'bearer',
      expires_in: 60,
      scope: 'openid identite_pivot cnaf_quotient_familial',
      id_token: expect.any(String),
    });
  });

  it('says in the ID token who logged in and how strongly, and the rest at UserInfo, as a signed JWT', async () => {
    const { configuration, url } = await authorize('creche', {
      scope: 'openid given_name',
      acr_values: 'eidas2 eidas3',
    });
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul', acr: 'eidas3' });
    const tokens = await client.authorizationCodeGrant(configuration, callback, EXPECTED);
    const { sub, acr, family_name } = tokens.claims()!;
    expect({ sub, acr, family_name }).toEqual({
      sub: expect.stringMatching(/^[0-9a-f]{64}v1$/),
      acr: 'eidas3',
      family_name: undefined,
    });
    // openid-client refuses an answer that is not a JWT signed by the provider's key.
    expect(await client.fetchUserInfo(configuration, tokens.access_token, sub)).toMatchObject({
      sub,
      aud: 'creche',
      given_name: 'Paul',
      given_name_array: ['Paul'],
    });
  });

  it('gives an e-mail address at UserInfo to whoever asked for it, and to nobody else', async () => {
    const [asked, other] = await Promise.all(
      ['email', 'birth'].map(async (scope) => {
        const { accessToken, subject } = await walk(provider, { clientId: 'canteen', persona: 'dupont-angela', scope });
        return client.fetchUserInfo(await configure('canteen'), accessToken, subject);
      }),
    );
    expect(asked).toHaveProperty('email', 'angela@example.org');
    expect(other).not.toHaveProperty('email');
  });

  it('honours the claims parameter', async () => {
    const claims = JSON.stringify({ userinfo: { birthdate: null } });
    const { configuration, url } = await authorize('canteen', { scope: 'openid', claims });
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' });
    const tokens = await client.authorizationCodeGrant(configuration, callback, EXPECTED);
    const userinfo = await client.fetchUserInfo(configuration, tokens.access_token, tokens.claims()!.sub);
    expect(userinfo).toHaveProperty('birthdate', '1985-03-12');
    expect(userinfo).not.toHaveProperty('family_name');
  });

  it('drops scopes that nobody knows instead of refusing the request', async () => {
    const scope = 'birth eaje_enfants no_such_scope';
    const flow = await walk(provider, { clientId: 'canteen', persona: 'dupont-paul', scope });
    expect(flow.scope).toBe('openid birth eaje_enfants');
  });

  it('takes a signed assertion from a service that registered a key, and from no other key', async () => {
    const [own, foreign] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
    const jwks = { keys: [await exportJWK(own.publicKey)] };
    const started = await startIdentityProvider({ services: SERVICES.map((service) => ({ ...service, jwks })) });
    try {
      const request = { clientId: 'canteen', persona: 'dupont-paul', scope: 'birth' };
      const flow = await walk(started.provider, { ...request, clientSecret: own.privateKey });
      expect(flow.accessToken).toMatch(/^[\w-]{43}$/);
      const refused = walk(started.provider, { ...request, clientSecret: foreign.privateKey });
      await expect(refused).rejects.toMatchObject({ error: 'invalid_client' });
      expect(started.provider.clientSecrets).not.toHaveProperty('canteen');
    } finally {
      await started.stop();
    }
  });

  it('still takes PKCE, and holds a client to it', async () => {
    const verifier = client.randomPKCECodeVerifier();
    const challenge = {
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    };
    const redeem = async (pkceCodeVerifier: string) => {
      const { configuration, url } = await authorize('canteen', challenge);
      const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' });
      return client.authorizationCodeGrant(configuration, callback, { ...EXPECTED, pkceCodeVerifier });
    };
    expect(await redeem(verifier)).toHaveProperty('access_token');
    await expect(redeem(client.randomPKCECodeVerifier())).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('discovery', () => {
  it('names FranceConnect’s routes, pairwise subjects, ways to authenticate and the three levels', async () => {
    const metadata = (await configure('canteen')).serverMetadata();
    expect(metadata).toMatchObject({
      issuer: `${provider.origin}/api/v2`,
      authorization_endpoint: `${provider.origin}/api/v2/authorize`,
      token_endpoint: `${provider.origin}/api/v2/token`,
      userinfo_endpoint: `${provider.origin}/api/v2/userinfo`,
      jwks_uri: `${provider.origin}/api/v2/jwks`,
      end_session_endpoint: `${provider.origin}/api/v2/session/end`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
      subject_types_supported: ['pairwise'],
      acr_values_supported: ['eidas1', 'eidas2', 'eidas3'],
    });
    expect(metadata.scopes_supported).toEqual(expect.arrayContaining(['identite_pivot', 'dgfip_rfr', 'eaje_enfants']));
  });
});

describe('signing out', () => {
  async function signIn() {
    const cookies = new Map<string, string>();
    const { configuration, url } = await authorize('canteen');
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' }, cookies);
    const tokens = await client.authorizationCodeGrant(configuration, callback, EXPECTED);
    const parameters = { id_token_hint: tokens.id_token!, post_logout_redirect_uri: REDIRECT_URI, state: 'bye' };
    return { configuration, cookies, tokens, parameters };
  }

  it('leads back to the service with its state, and ends the session’s tokens', async () => {
    const { configuration, cookies, tokens, parameters } = await signIn();
    const address = client.buildEndSessionUrl(configuration, parameters);
    const leaving = await fetch(address, { headers: { cookie: toHeader(cookies) } });
    const page = await leaving.text();
    const [, action] = /action="([^"]+)"/.exec(page)!;
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(page)!;
    const left = await fetch(action!, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: toHeader(cookies) },
      body: new URLSearchParams({ xsrf: xsrf!, logout: 'yes' }),
    });
    expect(left.headers.get('location')).toBe(`${REDIRECT_URI}?state=bye`);
    const userinfo = client.fetchUserInfo(configuration, tokens.access_token, tokens.claims()!.sub);
    await expect(userinfo).rejects.toMatchObject({ status: 401 });
  });

  it.each(['id_token_hint', 'state', 'post_logout_redirect_uri'] as const)('needs %s', async (name) => {
    const { configuration, cookies, parameters } = await signIn();
    const { [name]: _left, ...rest } = parameters;
    const address = new URL(configuration.serverMetadata().end_session_endpoint!);
    address.search = new URLSearchParams(rest).toString();
    const answer = await fetch(address, { headers: { cookie: toHeader(cookies) } });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('are required');
  });

  it('leads to no address that the service did not register', async () => {
    const { configuration, cookies, parameters } = await signIn();
    const elsewhere = { ...parameters, post_logout_redirect_uri: 'https://elsewhere.example/' };
    const answer = await fetch(client.buildEndSessionUrl(configuration, elsewhere), {
      headers: { cookie: toHeader(cookies) },
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('post_logout_redirect_uri not registered');
  });
});

describe('refusals', () => {
  it.each([
    ['state is missing', { state: undefined }, 'missing parameter "state"'],
    ['nonce is missing', { nonce: undefined }, 'missing parameter "nonce"'],
    ['nonce is short', { nonce: 'n'.repeat(21) }, '"nonce" has fewer than 22 characters'],
    ['acr_values is missing', { acr_values: undefined }, 'missing parameter "acr_values": eidas1, eidas2 or eidas3'],
    ['acr_values names no level', { acr_values: 'loa4' }, 'missing parameter "acr_values": eidas1, eidas2 or eidas3'],
    ['prompt is none', { prompt: 'none' }, '"prompt" is login, consent, or both'],
  ])('go to the service when %s', async (_case, changes, description) => {
    const { url } = await authorize('canteen', changes);
    const { searchParams } = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' });
    expect(searchParams.get('error')).toBe('invalid_request');
    expect(searchParams.get('error_description')).toBe(description);
  });

  it('are shown on a page, without a redirect, for an address that the service did not register', async () => {
    const elsewhere = 'https://elsewhere.example/callback';
    const { url } = await authorize('canteen', { redirect_uri: elsewhere });
    await expect(walkPages(url, elsewhere, { persona: 'dupont-paul' })).rejects.toThrow(/400: invalid_redirect_uri/);
  });

  it('meet a code used twice', async () => {
    const { configuration, url } = await authorize('canteen');
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' });
    const redeem = () => client.authorizationCodeGrant(configuration, callback, EXPECTED);
    await redeem();
    await expect(redeem()).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('meet a service with another’s secret, or with none', async () => {
    const { url } = await authorize('canteen');
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul' });
    for (const secret of [provider.clientSecrets['creche']!, 'x'.repeat(43)]) {
      const redeemed = client.authorizationCodeGrant(await configure('canteen', secret), callback, EXPECTED);
      await expect(redeemed).rejects.toMatchObject({ error: 'invalid_client' });
    }
    const bare = await fetch(`${provider.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'authorization_code', client_id: 'canteen', code: 'any' }),
    });
    expect(await bare.json()).toMatchObject({ error: 'invalid_client' });
  });

  it('tell the service when the person cancels at the information page', async () => {
    const { url } = await authorize('canteen');
    const callback = await walkPages(url, REDIRECT_URI, { persona: 'dupont-paul', agrees: false });
    expect(callback.searchParams.get('error')).toBe('access_denied');
  });

  it('meet a persona who does not exist and a level the request did not ask for', async () => {
    const { url } = await authorize('canteen', { acr_values: 'eidas2' });
    await expect(walkPages(url, REDIRECT_URI, { persona: 'nobody' })).rejects.toThrow('Choisissez une des personnes');
    const { url: again } = await authorize('canteen', { acr_values: 'eidas2' });
    const weaker = walkPages(again, REDIRECT_URI, { persona: 'dupont-paul', acr: 'eidas1' });
    await expect(weaker).rejects.toThrow('Choisissez une des personnes');
  });

  it('meet a token at UserInfo that nobody issued', async () => {
    const answer = await fetch(`${provider.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${'A'.repeat(43)}` },
    });
    expect(answer.status).toBe(401);
  });
});

describe('directory', () => {
  it('lists personas and services for programs, without claims, redirects and secrets', async () => {
    const answer = await fetch(`${provider.origin}/directory.json`);
    const text = await answer.text();
    const directory = JSON.parse(text) as {
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
    for (const secret of Object.values(provider.clientSecrets)) expect(text).not.toContain(secret);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });
});
