import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compactDecrypt, createRemoteJWKSet, decodeProtectedHeader, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import type { IdentityProvider } from '../../../sandbox/identity/createIdentityProvider.ts';
import type { RegisteredDataProvider } from '../../../sandbox/identity/dataProviders.ts';
import { startIdentityProvider, walk } from './smallFrance.ts';

const FAMILY_AGENCY = 'family-agency-as-a-data-provider';
const TAX_AGENCY = 'income-agency-as-a-data-provider';
const TYPE = 'application/token-introspection+jwt';

const ec = await generateKeyPair('ECDH-ES', { extractable: true });
const rsa = await generateKeyPair('RSA-OAEP', { extractable: true });

let provider: IdentityProvider;
let stop: () => Promise<void>;
let keyServer: Server;
let family: RegisteredDataProvider;
let tax: RegisteredDataProvider;
let passedMs = 0;

beforeAll(async () => {
  ({ provider, stop } = await startIdentityProvider({ clock: () => Date.now() + passedMs }));
  const publicKey = { ...(await exportJWK(ec.publicKey)), use: 'enc' };
  keyServer = createServer((_request, response) => response.end(JSON.stringify({ keys: [publicKey] })));
  await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  family = await provider.registerDataProvider({
    clientId: FAMILY_AGENCY,
    scopes: ['openid', 'identite_pivot', 'cnaf_quotient_familial'],
    jwks: `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/`,
  });
  tax = await provider.registerDataProvider({
    clientId: TAX_AGENCY,
    scopes: ['dgfip_rfr'],
    jwks: { keys: [await exportJWK(rsa.publicKey)] },
    encryptedResponseAlg: 'RSA-OAEP',
  });
});
afterAll(async () => {
  keyServer.closeAllConnections();
  keyServer.close();
  await stop();
});

function post(form: Record<string, string> | URLSearchParams): Promise<Response> {
  return fetch(family.checktokenUri, { method: 'POST', body: new URLSearchParams(form) });
}

function credentials({ clientId, clientSecret }: RegisteredDataProvider) {
  return { client_id: clientId, client_secret: clientSecret };
}

/** Opens the answer as a data provider does: own key, the provider's keys, issuer and audience. */
async function check(token: string, by: RegisteredDataProvider) {
  const answer = await post({ token, ...credentials(by) });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, TYPE]);
  const { plaintext, protectedHeader } = await compactDecrypt(
    await answer.text(),
    by === tax ? rsa.privateKey : ec.privateKey,
  );
  const jws = new TextDecoder().decode(plaintext);
  const { payload } = await jwtVerify(jws, createRemoteJWKSet(new URL(by.jwksUri)), {
    issuer: by.iss,
    audience: by.clientId,
    algorithms: ['ES256'],
    currentDate: new Date(Date.now() + passedMs),
  });
  return { payload, outer: protectedHeader, inner: decodeProtectedHeader(jws) };
}

async function aToken(persona = 'dupont-angela', clientId = 'canteen'): Promise<string> {
  const scope = 'identite_pivot cnaf_quotient_familial dgfip_rfr';
  return (await walk(provider, { clientId, persona, scope, acr: 'eidas2' })).accessToken;
}

