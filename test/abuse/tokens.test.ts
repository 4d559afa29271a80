import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { CompactEncrypt, SignJWT } from 'jose';
import { startHub, type HubAnswer, type RunningHub } from '../support/runningHub.ts';
import { HUB_AUDIENCE, startTestIssuer, type TestIssuer } from '../support/testIssuer.ts';

/* What a token must be, tried on the whole hub: a refused one gets 401 and our words, and no agency hears of it. */

const QUERY = '{ me { civilStatus { birthName } } }';
const PAUL = { persona: 'dupont-paul', service: 'canteen' } as const;

let hub: RunningHub;
let stranger: TestIssuer;
let other: TestIssuer;

beforeAll(async () => {
  stranger = await startTestIssuer(Date.now);
  other = await startTestIssuer(Date.now);
  hub = await startHub({ otherIssuers: [other.settings] });
}, 60_000);
afterAll(async () => {
  await hub.close();
  await stranger.close();
  await other.close();
});
beforeEach(() => void hub.takeRequests());

const now = () => Math.floor(Date.now() / 1000);
const base64url = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

async function expectRefused(token: string, code = 'HUB_TOKEN_INVALID', status = 401): Promise<HubAnswer> {
  const answer = await hub.ask(QUERY, { token });
  expect([answer.status, answer.data, answer.errors.map(({ extensions }) => extensions['code'])]).toEqual([
    status,
    undefined,
    [code],
  ]);
  expect(hub.takeRequests()).toEqual([]);
  return answer;
}

/** The parts of a right token. */
async function parts(): Promise<{
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
  signature: string;
}> {
  const [header, payload, signature] = (await hub.token(PAUL)).split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  return { header: read(header!), payload: read(payload!), signature: signature! };
}

test('a right token is served: what follows is refused for what it says', async () => {
  const answer = await hub.ask(QUERY, PAUL);
  expect(answer.data).toEqual({ me: { civilStatus: { birthName: 'DUPONT' } } });
});

