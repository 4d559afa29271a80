import { beforeAll, describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { CompactEncrypt, decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { openTokenKeys, type TokenKeys } from '../../gateway/platform/tokenKeys.ts';
import { ask, exchange, revoke } from '../gateway/session/client.ts';
import { unsigned } from '../gateway/identify/issuer.ts';
import { FC_CLIENT, setting, useHub } from '../gateway/session/setting.ts';

/* Tokens that look like the hub's own, and those that were: each is refused at the gateway, and none costs a question to anybody. */
useHub();

let keys: TokenKeys;
let good: string;
let claims: JWTPayload;
beforeAll(async () => {
  // The hub's very keys: what is refused below is refused for what it says, not for who signed it.
  keys = await openTokenKeys({ dataDir: setting.dataDir, clock: () => Date.now(), log: { error: () => {} } as never });
  keys.close();
  good = (await exchange()).access_token;
  claims = decodeJwt(good);
});

const seconds = () => Math.floor(Date.now() / 1000);
const signed = (changes: Record<string, unknown>) =>
  keys.sign({ ...claims, iat: seconds(), exp: seconds() + 300, ...changes });

test('the pattern of what follows is good', async () => {
  expect(await ask(await signed({}))).toBe('200 canteen');
});

describe('signed by the hub, and refused for', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['another issuer', { iss: 'https://elsewhere.test/session' }, '401 HUB_TOKEN_INVALID'],
    ['another audience', { aud: 'https://elsewhere.test/graphql' }, '401 HUB_TOKEN_INVALID'],
    ['an audience beside the hub', { aud: ['AUD', 'https://elsewhere.test'] }, '401 HUB_TOKEN_INVALID'],
    ['no end', { exp: undefined }, '401 HUB_TOKEN_INVALID'],
    ['an end in the past', { exp: 1_000_000_000 }, '401 HUB_TOKEN_EXPIRED'],
    ['a beginning tomorrow', { nbf: 99_999_999_999 }, '401 HUB_TOKEN_INVALID'],
    ['an issue tomorrow', { iat: 99_999_999_999, exp: 99_999_999_999 }, '401 HUB_TOKEN_INVALID'],
    ['no session, which could not be revoked', { hub_session: undefined }, '401 HUB_TOKEN_INVALID'],
    ['no identity', { hub_identity: undefined }, '401 HUB_TOKEN_INVALID'],
    ['an identity in the clear', { hub_identity: '{"family_name":"MARTINEAU"}' }, '401 HUB_TOKEN_INVALID'],
    ['no purpose', { purpose: undefined }, '401 HUB_TOKEN_INVALID'],
    ['a purpose that the service does not hold', { purpose: 'housing-file' }, '403 HUB_TOKEN_PURPOSE_UNKNOWN'],
    ['a client that is no service', { client_id: FC_CLIENT('canteen') }, '403 HUB_TOKEN_UNKNOWN_SERVICE'],
    ['no level', { acr: undefined }, '401 HUB_TOKEN_INVALID'],
    ['an invented level', { acr: 'eidas4' }, '401 HUB_TOKEN_INVALID'],
    ['no name', { jti: undefined }, '401 HUB_TOKEN_INVALID'],
    ['a binding to a certificate, which nobody here can check', { cnf: { 'x5t#S256': 'a' } }, '401 HUB_TOKEN_INVALID'],
    ['an empty binding', { cnf: {} }, '401 HUB_TOKEN_INVALID'],
    ['a binding that is null', { cnf: null }, '401 HUB_TOKEN_INVALID'],
  ])('%s', async (_case, changes, reply) => {
    const { aud } = changes;
    const withOwnAudience = Array.isArray(aud) ? { aud: [claims.aud as string, aud[1] as string] } : {};
    expect(await ask(await signed({ ...changes, ...withOwnAudience }))).toBe(reply);
  });

  test('an identity that was sealed by somebody else', async () => {
    const sealed = await new CompactEncrypt(Buffer.from(JSON.stringify({ family_name: 'AUTRE' })))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: decodeProtectedHeader(good).kid! })
      .encrypt(new Uint8Array(32));
    expect(await ask(await signed({ hub_identity: sealed }))).toBe('401 HUB_TOKEN_INVALID');
  });
});

