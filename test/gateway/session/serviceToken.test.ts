import { decodeJwt } from 'jose';
import { expect, test } from '@jest/globals';
import { post } from './client.ts';
import { secretOf, setting, useHub } from './setting.ts';

useHub();

const serve = (clientId: string, secret = secretOf(clientId)) =>
  post('/session/token', { grant_type: 'client_credentials', client_id: clientId, client_secret: secret });

test("a service's own token names the service, nobody else, no scope and no purpose", async () => {
  const reply = await serve('canteen');
  expect(reply).toMatchObject({ status: 200, token_type: 'Bearer', expires_in: 300 });
  const claims = decodeJwt(reply.access_token);
  expect(claims).toMatchObject({ sub: 'canteen', client_id: 'canteen', hub_office: 'service' });
  expect(Object.keys(claims).sort()).toEqual(['aud', 'client_id', 'exp', 'hub_office', 'iat', 'iss', 'jti', 'sub']);
});

test('is not given to whoever cannot show who it is', async () => {
  expect(await serve('canteen', secretOf('creche'))).toMatchObject({ status: 401, error: 'invalid_client' });
  expect(await serve('nobody')).toMatchObject({ status: 401, error: 'invalid_client' });
});

test('two secrets count at a time: the new one from when it is made, the old one until it is ended', async () => {
  const secrets = setting.hub.session.serviceSecrets;
  const second = (await secrets.make('canteen' as never))!;
  expect((await serve('canteen')).status).toBe(200);
  expect((await serve('canteen', second)).status).toBe(200);
  expect(await secrets.make('canteen' as never)).toBeUndefined();
  expect(await secrets.endOlder('canteen' as never)).toBe(true);
  expect((await serve('canteen')).status).toBe(401);
  expect((await serve('canteen', second)).status).toBe(200);
  expect(await secrets.endOlder('canteen' as never)).toBe(false);
});
