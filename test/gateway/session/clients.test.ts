import { describe, expect, test } from '@jest/globals';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as client from 'openid-client';
import { registerClients } from '../../../gateway/session/clientStore.ts';
import type { SessionTables } from '../../../gateway/session/sessionTables.ts';
import { ACCESS_TOKEN, ask, EXCHANGE, exchange, post } from './client.ts';
import { FC_CLIENT, openHub, secretOf, setting, useHub } from './setting.ts';

useHub();

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
let assertions = 0;

/** A client assertion of `parking` (RFC 7523), right unless changed. */
function assertion(
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key = setting.parkingKey,
) {
  const now = Math.floor(Date.now() / 1000);
  assertions += 1;
  const whole = {
    iss: 'parking',
    sub: 'parking',
    aud: setting.hub.issuer,
    jti: `a-${assertions}`,
    iat: now,
    exp: now + 60,
  };
  return new SignJWT({ ...whole, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'parking-1', ...header })
    .sign(key);
}

function exchangeBy(clientAssertion: string, hub = setting.hub) {
  const subject_token = setting.franceConnect.issue(FC_CLIENT('parking'), { acr: 'eidas2' });
  const form = {
    grant_type: EXCHANGE,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: clientAssertion,
    subject_token,
    subject_token_type: ACCESS_TOKEN,
    purpose: 'parking-permit',
  };
  return post('/session/token', form, { hub });
}