describe('a signature', () => {
  test.each(['none', 'None', 'NONE', ''])('of algorithm "%s" is none', async (alg) => {
    const { header, payload, signature } = await parts();
    const unsigned = `${base64url({ ...header, alg })}.${base64url(payload)}`;
    await expectRefused(`${unsigned}.`);
    await expectRefused(`${unsigned}.${signature}`);
  });

  test('that is empty or of another text is refused', async () => {
    const { header, payload, signature } = await parts();
    await expectRefused(`${base64url(header)}.${base64url(payload)}.`);
    await expectRefused(`${base64url(header)}.${base64url({ ...payload, scope: 'openid dgfip_rfr' })}.${signature}`);
  });

  test('made with the public key as a shared secret is refused', async () => {
    const { header, payload } = await parts();
    const signed = `${base64url({ ...header, alg: 'HS256' })}.${base64url(payload)}`;
    for (const secret of [
      hub.issuer.publicKey.export({ type: 'spki', format: 'pem' }),
      JSON.stringify(hub.issuer.publicKey.export({ format: 'jwk' })),
    ]) {
      await expectRefused(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`);
    }
  });

  test('of somebody else under the right kid is refused', async () => {
    const { header, payload } = await parts();
    await expectRefused(await new SignJWT(payload).setProtectedHeader(header as never).sign(stranger.privateKey));
  });

  test('checked with a key that the token brings along is refused', async () => {
    const { header, payload } = await parts();
    const jwk = stranger.publicKey.export({ format: 'jwk' });
    for (const brought of [{ jwk }, { jku: stranger.settings.jwksUri }, { x5u: stranger.settings.jwksUri }]) {
      const forged = { ...header, ...brought, kid: 'mine' };
      await expectRefused(await new SignJWT(payload).setProtectedHeader(forged as never).sign(stranger.privateKey));
    }
    expect(stranger.keyReads()).toBe(0);
  });
});

describe('the times', () => {
  test.each<[string, () => Record<string, unknown>, string]>([
    ['expired', () => ({ exp: now() - 6 }), 'HUB_TOKEN_EXPIRED'],
    ['not yet valid', () => ({ nbf: now() + 60 }), 'HUB_TOKEN_INVALID'],
    ['issued far ahead', () => ({ iat: now() + 3600, exp: now() + 7200 }), 'HUB_TOKEN_INVALID'],
    ['without end', () => ({ exp: undefined }), 'HUB_TOKEN_INVALID'],
    ['without beginning', () => ({ iat: undefined }), 'HUB_TOKEN_INVALID'],
    ['with an end that is no number', () => ({ exp: '2999-01-01' }), 'HUB_TOKEN_INVALID'],
  ])('of a token that is %s are refused', async (_case, claims, code) => {
    await expectRefused(await hub.token({ ...PAUL, claims: claims() }), code);
  });

  test('may differ by five seconds, and a token that was served ends with its time', async () => {
    const token = await hub.token({ ...PAUL, claims: { exp: now() - 3 } });
    expect((await hub.ask(QUERY, { token })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 2600));
    hub.takeRequests();
    await expectRefused(token, 'HUB_TOKEN_EXPIRED');
  });
});

describe('who the token is from and for', () => {
  test.each<[string, () => Record<string, unknown>]>([
    ['another audience', () => ({ aud: 'https://other.example' })],
    ['no audience', () => ({ aud: undefined })],
    ['a second audience beside ours', () => ({ aud: [HUB_AUDIENCE, 'https://other.example'] })],
    ['another issuer', () => ({ iss: 'https://other.example' })],
    ['no issuer', () => ({ iss: undefined })],
    ['another configured issuer’s name', () => ({ iss: other.settings.iss })],
    ['no subject', () => ({ sub: undefined })],
    ['no client', () => ({ client_id: undefined })],
    ['an unknown level of assurance', () => ({ acr: 'eidas9' })],
  ])('is checked: %s is refused', async (_case, claims) => {
    await expectRefused(await hub.token({ ...PAUL, claims: claims() }));
  });

  test('a client of another configured issuer is not the service of that name', async () => {
    const { payload } = await parts();
    const { iss: _iss, ...claims } = payload;
    await expectRefused(await other.sign(claims), 'HUB_TOKEN_UNKNOWN_SERVICE', 403);
  });

  test.each(['housing-file', 'nothing-known', '', undefined])(
    'the purpose "%s" is not the canteen’s',
    async (purpose) => {
      await expectRefused(await hub.token({ ...PAUL, claims: { purpose } }), 'HUB_TOKEN_PURPOSE_UNKNOWN', 403);
    },
  );

  test('the header Hub-Purpose does not change what the token says', async () => {
    const token = await hub.token({ ...PAUL, claims: { purpose: 'nothing-known' } });
    const answer = await hub.ask(QUERY, { token }, { 'hub-purpose': 'canteen-pricing' });
    expect(answer.errors[0]!.extensions['code']).toBe('HUB_TOKEN_PURPOSE_UNKNOWN');
  });

  test.each(['family_name', 'given_name', 'birthdate', 'gender', 'birthcountry', 'birthplace'])(
    'an identity without %s is nobody for certain',
    async (claim) => {
      const answer = await expectRefused(
        await hub.token({ ...PAUL, claims: { [claim]: undefined } }),
        'HUB_TOKEN_IDENTITY_INCOMPLETE',
        403,
      );
      expect(answer.errors[0]!.extensions['claim']).toBe(claim);
      expect(answer.text).not.toMatch(/DUPONT|1962/);
    },
  );
});

describe('what costs much is refused before it costs', () => {
  test('unknown key names are no flood of fetches, and right tokens pass meanwhile', async () => {
    await hub.ask(QUERY, PAUL);
    const before = hub.issuer.keyReads();
    const { payload } = await parts();
    const flood = Array.from({ length: 200 }, async (_, number) => {
      const header = { alg: 'ES256', typ: 'at+jwt', kid: `unknown-${number}` };
      return hub.ask(QUERY, { token: await new SignJWT(payload).setProtectedHeader(header).sign(stranger.privateKey) });
    });
    const [answers, right] = await Promise.all([Promise.all(flood), hub.ask(QUERY, PAUL)]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(right.data).toEqual({ me: { civilStatus: { birthName: 'DUPONT' } } });
    expect(hub.issuer.keyReads() - before).toBeLessThanOrEqual(1);
  });

  test('an encrypted token is not opened, whatever is packed in it', async () => {
    const bomb = new TextEncoder().encode('0'.repeat(200_000));
    const encrypted = await new CompactEncrypt(bomb)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(new Uint8Array(32));
    await expectRefused(encrypted.slice(0, 12_000));
    await expectRefused(`${base64url({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })}..a.b.c`);
  });

  test('a token of 15,000 characters too many is refused by its length, one of a megabyte with the headers', async () => {
    await expectRefused(await hub.token({ ...PAUL, claims: { ballast: 'x'.repeat(15_000) } }));
    const answer = await hub.ask(QUERY, { token: 'x'.repeat(1_000_000) }).catch(() => undefined);
    // Either the refusal was read, or the connection was cut while the rest was still being sent.
    expect(answer?.status ?? 413).toBe(413);
    expect((await hub.ask(QUERY, PAUL)).status).toBe(200);
  });

  test('a critical header that nobody understands is refused', async () => {
    const { header, payload } = await parts();
    const forged = { ...header, crit: ['policy'], policy: 'none' };
    const signed = `${base64url(forged)}.${base64url(payload)}`;
    await expectRefused(`${signed}.${base64url('signature')}`);
  });

  test.each(['at', 'dpop+jwt', 'logout+jwt', undefined])('a token of type "%s" is no access token', async (typ) => {
    const { payload } = await parts();
    const header = { alg: 'ES256', kid: hub.issuer.kid, ...(typ !== undefined && { typ }) };
    await expectRefused(await new SignJWT(payload).setProtectedHeader(header).sign(hub.issuer.privateKey));
  });

  test.each(['', 'abc', 'a.b', 'a.b.c', 'a.b.c.d', '....', '%00.%00.%00', 'é.é.é'.normalize()])(
    'garbage "%s" is refused with our words',
    async (token) => {
      const answer = await fetch(hub.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${encodeURIComponent(token)}` },
        body: JSON.stringify({ query: QUERY }),
      });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer /)]);
      expect(hub.takeRequests()).toEqual([]);
    },
  );
});

