import { describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { SubjectKey } from '../../../gateway/platform/ids.ts';
import type { SessionTables } from '../../../gateway/session/sessionTables.ts';
import { ask, askWhole, exchange, post, refresh, revoke } from './client.ts';
import { openHub, setting, useHub } from './setting.ts';

useHub();

describe('a refresh token', () => {
  test('gives a token of the same session, and another refresh token in its place', async () => {
    const first = await exchange();
    const second = await refresh(first.refresh_token);
    expect(second).toMatchObject({ status: 200, expires_in: 300, token_type: 'Bearer', scope: first.scope });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const [before, after] = [decodeJwt(first.access_token), decodeJwt(second.access_token)];
    expect(after['hub_session']).toBe(before['hub_session']);
    expect(after.sub).toBe(before.sub);
    expect(after.jti).not.toBe(before.jti);
    expect(await ask(second.access_token)).toBe('200 canteen');
  });

  test('may ask for less, and for no more than the session has', async () => {
    const { refresh_token: token } = await exchange({ scope: 'cnaf_quotient_familial' });
    const less = await refresh(token, { scope: 'cnaf_quotient_familial birthdate' });
    expect(less.scope).toBe('cnaf_quotient_familial');
    expect(await refresh(less.refresh_token, { scope: 'birthdate' })).toMatchObject({
      status: 400,
      error: 'invalid_scope',
    });
  });

  test('that is seen again ends the session: for the one who copied it and for the one it was copied from', async () => {
    const first = await exchange();
    const second = await refresh(first.refresh_token);
    expect(await refresh(first.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await refresh(second.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await ask(second.access_token)).toBe('401 HUB_TOKEN_REVOKED');
    expect(await ask(first.access_token)).toBe('401 HUB_TOKEN_REVOKED');
  });

  test('presented ten times at once is good once', async () => {
    const { refresh_token: token } = await exchange();
    const replies = await Promise.all(Array.from({ length: 10 }, () => refresh(token)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ error }) => error === 'invalid_grant')).toHaveLength(9);
  });

  test('of another service, of the same body as well, is unknown', async () => {
    const { refresh_token: token } = await exchange();
    expect(await refresh(token, { client_id: 'canteen-app' })).toMatchObject({ status: 400, error: 'invalid_grant' });
    // That it was tried by somebody else costs its holder nothing.
    expect((await refresh(token)).status).toBe(200);
  });

  test('ends with the citizen’s session, 30 minutes after FranceConnect’s token began', async () => {
    let { refresh_token: token } = await exchange();
    const begun = setting.aheadMs;
    setting.aheadMs = begun + 29 * 60_000;
    const last = await refresh(token);
    expect(last.status).toBe(200);
    expect(last.expires_in).toBeLessThanOrEqual(60);
    token = last.refresh_token;
    setting.aheadMs = begun + 30 * 60_000 + 1000;
    expect(await refresh(token)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('is worth nothing when the habilitation has been revoked', async () => {
    const { refresh_token: token } = await exchange();
    setting.revoked.add('canteen');
    expect(await refresh(token)).toMatchObject({ status: 400, error: 'invalid_target' });
  });

  test('is worth nothing when the citizen has withdrawn the consent, and is worth something before it was given', async () => {
    const first = await exchange({ client_id: 'creche' });
    const subject = await subjectBehind(first.access_token);
    const second = await refresh(first.refresh_token, { client_id: 'creche' });
    expect(second.status).toBe(200);
    const consent = await setting.ledger.giveConsent({
      subject,
      clientId: 'creche' as never,
      purpose: 'creche-place',
      kind: 'CONSENT',
      legalBasis: 'CONSENT_RGPD_6_1_A',
      scopes: ['cnaf_adresse'],
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    });
    const third = await refresh(second.refresh_token, { client_id: 'creche' });
    expect(third.status).toBe(200);
    await setting.ledger.withdrawConsent(subject, consent.id);
    expect(await refresh(third.refresh_token, { client_id: 'creche' })).toMatchObject({
      status: 400,
      error: 'invalid_grant',
      error_description: "the citizen's consent has ended",
    });
  });

  test('lies in the database as a hash, beside an identity that only the hub’s key opens', async () => {
    const { refresh_token: token, access_token: accessToken } = await exchange();
    const db = await setting.database.forOwner<SessionTables>('hub');
    const rows = JSON.stringify([
      await db.selectFrom('refresh_tokens').selectAll().execute(),
      await db.selectFrom('citizen_sessions').selectAll().execute(),
      await db.selectFrom('session_clients').selectAll().execute(),
    ]);
    for (const secret of [token, accessToken, 'secret-of-canteen', 'MARTINEAU', '1985-02-03']) {
      expect(rows).not.toContain(secret);
    }
  });
});

describe('a revoked session', () => {
  test('is over for its access token on the very next request', async () => {
    const { access_token: token } = await exchange();
    expect(await ask(token)).toBe('200 canteen');
    expect((await revoke(token)).status).toBe(200);
    const { status, body, headers } = await askWhole(token);
    expect(status).toBe(401);
    expect(JSON.stringify(body)).toContain('Faites se reconnecter le citoyen.');
    expect(headers.get('www-authenticate')).toContain('invalid_token');
  });

  test('is over for the access token when the refresh token was revoked, and the reverse', async () => {
    const one = await exchange();
    await revoke(one.refresh_token);
    expect(await ask(one.access_token)).toBe('401 HUB_TOKEN_REVOKED');
    const other = await exchange();
    await revoke(other.access_token, { token_type_hint: 'access_token' });
    expect(await refresh(other.refresh_token)).toMatchObject({ error: 'invalid_grant' });
  });

  test('is nobody’s to end but its service’s', async () => {
    const { access_token: token, refresh_token: refreshToken } = await exchange();
    expect((await revoke(token, { client_id: 'canteen-app' })).status).toBe(200);
    expect((await revoke(refreshToken, { client_id: 'creche' })).status).toBe(200);
    expect(await ask(token)).toBe('200 canteen');
    expect(await revoke(token, { client_secret: 'wrong-secret-0123456789-0123456789-0123' })).toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
  });

  test('cannot be named by a token that the hub did not sign', async () => {
    const { access_token: token } = await exchange();
    const [header, payload] = token.split('.');
    const forged = `${header}.${payload}.${'A'.repeat(86)}`;
    expect((await revoke(forged)).status).toBe(200);
    expect((await revoke(Buffer.from(forged).toString('base64url'))).status).toBe(200);
    expect(await ask(token)).toBe('200 canteen');
  });

  test('is over on every node, and stays so after a restart', async () => {
    const second = await openHub();
    const { access_token: token } = await exchange();
    // The other node has another address and so is another issuer: asked for the session itself.
    const id = decodeJwt(token)['hub_session'] as string;
    const isRevoked = (hub: typeof second) => hub.session.identification.hubTokens!.isRevoked(id);
    expect(isRevoked(second)).toBe(false);
    await revoke(token);
    for (let tries = 0; tries < 50 && !isRevoked(second); tries += 1) await new Promise((r) => setTimeout(r, 10));
    expect(isRevoked(second)).toBe(true);
    await second.close();
    const restarted = await openHub();
    expect(isRevoked(restarted)).toBe(true);
    await restarted.close();
  });
});

describe('refused at the token endpoint', () => {
  test.each([
    ['a refresh without a token', { refresh_token: '' }, 'invalid_request'],
    ['a refresh token that nobody has', { refresh_token: 'a'.repeat(43) }, 'invalid_grant'],
    ['another grant', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['a code', { grant_type: 'authorization_code', code: 'x' }, 'invalid_request'],
  ])('%s', async (_case, changes, error) => {
    expect(await refresh('a'.repeat(43), changes)).toMatchObject({ status: 400, error });
  });

  test('a body that is too long, of another type, or by another method', async () => {
    expect((await post('/session/token', { subject_token: 'a'.repeat(40_000) })).status).toBe(413);
    const url = `${setting.hub.origin}/session/token`;
    expect(
      (await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).status,
    ).toBe(400);
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(`${setting.hub.origin}/session/jwks`, { method: 'POST' })).status).toBe(405);
  });

  test('every address of the library’s that the hub has no use for', async () => {
    for (const path of [
      '/session/auth',
      '/session/me',
      '/session/request',
      '/session/reg',
      '/session',
      '/session/token/introspection',
    ]) {
      expect((await fetch(setting.hub.origin + path)).status).toBe(404);
    }
  });
});

async function subjectBehind(token: string): Promise<SubjectKey> {
  return ((await askWhole(token)).body as { subject: SubjectKey }).subject;
}