describe('a service that authenticates by its own key', () => {
  test('gets tokens', async () => {
    const reply = await exchangeBy(await assertion());
    expect(reply).toMatchObject({ status: 200, scope: 'cnaf_adresse' });
    expect(decodeJwt(reply.access_token)).toMatchObject({ client_id: 'parking', acr: 'eidas2' });
  });

  test('uses an assertion once, on all nodes together', async () => {
    const twice = await assertion();
    expect((await exchangeBy(twice)).status).toBe(200);
    expect(await exchangeBy(twice)).toMatchObject({ status: 401, error: 'invalid_client' });
    const once = await assertion();
    const replies = await Promise.all([1, 2, 3].map(() => exchangeBy(once)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test.each<[string, () => Promise<string>]>([
    ['for another audience', () => assertion({ aud: 'https://elsewhere.test/session' })],
    ['for the graph', () => assertion({ aud: `${setting.hub.origin}/graphql` })],
    ['of another issuer', () => assertion({ iss: 'canteen' })],
    ['that is over', () => assertion({ exp: Math.floor(Date.now() / 1000) - 10 })],
    ['without end', () => assertion({ exp: undefined })],
    ['that lives for an hour', () => assertion({ exp: Math.floor(Date.now() / 1000) + 3600 })],
    ['without jti', () => assertion({ jti: undefined })],
    ['signed by another key', async () => assertion({}, {}, (await generateKeyPair('ES256')).privateKey)],
    ['signed by nobody', async () => `${(await assertion()).split('.').slice(0, 2).join('.')}.`],
  ])('is refused with an assertion %s', async (_case, make) => {
    const reply = await exchangeBy(await make());
    expect(reply).toMatchObject({ status: 401, error: 'invalid_client' });
    expect(reply.text).not.toMatch(/node_modules|at .*\.ts/);
  });

  test('cannot fall back to a secret, nor a service with a secret to a key', async () => {
    const reply = await exchange({ client_id: 'parking', purpose: 'parking-permit' });
    expect(reply).toMatchObject({ status: 401, error: 'invalid_client' });
    const claims = { iss: 'canteen', sub: 'canteen' };
    expect(await exchangeBy(await assertion(claims))).toMatchObject({ status: 401, error: 'invalid_client' });
  });

  test('is not believed for an address that it wrote into the header Host itself', async () => {
    const forged = await assertion({ aud: 'http://hub.evil.test/session/token' });
    const { request } = await import('node:http');
    const form = new URLSearchParams({
      grant_type: EXCHANGE,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: forged,
    });
    const status = await new Promise<number>((resolve, reject) => {
      const headers = { host: 'hub.evil.test', 'content-type': 'application/x-www-form-urlencoded' };
      const call = request(`${setting.hub.origin}/session/token`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      call.on('error', reject);
      call.end(form.toString());
    });
    expect(status).toBe(401);
  });

  test('must have logged the citizen in as strongly as its habilitation asks', async () => {
    const weak = setting.franceConnect.issue(FC_CLIENT('parking'), { acr: 'eidas1' });
    const form = {
      grant_type: EXCHANGE,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await assertion(),
      subject_token: weak,
      subject_token_type: ACCESS_TOKEN,
      purpose: 'parking-permit',
    };
    const reply = await post('/session/token', form);
    expect(reply).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(reply.error_description).toContain('eidas2');
  });
});

test('a short secret or a private key is no way to authenticate', async () => {
  const db = await setting.database.forOwner<SessionTables>('hub');
  await expect(
    registerClients(db, [{ clientId: 'canteen', method: 'client_secret_post', secret: 'short' }]),
  ).rejects.toThrow('client canteen: expected a secret of 32 characters or more');
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [await exportJWK(privateKey)] };
  await expect(registerClients(db, [{ clientId: 'canteen', method: 'private_key_jwt', jwks }])).rejects.toThrow(
    'client canteen: expected public keys, got a private one',
  );
});

describe('an ordinary OAuth client (openid-client)', () => {
  const insecure = { execute: [client.allowInsecureRequests] };
  const discover = (authentication = client.ClientSecretPost(secretOf('canteen')), clientId = 'canteen') =>
    client.discovery(new URL(setting.hub.issuer), clientId, undefined, authentication, insecure);
  const parameters = () => ({
    subject_token: setting.franceConnect.issue(FC_CLIENT('canteen')),
    subject_token_type: ACCESS_TOKEN,
    purpose: 'canteen-pricing',
  });

  test('finds the endpoint by its metadata, in both places', async () => {
    const config = await discover();
    expect(config.serverMetadata()).toMatchObject({
      issuer: setting.hub.issuer,
      token_endpoint: `${setting.hub.issuer}/token`,
      revocation_endpoint: `${setting.hub.issuer}/token/revocation`,
    });
    const oauth2 = await client.discovery(new URL(setting.hub.issuer), 'canteen', undefined, undefined, {
      ...insecure,
      algorithm: 'oauth2',
    });
    expect(oauth2.serverMetadata()).toEqual(config.serverMetadata());
  });

  test('exchanges, refreshes and revokes', async () => {
    const config = await discover();
    const tokens = await client.genericGrantRequest(config, EXCHANGE, parameters());
    expect(await ask(tokens.access_token)).toBe('200 canteen');
    const next = await client.refreshTokenGrant(config, tokens.refresh_token!);
    expect(await ask(next.access_token)).toBe('200 canteen');
    await client.tokenRevocation(config, next.access_token);
    expect(await ask(next.access_token)).toBe('401 HUB_TOKEN_REVOKED');
  });

  test('does so with a key of its own, and with proofs of possession', async () => {
    const key = await client.randomDPoPKeyPair('ES256');
    const config = await discover(client.PrivateKeyJwt({ key: setting.parkingKey, kid: 'parking-1' }), 'parking');
    const DPoP = client.getDPoPHandle(config, key);
    const subject_token = setting.franceConnect.issue(FC_CLIENT('parking'), { acr: 'eidas3' });
    const tokens = await client.genericGrantRequest(
      config,
      EXCHANGE,
      { ...parameters(), subject_token, purpose: 'parking-permit' },
      { DPoP },
    );
    expect(tokens.token_type).toBe('dpop');
    const response = await client.fetchProtectedResource(
      config,
      tokens.access_token,
      new URL(`${setting.hub.origin}/graphql`),
      'POST',
      '{"query":"{ me { id } }"}',
      new Headers({ 'content-type': 'application/json' }),
      { DPoP },
    );
    expect(response.status).toBe(200);
    expect((await client.refreshTokenGrant(config, tokens.refresh_token!, undefined, { DPoP })).token_type).toBe(
      'dpop',
    );
  });

  test('reads a refusal as an OAuth error', async () => {
    const config = await discover();
    const foreign = { ...parameters(), subject_token: setting.franceConnect.issue(FC_CLIENT('creche')) };
    await expect(client.genericGrantRequest(config, EXCHANGE, foreign)).rejects.toMatchObject({
      error: 'invalid_grant',
      status: 400,
    });
  });

  test('finds the public keys by which hub tokens are signed, and the one to which FranceConnect encrypts', async () => {
    const { keys } = (await (await fetch(`${setting.hub.issuer}/jwks`)).json()) as { keys: Record<string, unknown>[] };
    expect(keys.map(({ use, alg }) => `${use as string} ${alg as string}`).sort()).toEqual([
      'enc ECDH-ES',
      'sig ES256',
    ]);
    for (const key of keys) expect(Object.keys(key)).not.toContain('d');
  });
});

test('a token of one hub is nothing at another address of the same keys', async () => {
  const second = await openHub();
  const { access_token: token } = await exchange();
  expect(await ask(token, { hub: second })).toBe('401 HUB_TOKEN_INVALID');
  await second.close();
});