describe('no token at all', () => {
  test.each([
    ['nothing', {}],
    ['a password', { authorization: 'Basic ZHVwb250OnBhdWw=' }],
    ['a cookie', { cookie: 'token=abc; access_token=abc' }],
    ['an identity in headers', { 'x-user-id': 'dupont-paul', 'x-consent': 'all', 'x-forwarded-user': 'dupont-paul' }],
  ])('%s names nobody', async (_case, headers) => {
    const answer = await hub.ask(QUERY, undefined, headers as Record<string, string>);
    expect([answer.status, answer.errors[0]!.extensions['code']]).toEqual([401, 'HUB_TOKEN_MISSING']);
    expect(hub.takeRequests()).toEqual([]);
  });

  test('in the address or the body does not count either', async () => {
    const token = await hub.token(PAUL);
    const body = JSON.stringify({ query: QUERY, access_token: token, extensions: { jwt: token } });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${hub.url}?access_token=${token}`, { method: 'POST', headers, body });
    expect(answer.status).toBe(401);
  });
});

describe('whose data', () => {
  test('is the token’s citizen’s, whatever the variables, headers and extensions of the request say', async () => {
    const token = await hub.token({ persona: 'dupont-angela', service: 'portal' });
    const response = await fetch(hub.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'x-user-id': 'dupont-paul',
        'x-subject': 'dupont-paul',
      },
      body: JSON.stringify({
        query: QUERY,
        variables: { id: 'dupont-paul', sub: 'dupont-paul' },
        extensions: { jwt: await hub.token(PAUL), subject: 'dupont-paul' },
      }),
    });
    expect(await response.json()).toEqual({ data: { me: { civilStatus: { birthName: 'DURAND' } } } });
    const [request] = hub.takeRequests();
    expect(request!.grant!.subjects.map(({ pivot }) => pivot.family_name)).toEqual(['DURAND']);
    expect(Object.keys(request!.headers).filter((name) => /^x-|authorization|cookie/.test(name))).toEqual([]);
  });

  test('is not to be had by a name for anybody: the graph has no field that takes one', async () => {
    for (const query of ['{ citizen(id: "x") { id } }', '{ person(nin: 1) { id } }', '{ node(id: "x") { id } }']) {
      const answer = await hub.ask(query, PAUL);
      expect([answer.status, answer.errors[0]!.extensions['code']]).toEqual([400, 'HUB_OPERATION_INVALID']);
    }
    expect(hub.takeRequests()).toEqual([]);
  });
});