describe('not signed by the hub', () => {
  test.each(['none', 'None', 'NONE', ''])('by the algorithm "%s"', async (alg) => {
    expect(await ask(unsigned({ alg, typ: 'at+jwt', kid: 'x' }, claims))).toBe('401 HUB_TOKEN_INVALID');
    const [, payload] = good.split('.');
    const header = Buffer.from(JSON.stringify({ ...decodeProtectedHeader(good), alg })).toString('base64url');
    expect(await ask(`${header}.${payload}.`)).toBe('401 HUB_TOKEN_INVALID');
  });

  test('but by its public key taken for a shared secret', async () => {
    const { keys: published } = (await (await fetch(`${setting.hub.issuer}/jwks`)).json()) as { keys: object[] };
    for (const secret of [JSON.stringify(published[0]), JSON.stringify({ keys: published })]) {
      const header = { alg: 'HS256', typ: 'at+jwt', kid: decodeProtectedHeader(good).kid };
      const text = unsigned(header, claims).slice(0, -1);
      const signature = createHmac('sha256', secret).update(text).digest('base64url');
      expect(await ask(`${text}.${signature}`)).toBe('401 HUB_TOKEN_INVALID');
    }
  });

  test('but by another key under the hub’s name for its own, or under an unknown one', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    for (const kid of [decodeProtectedHeader(good).kid!, 'hub-unknown', '__proto__']) {
      const forged = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
        .sign(privateKey);
      expect(await ask(forged)).toBe('401 HUB_TOKEN_INVALID');
    }
  });

  test('but changed in one character of header, claims or signature', async () => {
    for (const at of [5, good.indexOf('.') + 9, good.length - 9]) {
      const changed = good.slice(0, at) + (good[at] === 'A' ? 'B' : 'A') + good.slice(at + 1);
      expect(await ask(changed)).toBe('401 HUB_TOKEN_INVALID');
    }
  });

  test('but encrypted, endless, or with a header that must be understood', async () => {
    expect(await ask(claims['hub_identity'] as string)).toBe('401 HUB_TOKEN_INVALID');
    expect(await ask(`${good}${'A'.repeat(17_000)}`)).toBe('401 HUB_TOKEN_INVALID');
    expect(await ask(unsigned({ alg: 'ES256', typ: 'at+jwt', crit: ['b64'], b64: false }, claims, 'AAAA'))).toBe(
      '401 HUB_TOKEN_INVALID',
    );
  });
});

test('a flood of unknown keys costs neither a fetch nor the valid traffic', async () => {
  const before = setting.franceConnect.questions().length;
  const { privateKey } = await generateKeyPair('ES256');
  const flood = Array.from({ length: 50 }, async (_, at) => {
    const header = { alg: 'ES256', typ: 'at+jwt', kid: `hub-${at}` };
    return ask(await new SignJWT(claims).setProtectedHeader(header).sign(privateKey));
  });
  const replies = await Promise.all([...flood, ask(good)]);
  expect(replies.at(-1)).toBe('200 canteen');
  expect(new Set(replies.slice(0, -1))).toEqual(new Set(['401 HUB_TOKEN_INVALID']));
  expect(setting.franceConnect.questions()).toHaveLength(before);
});

test('a token that was verified and remembered is refused on the next request after its session was ended', async () => {
  const { access_token: token } = await exchange();
  for (let times = 0; times < 3; times += 1) expect(await ask(token)).toBe('200 canteen');
  await revoke(token);
  expect(await ask(token)).toBe('401 HUB_TOKEN_REVOKED');
});
