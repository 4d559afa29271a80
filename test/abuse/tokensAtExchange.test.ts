import { describe, expect, test } from '@jest/globals';
import { generateKeyPair, exportJWK, type JWK } from 'jose';
import { ask, askWhole, exchange, refresh } from '../gateway/session/client.ts';
import type { Misbehaviour } from '../gateway/session/franceConnect.ts';
import { FC_CLIENT, openHub, setting, useHub } from '../gateway/session/setting.ts';

/*
 * FranceConnect, or whoever stands in its place, answers wrongly: nothing is issued, nothing is let in, nothing is said of anybody, and who
 * is inside already goes on.
 */
useHub();

const PURPOSE = { headers: { 'hub-purpose': 'canteen-pricing' } };
/** What must stand in no answer and no log: of the citizen, of the hub's access to FranceConnect, of the machine. */
const SECRETS =
  /MARTINEAU|Zoé|1985|75107|pairwise-at|fc-client|hub-secret|hub-as-data|127\.0\.0\.1:|node_modules|\.ts:/;

let otherKey: JWK;

const WRONG: [string, () => Misbehaviour | Promise<Misbehaviour>][] = [
  ['does not answer', () => ({ hangUp: true })],
  ['answers after the hub has given up', () => ({ delayMs: 4000 })],
  ['answers 500', () => ({ status: 500, body: '{"error":"server_error"}', contentType: 'application/json' })],
  [
    'does not know the hub',
    () => ({ status: 401, body: '{"error":"invalid_client"}', contentType: 'application/json' }),
  ],
  ['answers a page', () => ({ body: '<html>MARTINEAU</html>', contentType: 'text/html' })],
  ['answers the facts as plain JSON', () => ({ body: '{"active":true}', contentType: 'application/json' })],
  ['answers plain JSON under the right name', () => ({ body: '{"active":true}' })],
  ['answers garbage', () => ({ body: 'a.b.c.d.e' })],
  ['answers nothing', () => ({ body: '' })],
  ['answers a megabyte', () => ({ body: 'a'.repeat(1_000_000) })],
  ['encrypts to somebody else', async () => ({ encryptTo: await strangersKey() })],
  ['compresses its answer', () => ({ body: jweWith({ alg: 'ECDH-ES', enc: 'A256GCM', zip: 'DEF' }) })],
  ['encrypts by another algorithm', () => ({ body: jweWith({ alg: 'dir', enc: 'A256GCM' }) })],
  ['encrypts by a weaker cipher', () => ({ body: jweWith({ alg: 'ECDH-ES', enc: 'A128CBC-HS256' }) })],
  ['names a key of encryption that is not the hub’s', () => ({ jweHeader: { kid: 'another' } })],
  ['signs with another key', async () => ({ signWith: (await generateKeyPair('ES256')).privateKey })],
  [
    'signs with a key that it does not publish',
    async () => ({ signWith: (await generateKeyPair('ES256')).privateKey, jwsHeader: { kid: 'fc-2' } }),
  ],
  ['names no key', () => ({ jwsHeader: { kid: undefined } })],
  ['is another issuer', () => ({ outer: { iss: 'https://elsewhere.test' } })],
  ['answers another data provider', () => ({ outer: { aud: 'another-data-provider' } })],
  [
    'answers several data providers at once',
    () => ({ outer: { aud: ['hub-as-data-provider-0123456789abcdef', 'another'] } }),
  ],
  [
    'answers with the audiences swapped',
    () => ({ outer: { aud: FC_CLIENT('canteen') }, inner: { aud: 'hub-as-data-provider-0123456789abcdef' } }),
  ],
  ['answers nobody in particular', () => ({ outer: { aud: undefined } })],
  ['repeats an answer of a minute ago', () => ({ outer: { iat: Math.floor(Date.now() / 1000) - 60 } })],
  ['answers from the future', () => ({ outer: { iat: Math.floor(Date.now() / 1000) + 60 } })],
  ['does not say when', () => ({ outer: { iat: undefined } })],
  ['says nothing of the token', () => ({ outer: { token_introspection: undefined } })],
  ['says "active" as text', () => ({ inner: { active: 'true' } })],
  ['does not say for whom the token is', () => ({ inner: { aud: undefined } })],
  ['says several audiences of the token', () => ({ inner: { aud: [FC_CLIENT('canteen'), FC_CLIENT('creche')] } })],
  ['does not say how strongly the citizen logged in', () => ({ inner: { acr: undefined } })],
  ['invents a level', () => ({ inner: { acr: 'eidas9' } })],
  ['does not say when the token ends', () => ({ inner: { exp: undefined } })],
  [
    'says a token of tomorrow',
    () => ({ inner: { iat: Math.floor(Date.now() / 1000) + 86_400, exp: Math.floor(Date.now() / 1000) + 86_460 } }),
  ],
];