describe('checktoken', () => {
  it('says whose token it is, for which service, in a JWE around a JWS', async () => {
    const { payload, outer, inner } = await check(await aToken(), family);
    expect(outer).toEqual({ alg: 'ECDH-ES', enc: 'A256GCM', epk: expect.anything() });
    expect(inner).toEqual({ alg: 'ES256', kid: expect.any(String) });
    const { iat, token_introspection } = payload as { iat: number; token_introspection: Record<string, unknown> };
    expect(payload).toEqual({ iss: provider.issuer, aud: FAMILY_AGENCY, iat, token_introspection });
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(5);
    expect(token_introspection).toEqual({
      active: true,
      aud: 'canteen',
      sub: expect.stringMatching(/^[0-9a-f]{64}v1$/),
      iat: expect.any(Number),
      exp: (token_introspection['iat'] as number) + 60,
      acr: 'eidas2',
      jti: expect.any(String),
      scope: 'openid identite_pivot cnaf_quotient_familial',
      gender: 'female',
      family_name: 'MARTIN',
      given_name: 'Angela Rose',
      given_name_array: ['Angela', 'Rose'],
      birthdate: '1987-08-24',
      birthplace: '69123',
      birthcountry: '99100',
    });
  });

  it('encrypts by RSA-OAEP for who registered it, and names that provider’s scopes alone', async () => {
    const { payload, outer } = await check(await aToken(), tax);
    expect(outer).toEqual({ alg: 'RSA-OAEP', enc: 'A256GCM' });
    expect(payload['token_introspection']).toHaveProperty('scope', 'dgfip_rfr');
  });

  it('names one person by another sub for every data provider and for the service, and by the same one each time', async () => {
    const scope = 'identite_pivot';
    const { accessToken, subject } = await walk(provider, { clientId: 'canteen', persona: 'dupont-paul', scope });
    const subOf = async (token: string, by: RegisteredDataProvider) => {
      return ((await check(token, by)).payload['token_introspection'] as { sub: string }).sub;
    };
    const seen = [subject, await subOf(accessToken, family), await subOf(accessToken, tax)];
    expect(new Set(seen).size).toBe(3);
    expect(await subOf(await aToken('dupont-paul', 'creche'), family)).toBe(seen[1]);
  });

  it.each([
    ['unknown', async () => 'A'.repeat(43)],
    [
      'expired',
      async () => {
        const token = await aToken();
        passedMs = 60_000;
        return token;
      },
    ],
    [
      'revoked',
      async () => {
        const token = await aToken();
        const client = { client_id: 'canteen', client_secret: provider.clientSecrets['canteen']! };
        await fetch(`${provider.issuer}/token/revocation`, {
          method: 'POST',
          body: new URLSearchParams({ token, ...client }),
        });
        return token;
      },
    ],
  ])('says nothing but inactive of a token that is %s, in the same envelope', async (_case, make) => {
    try {
      const { payload } = await check(await make(), family);
      expect(payload).toEqual({
        iss: provider.issuer,
        aud: FAMILY_AGENCY,
        iat: expect.any(Number),
        token_introspection: { active: false },
      });
    } finally {
      passedMs = 0;
    }
  });

  it('knows a token for the whole of its minute', async () => {
    const token = await aToken();
    try {
      passedMs = 55_000;
      expect((await check(token, family)).payload).toHaveProperty('token_introspection.active', true);
    } finally {
      passedMs = 0;
    }
  });
});

describe('checktoken refuses', () => {
  const form = () => ({ token: 'A'.repeat(43), ...credentials(family) });

  it.each([
    ['an unknown field', () => ({ ...form(), token_type_hint: 'access_token' })],
    ['a missing token', () => credentials(family)],
    ['a missing secret', () => ({ token: 'A'.repeat(43), client_id: FAMILY_AGENCY })],
    ['a short client_id', () => ({ ...form(), client_id: 'x'.repeat(31) })],
    ['a short secret', () => ({ ...form(), client_secret: 'x'.repeat(31) })],
    ['a field that is there twice', () => new URLSearchParams([...Object.entries(form()), ['token', 'B'.repeat(43)]])],
    ['a form of megabytes', () => ({ ...form(), token: 'A'.repeat(20_000) })],
  ])('%s with invalid_request', async (_case, make) => {
    const answer = await post(make());
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: 'invalid_request', error_description: expect.any(String) });
  });

  it('a body that is no form, and a method that is not POST', async () => {
    const json = await fetch(family.checktokenUri, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(form()),
    });
    const read = await fetch(`${family.checktokenUri}?${new URLSearchParams(form())}`);
    expect([json.status, read.status]).toEqual([400, 400]);
  });

  it.each([
    ['another’s secret', () => ({ ...form(), client_secret: tax.clientSecret })],
    ['a wrong secret', () => ({ ...form(), client_secret: 'x'.repeat(43) })],
    ['a data provider that nobody registered', () => ({ ...form(), client_id: 'y'.repeat(32) })],
  ])('%s with invalid_client', async (_case, make) => {
    const answer = await post(make());
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ error: 'invalid_client', error_description: expect.any(String) });
  });

  it('to answer in the clear: without the provider’s key it is a server_error', async () => {
    const unreachable = await provider.registerDataProvider({
      clientId: 'data-provider-without-any-key-set',
      scopes: [],
      jwks: { keys: [] },
    });
    const answer = await post({ token: await aToken(), ...credentials(unreachable) });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({ error: 'server_error', error_description: expect.any(String) });
  });

  it('a data provider with a short id or a private key, at its registration', async () => {
    const privateKey = await exportJWK(ec.privateKey);
    const register = (clientId: string, keys: object[]) =>
      provider.registerDataProvider({ clientId, scopes: [], jwks: { keys } });
    await expect(register('trait-dunion', [])).rejects.toThrow('expected an id of 32 characters or more');
    await expect(register('z'.repeat(32), [privateKey])).rejects.toThrow('expected public keys');
  });
});
