import { describe, expect, test } from '@jest/globals';
import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { CompactEncrypt, generateKeyPair } from 'jose';
import { AUDIENCE, signToken, unsigned } from './issuer.ts';
import { claims, key, present, refusal, seconds, setting, token, useSetting } from './setting.ts';

useSetting();

describe('a token is refused', () => {
  const INVALID = '401 HUB_TOKEN_INVALID';

  test('when there is none', async () => {
    expect(await refusal(undefined)).toBe('401 HUB_TOKEN_MISSING');
  });

  test.each(['', 'a', 'a.b', 'a.b.c', '..', 'a.b.c.d.e', 'é.é.é', '{}.{}.{}'])('when it is "%s"', async (text) => {
    expect(await refusal(text)).toBe(INVALID);
  });

  test.each(['none', 'None', 'NONE', 'nOnE', ''])('with alg "%s" and no signature', async (alg) => {
    expect(await refusal(unsigned({ alg, typ: 'at+jwt' }, claims()))).toBe(INVALID);
    expect(await refusal(unsigned({ alg, typ: 'at+jwt', kid: key().kid }, claims(), 'AAAA'))).toBe(INVALID);
  });

  test('with its signature cut off', async () => {
    const text = await token();
    expect(await refusal(text.slice(0, text.lastIndexOf('.') + 1))).toBe(INVALID);
    expect(await refusal(text.slice(0, text.lastIndexOf('.')))).toBe(INVALID);
  });

  test('with one character of signature, header or payload changed', async () => {
    const text = await token();
    for (const at of [5, text.indexOf('.') + 20, text.length - 10]) {
      const other = text[at] === 'A' ? 'B' : 'A';
      expect(await refusal(text.slice(0, at) + other + text.slice(at + 1))).toBe(INVALID);
    }
  });

  test('when it was signed HS256 with the public key as secret', async () => {
    for (const source of [key(), setting.foreign.keys[0]!]) {
      const pem = createPublicKey({ key: source.publicJwk as JsonWebKey, format: 'jwk' }).export({
        type: 'spki',
        format: 'pem',
      });
      for (const secret of [pem, JSON.stringify(source.publicJwk)]) {
        const head = unsigned({ alg: 'HS256', typ: 'at+jwt', kid: source.kid }, claims()).slice(0, -1);
        const mac = createHmac('sha256', secret).update(head).digest('base64url');
        expect(await refusal(`${head}.${mac}`)).toBe(INVALID);
      }
    }
  });

  test('with an algorithm that its issuer is not configured for, though another one is', async () => {
    const rsa = await setting.issuer.addKey('RS256', 'rsa');
    expect(await refusal(await signToken(rsa, claims()))).toBe(INVALID);
  });

  test('when it has expired, to the very second of the tolerance', async () => {
    expect(await refusal(await token({ exp: seconds() - 4 }))).toBe('identified');
    expect(await refusal(await token({ exp: seconds() - 5 }))).toBe('401 HUB_TOKEN_EXPIRED');
  });

  test('before its nbf, to the very second of the tolerance', async () => {
    expect(await refusal(await token({ nbf: seconds() + 5 }))).toBe('identified');
    expect(await refusal(await token({ nbf: seconds() + 6 }))).toBe(INVALID);
  });

  test('when it was issued in the future', async () => {
    expect(await refusal(await token({ iat: seconds() + 5 }))).toBe('identified');
    expect(await refusal(await token({ iat: seconds() + 6 }))).toBe(INVALID);
  });

  test.each(['exp', 'iat', 'sub', 'aud', 'iss', 'client_id', 'acr'])('without %s', async (claim) => {
    expect(await refusal(await token({ [claim]: undefined }))).toBe(INVALID);
  });

  test.each([
    ['exp', 'tomorrow'],
    ['exp', '99999999999'],
    ['iat', '1'],
    ['nbf', '1'],
    ['sub', ''],
    ['sub', 7],
    ['client_id', ['canteen-app']],
    ['client_id', ''],
    ['acr', 'eidas9'],
    ['acr', 3],
    ['purpose', ['canteen-pricing']],
    ['scope', ['cnaf_quotient_familial']],
    ['aud', 'https://other.test'],
    ['aud', []],
    ['aud', [AUDIENCE, 'https://other.test']],
    ['aud', ['https://other.test', AUDIENCE]],
    ['aud', `${AUDIENCE}/`],
    ['iss', 'https://issuer.test/'],
    ['iss', 'https://unknown.test'],
    ['iss', ['https://issuer.test']],
  ])('with %s %p', async (claim, value) => {
    expect(await refusal(await token({ [claim]: value }))).toBe(INVALID);
  });

  test('when another configured issuer signed it, whatever kid it names', async () => {
    const theirs = await setting.foreign.addKey('ES256', key().kid);
    expect(await refusal(await signToken(theirs, claims()))).toBe(INVALID);
    expect(await refusal(await signToken(theirs, claims(), { kid: `${setting.foreign.iss}#1` }))).toBe(INVALID);
    expect(await refusal(await signToken(key(), { ...claims(), iss: setting.foreign.iss }))).toBe(INVALID);
  });

  test.each(['id_token', 'dpop+jwt', 'logout+jwt', '', undefined, 7])('with type %p', async (typ) => {
    expect(await refusal(await token({}, { typ: typ as string }))).toBe(INVALID);
  });

  test('with a critical header', async () => {
    expect(
      await refusal(unsigned({ alg: 'ES256', typ: 'at+jwt', kid: key().kid, crit: ['exp'], exp: 1 }, claims(), 'AA')),
    ).toBe(INVALID);
    expect(
      await refusal(
        unsigned({ alg: 'ES256', typ: 'at+jwt', kid: key().kid, crit: ['b64'], b64: false }, claims(), 'AA'),
      ),
    ).toBe(INVALID);
  });

  test('with a key of its own in the header', async () => {
    const own = await generateKeyPair('ES256', { extractable: true });
    const jwk = key().publicJwk;
    const forged = await signToken({ ...key(), privateKey: own.privateKey }, claims(), {
      jwk,
      jku: 'https://evil.test',
    });
    expect(await refusal(forged)).toBe(INVALID);
  });

  test('when it is encrypted, before anything is opened', async () => {
    const { publicKey } = await generateKeyPair('ECDH-ES');
    const sealed = await new CompactEncrypt(Buffer.from(await token()))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: 'at+jwt' })
      .encrypt(publicKey);
    const before = setting.issuer.fetches();
    expect(await refusal(sealed)).toBe(INVALID);
    expect(setting.issuer.fetches()).toBe(before);
  });

  test('of 1 MB, before any work', async () => {
    const huge = await token({ filler: 'x'.repeat(1_000_000) });
    const before = setting.issuer.fetches();
    const startedAt = performance.now();
    expect(await refusal(huge)).toBe(INVALID);
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(setting.issuer.fetches()).toBe(before);
  });
});

describe('the identity', () => {
  test.each([
    ['family_name', undefined],
    ['family_name', ''],
    ['given_name', 7],
    ['given_name', 'x'.repeat(600)],
    ['gender', 'unknown'],
    ['birthdate', '03/02/1985'],
    ['birthdate', '1985-2-3'],
    ['birthplace', undefined],
    ['birthplace', ''],
    ['birthplace', '75'],
    ['birthcountry', undefined],
    ['birthcountry', 'FR'],
  ])('is incomplete with %s %p, and the refusal names the claim', async (claim, value) => {
    const text = await token({ [claim]: value });
    expect(await refusal(text)).toBe('403 HUB_TOKEN_IDENTITY_INCOMPLETE');
    await expect(present(text)).rejects.toMatchObject({ extensions: { claim } });
  });
});
