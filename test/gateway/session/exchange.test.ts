import { describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { ACCESS_TOKEN, ask, askWhole, exchange } from './client.ts';
import { ZOE } from './franceConnect.ts';
import { FC_CLIENT, setting, useHub } from './setting.ts';

useHub();

describe('an exchange', () => {
  test('gives a hub token of 5 minutes for the purpose, with the scopes of token and habilitation together', async () => {
    const reply = await exchange();
    expect(reply).toMatchObject({
      status: 200,
      issued_token_type: ACCESS_TOKEN,
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'birthcountry birthdate birthplace cnaf_quotient_familial family_name gender given_name',
    });
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(decodeProtectedHeader(reply.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    const claims = decodeJwt(reply.access_token);
    expect(claims).toMatchObject({
      iss: setting.hub.issuer,
      aud: `${setting.hub.origin}/graphql`,
      client_id: 'canteen',
      purpose: 'canteen-pricing',
      acr: 'eidas1',
      scope: reply.scope,
    });
    expect(claims.exp! - claims.iat!).toBe(300);
  });

  test('asks FranceConnect once, with the three fields that it allows', async () => {
    const before = setting.franceConnect.questions().length;
    await exchange();
    const asked = setting.franceConnect.questions().slice(before);
    expect(asked.map((form) => [...form.keys()])).toEqual([['token', 'client_id', 'client_secret']]);
  });

  test('carries the citizen’s identity so that nobody but the hub can read it', async () => {
    const { access_token: token } = await exchange();
    const claims = JSON.stringify(decodeJwt(token));
    for (const value of [ZOE.family_name, 'Zoé', ZOE.birthdate, ZOE.birthplace, 'pairwise-at-franceconnect']) {
      expect(claims).not.toContain(value);
    }
    const { body } = await askWhole(token);
    expect(body).toMatchObject({ service: 'canteen', purpose: 'canteen-pricing', pivot: ZOE, acr: 'eidas1' });
  });

  test('names the citizen to two services of one body alike, and to another body otherwise', async () => {
    const subOf = async (clientId: string) => decodeJwt((await exchange({ client_id: clientId })).access_token).sub;
    const [canteen, app, creche] = [await subOf('canteen'), await subOf('canteen-app'), await subOf('creche')];
    expect(app).toBe(canteen);
    expect(creche).not.toBe(canteen);
    expect(canteen).toHaveLength(43);
  });

  test('narrows to the scopes asked for', async () => {
    expect(await exchange({ scope: 'cnaf_quotient_familial cnaf_adresse' })).toMatchObject({
      scope: 'cnaf_quotient_familial',
    });
  });

  test('can be made again with the same token while it lives, and FranceConnect is not asked again', async () => {
    const token = setting.franceConnect.issue(FC_CLIENT('canteen'));
    expect((await exchange({ subject_token: token })).status).toBe(200);
    const before = setting.franceConnect.questions().length;
    expect((await exchange({ subject_token: token })).status).toBe(200);
    expect(setting.franceConnect.questions()).toHaveLength(before);
  });
});

describe('an exchange is refused', () => {
  test.each([
    ['without subject_token', { subject_token: '' }, 'invalid_request'],
    ['for another kind of token', { subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' }, 'invalid_request'],
    [
      'for another kind of answer',
      { requested_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
      'invalid_request',
    ],
    ['on behalf of somebody', { actor_token: 'x', actor_token_type: ACCESS_TOKEN }, 'invalid_request'],
    ['without a purpose', { purpose: undefined }, 'invalid_request'],
    ['for a purpose that nobody knows', { purpose: 'anything' }, 'invalid_target'],
    ['for a purpose that the service does not hold', { purpose: 'housing-file' }, 'invalid_target'],
    ['for another audience', { audience: 'https://elsewhere.test' }, 'invalid_target'],
    ['for another resource', { resource: 'https://elsewhere.test' }, 'invalid_target'],
    ['with scopes of which none is left', { scope: 'cnaf_adresse' }, 'invalid_scope'],
    ['with a JWT for a token', { subject_token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.' }, 'invalid_grant'],
    ['with a token that nobody issued', { subject_token: 'a'.repeat(43) }, 'invalid_grant'],
    ['by a client that is unknown', { client_id: 'nobody' }, 'invalid_client'],
    ['with a wrong secret', { client_secret: 'wrong-secret-0123456789-0123456789-0123' }, 'invalid_client'],
    ['with no secret', { client_secret: undefined }, 'invalid_client'],
  ])('%s', async (_case, changes, error) => {
    const reply = await exchange(changes);
    expect(reply).toMatchObject({ status: error === 'invalid_client' ? 401 : 400, error });
    expect(reply.error_description).toMatch(/^[\x20-\x7e]+$/);
    expect(reply.access_token).toBeUndefined();
  });

  test('to a service whose habilitation is not in force, before FranceConnect is asked', async () => {
    setting.revoked.add('canteen');
    const before = setting.franceConnect.questions().length;
    expect(await exchange()).toMatchObject({ status: 400, error: 'invalid_target' });
    expect(setting.franceConnect.questions()).toHaveLength(before);
  });

  test('with a token that lacks part of the identity, without saying which person', async () => {
    const token = setting.franceConnect.issue(FC_CLIENT('canteen'), { birthdate: undefined });
    const reply = await exchange({ subject_token: token });
    expect(reply).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(reply.text).toContain('identite_pivot');
    expect(reply.text).not.toContain('MARTINEAU');
  });

  test('when the citizen’s token has ended, to the second', async () => {
    const token = setting.franceConnect.issue(FC_CLIENT('canteen'));
    setting.aheadMs += 61_000;
    expect(await exchange({ subject_token: token })).toMatchObject({ status: 400, error: 'invalid_grant' });
  });
});

describe('the confused deputy', () => {
  test('a token that a citizen gave to another service opens nothing', async () => {
    const theirs = setting.franceConnect.issue(FC_CLIENT('creche'));
    expect(await exchange({ subject_token: theirs })).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('nor does one of another service of the same body', async () => {
    const theirs = setting.franceConnect.issue(FC_CLIENT('canteen-app'));
    expect(await exchange({ subject_token: theirs })).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('nor one of a service provider that the hub does not know, in the same words as an unknown token', async () => {
    const foreign = setting.franceConnect.issue('somebody-elsewhere');
    const [one, other] = [
      await exchange({ subject_token: foreign }),
      await exchange({ subject_token: 'a'.repeat(43) }),
    ];
    expect(one.text).toBe(other.text);
  });
});

describe('the gateway', () => {
  test('lets a hub token in without asking FranceConnect or itself', async () => {
    const { access_token: token } = await exchange();
    const before = setting.franceConnect.questions().length;
    expect(await ask(token)).toBe('200 canteen');
    expect(await ask(token)).toBe('200 canteen');
    expect(setting.franceConnect.questions()).toHaveLength(before);
  });

  test('goes by the purpose of the token and not by the header', async () => {
    const { access_token: token } = await exchange();
    expect((await askWhole(token, { headers: { 'hub-purpose': 'housing-file' } })).body).toMatchObject({
      purpose: 'canteen-pricing',
    });
  });

  test('refuses a token whose habilitation was revoked since', async () => {
    const { access_token: token } = await exchange();
    expect(await ask(token)).toBe('200 canteen');
    setting.revoked.add('canteen');
    expect(await ask(token)).toBe('403 HUB_TOKEN_PURPOSE_UNKNOWN');
  });

  test('refuses it when it has ended', async () => {
    const { access_token: token } = await exchange();
    setting.aheadMs += 304_000;
    expect(await ask(token)).toBe('200 canteen');
    setting.aheadMs += 2000;
    expect(await ask(token)).toBe('401 HUB_TOKEN_EXPIRED');
  });
});
