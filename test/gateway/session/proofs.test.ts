import { beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, generateKeyPair, SignJWT } from 'jose';
import { aProofKey, ask, askWhole, exchange, prove, refresh, type ProofKey } from './client.ts';
import { setting, useHub } from './setting.ts';

useHub();

let key: ProofKey;
let thief: ProofKey;
beforeAll(async () => {
  [key, thief] = [await aProofKey(), await aProofKey()];
});

const boundToken = async () => (await exchange({}, { headers: { dpop: await prove(key) } })).access_token;
const askWith = async (token: string, proof: string | undefined, scheme = 'DPoP') =>
  ask(token, { scheme, headers: proof === undefined ? {} : { dpop: proof } });

describe('a token that was asked for with a proof', () => {
  test('is bound to the key that made it', async () => {
    const reply = await exchange({}, { headers: { dpop: await prove(key) } });
    expect(reply).toMatchObject({ status: 200, token_type: 'DPoP' });
    expect(decodeJwt(reply.access_token)['cnf']).toEqual({ jkt: key.jkt });
  });

  test('opens the gateway with a fresh proof, each time', async () => {
    const token = await boundToken();
    expect(await askWith(token, await prove(key, token))).toBe('200 canteen');
    expect(await askWith(token, await prove(key, token))).toBe('200 canteen');
  });

  test('is refused as a bearer’s, with the proof and without', async () => {
    const token = await boundToken();
    expect(await ask(token)).toBe('401 HUB_TOKEN_PROOF_INVALID');
    expect(await askWith(token, await prove(key, token), 'Bearer')).toBe('401 HUB_TOKEN_PROOF_INVALID');
  });

  test('is refused without a proof, and told which algorithms a proof may have', async () => {
    const token = await boundToken();
    const { status, headers, body } = await askWhole(token, { scheme: 'DPoP' });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe(
      'DPoP realm="trait-dunion", error="invalid_dpop_proof", algs="ES256 EdDSA PS256"',
    );
    expect(JSON.stringify(body)).toContain('Preuve de possession');
  });

  test.each<[string, (token: string) => Promise<string>]>([
    ['of another key', (token) => prove(thief, token)],
    ['of a thief who shows the owner’s key', (token) => prove({ ...thief, publicJwk: key.publicJwk }, token)],
    ['for another method', (token) => prove(key, token, { htm: 'GET' })],
    ['for another address', (token) => prove(key, token, { htu: 'https://elsewhere.test/graphql' })],
    ['for the token endpoint', (token) => prove(key, token, { htu: `${setting.hub.origin}/session/token` })],
    ['for another token', (token) => prove(key, `${token}x`)],
    ['for no token', (token) => prove(key, token, { ath: undefined })],
    ['31 seconds old', (token) => prove(key, token, { iat: Math.floor(Date.now() / 1000) - 32 })],
    ['31 seconds ahead', (token) => prove(key, token, { iat: Math.floor(Date.now() / 1000) + 32 })],
    ['without iat', (token) => prove(key, token, { iat: undefined })],
    ['without jti', (token) => prove(key, token, { jti: undefined })],
    ['of another type', (token) => prove(key, token, {}, { typ: 'JWT' })],
    ['without its key', (token) => prove(key, token, {}, { jwk: undefined })],
    ['with an unknown critical header', (token) => prove(key, token, {}, { crit: ['x'], x: 1 }).catch(() => 'x.y.z')],
    ['that is no JWT', () => Promise.resolve('not-a-proof')],
    ['of 5,000 characters', (token) => prove(key, token, { filler: 'a'.repeat(5000) })],
  ])('is refused with a proof %s', async (_case, make) => {
    const token = await boundToken();
    expect(await askWith(token, await make(token))).toBe('401 HUB_TOKEN_PROOF_INVALID');
  });

  test('is refused with a proof signed by a shared secret', async () => {
    const token = await boundToken();
    const secret = new TextEncoder().encode('a secret that both sides know, 32 bytes long');
    const claims = decodeJwt(await prove(key, token));
    const proof = await new SignJWT(claims)
      .setProtectedHeader({
        typ: 'dpop+jwt',
        alg: 'HS256',
        jwk: { kty: 'oct', k: Buffer.from(secret).toString('base64url') } as never,
      })
      .sign(secret);
    expect(await askWith(token, proof)).toBe('401 HUB_TOKEN_PROOF_INVALID');
  });

  test('is refused with a proof that shows a private key', async () => {
    const token = await boundToken();
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const { exportJWK } = await import('jose');
    expect(await askWith(token, await prove(key, token, {}, { jwk: await exportJWK(privateKey) }))).toBe(
      '401 HUB_TOKEN_PROOF_INVALID',
    );
  });

  test('takes a proof once, a proof within its 30 seconds, and an address in any spelling', async () => {
    const token = await boundToken();
    const proof = await prove(key, token);
    expect(await askWith(token, proof)).toBe('200 canteen');
    expect(await askWith(token, proof)).toBe('401 HUB_TOKEN_PROOF_INVALID');
    const late = await prove(key, token, { iat: Math.floor(Date.now() / 1000) - 28 });
    expect(await askWith(token, late)).toBe('200 canteen');
    const spelt = `${setting.hub.origin.replace('http:', 'HTTP:')}/graphql?x=1#y`;
    expect(await askWith(token, await prove(key, token, { htu: spelt }))).toBe('200 canteen');
  });

  test('presented twice at once with one proof is let in once', async () => {
    const token = await boundToken();
    const proof = await prove(key, token);
    const replies = await Promise.all([1, 2, 3, 4].map(() => askWith(token, proof)));
    expect(replies.filter((reply) => reply === '200 canteen')).toHaveLength(1);
  });

  test('a header DPoP that stands there twice is refused before anything is read', async () => {
    const token = await boundToken();
    const { request } = await import('node:http');
    const status = await new Promise<number>((resolve, reject) => {
      const call = request(`${setting.hub.origin}/graphql`, { method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      call.on('error', reject);
      call.setHeader('content-type', 'application/json');
      call.setHeader('authorization', `DPoP ${token}`);
      call.setHeader('dpop', ['one', 'two']);
      call.end('{"query":"{ me { id } }"}');
    });
    expect(status).toBe(400);
  });
});

describe('a session that was begun with a proof', () => {
  test('goes on with proofs of the same key alone', async () => {
    const { refresh_token: first } = await exchange({}, { headers: { dpop: await prove(key) } });
    expect(await refresh(first)).toMatchObject({ status: 400, error: 'invalid_dpop_proof' });
    expect(await refresh(first, {}, { headers: { dpop: await prove(thief) } })).toMatchObject({
      status: 400,
      error: 'invalid_dpop_proof',
    });
    const second = await refresh(first, {}, { headers: { dpop: await prove(key) } });
    expect(second).toMatchObject({ status: 200, token_type: 'DPoP' });
    expect(decodeJwt(second.access_token)['cnf']).toEqual({ jkt: key.jkt });
  });

  test('does not begin with a proof that is not good, or was used', async () => {
    const stale = await prove(key, undefined, { iat: Math.floor(Date.now() / 1000) - 100 });
    expect(await exchange({}, { headers: { dpop: stale } })).toMatchObject({
      status: 400,
      error: 'invalid_dpop_proof',
    });
    expect(await exchange({}, { headers: { dpop: '' } })).toMatchObject({ status: 400, error: 'invalid_dpop_proof' });
    const proof = await prove(key);
    expect((await exchange({}, { headers: { dpop: proof } })).status).toBe(200);
    expect(await exchange({}, { headers: { dpop: proof } })).toMatchObject({ error: 'invalid_dpop_proof' });
  });
});

test('a token that is bound to no key is refused by the scheme DPoP, since nobody has proved anything by it', async () => {
  const { access_token: token } = await exchange();
  expect(await askWith(token, await prove(key, token))).toBe('401 HUB_TOKEN_PROOF_INVALID');
  expect(await ask(token)).toBe('200 canteen');
});