async function strangersKey(): Promise<JWK> {
  otherKey ??= await exportJWK((await generateKeyPair('ECDH-ES', { extractable: true, crv: 'P-256' })).publicKey);
  return otherKey;
}

function jweWith(header: object): string {
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`;
}

describe('an identity provider that', () => {
  test.each(WRONG)('%s opens nothing', async (_case, make) => {
    setting.franceConnect.misbehave(await make());
    const token = setting.franceConnect.issue(FC_CLIENT('canteen'));
    const refused = await exchange({ subject_token: token });
    expect(refused).toMatchObject({ status: 503, error: 'temporarily_unavailable' });
    expect(refused.text).not.toMatch(SECRETS);
    expect(refused.access_token).toBeUndefined();

    const atGateway = await askWhole(token, PURPOSE);
    expect(atGateway.status).toBe(503);
    expect(atGateway.headers.get('retry-after')).toBe('2');
    expect(JSON.stringify(atGateway.body)).toContain('HUB_TOKEN_ISSUER_UNAVAILABLE');
    expect(JSON.stringify(atGateway.body)).not.toMatch(SECRETS);
    expect(setting.logged.join('\n')).not.toMatch(/MARTINEAU|Zoé|1985|75107|pairwise-at|hub-secret/);
    expect(setting.logged.join('\n')).not.toContain(token);
  });

  test('was wrong once is asked again: a fault is not remembered', async () => {
    const token = setting.franceConnect.issue(FC_CLIENT('canteen'));
    setting.franceConnect.misbehave({ status: 500 });
    expect((await exchange({ subject_token: token })).status).toBe(503);
    setting.franceConnect.misbehave(undefined);
    expect((await exchange({ subject_token: token })).status).toBe(200);
  });

  test('is down leaves those inside alone: their tokens are good, and are refreshed', async () => {
    const inside = await exchange();
    setting.franceConnect.misbehave({ hangUp: true });
    expect((await exchange()).status).toBe(503);
    expect(await ask(inside.access_token)).toBe('200 canteen');
    const next = await refresh(inside.refresh_token);
    expect(next.status).toBe(200);
    expect(await ask(next.access_token)).toBe('200 canteen');
  });

  test('hangs is not asked by everybody at once: what is too much is refused, and services are not kept waiting by it', async () => {
    setting.franceConnect.misbehave({ delayMs: 500 });
    const { introspect } = setting.hub.session.identification.franceConnect!;
    const flood = Array.from({ length: 80 }, (_, at) => introspect(`${'e'.repeat(40)}${at}`).then(String, String));
    const service = exchange();
    const replies = await Promise.all(flood);
    expect(replies.filter((reply) => reply.includes('HUB_TOKEN_ISSUER_UNAVAILABLE'))).toHaveLength(30);
    expect((await service).status).toBe(200);
  });
});

test('a hub whose key file is that of another FranceConnect client does not start', async () => {
  const { encryptionKey: _own, ...config } = setting.franceConnect.config;
  const rsa = await exportJWK((await generateKeyPair('RSA-OAEP', { extractable: true })).privateKey);
  await expect(openHub({ ...config, encryptionKey: rsa })).rejects.toThrow(
    "FranceConnect's encryption key: expected a private EC key for ECDH-ES, got RSA",
  );
});
