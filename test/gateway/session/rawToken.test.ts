import { describe, expect, test } from '@jest/globals';
import type { SubjectKey } from '../../../gateway/platform/ids.ts';
import { ask, askWhole } from './client.ts';
import { FC_CLIENT, setting, useHub } from './setting.ts';

useHub();

const CANTEEN = { headers: { 'hub-purpose': 'canteen-pricing' } };
const aToken = (clientId = 'canteen', claims = {}) => setting.franceConnect.issue(FC_CLIENT(clientId), claims);

describe('FranceConnect’s own token, straight to the gateway', () => {
  test('is good for a purpose that its service holds', async () => {
    expect((await askWhole(aToken(), CANTEEN)).body).toMatchObject({
      service: 'canteen',
      purpose: 'canteen-pricing',
      acr: 'eidas1',
      pivot: { family_name: 'MARTINEAU' },
    });
  });

  test('is introspected once in its life, by however many requests it is presented', async () => {
    const token = aToken();
    const before = setting.franceConnect.questions().length;
    await Promise.all(Array.from({ length: 20 }, () => ask(token, CANTEEN)));
    for (let times = 0; times < 5; times += 1) expect(await ask(token, CANTEEN)).toBe('200 canteen');
    setting.aheadMs += 50_000;
    expect(await ask(token, CANTEEN)).toBe('200 canteen');
    expect(setting.franceConnect.questions()).toHaveLength(before + 1);
  });

  test('has the citizen informed by the hub, once, as an exchange would', async () => {
    const token = aToken('canteen', { family_name: 'DIRECTE' });
    const { body } = await askWhole(token, CANTEEN);
    await askWhole(aToken('canteen', { family_name: 'DIRECTE' }), CANTEEN);
    const entries = await setting.ledger.listConsents((body as { subject: SubjectKey }).subject);
    expect(entries).toMatchObject([{ kind: 'NOTICE', status: 'ACTIVE', clientId: 'canteen' }]);
  });

  test('ends after its 60 seconds, and FranceConnect is not asked about a corpse', async () => {
    const token = aToken();
    expect(await ask(token, CANTEEN)).toBe('200 canteen');
    const before = setting.franceConnect.questions().length;
    setting.aheadMs += 66_000;
    expect(await ask(token, CANTEEN)).toBe('401 HUB_TOKEN_EXPIRED');
    expect(setting.franceConnect.questions()).toHaveLength(before);
  });

  test('needs a purpose, known, and held by the service to which it was issued', async () => {
    expect(await ask(aToken())).toBe('403 HUB_TOKEN_PURPOSE_UNKNOWN');
    expect(await ask(aToken(), { headers: { 'hub-purpose': 'housing-file' } })).toBe('403 HUB_TOKEN_PURPOSE_UNKNOWN');
    expect(await ask(aToken(), { headers: { 'hub-purpose': 'nothing' } })).toBe('403 HUB_TOKEN_PURPOSE_UNKNOWN');
    expect(await ask(aToken('creche'), CANTEEN)).toBe('403 HUB_TOKEN_PURPOSE_UNKNOWN');
  });

  test('of a service provider that is no service of the hub is refused', async () => {
    expect(await ask(setting.franceConnect.issue('somebody-elsewhere'), CANTEEN)).toBe('403 HUB_TOKEN_UNKNOWN_SERVICE');
  });

  test('that nobody issued is asked about once and then refused from memory', async () => {
    const made = 'b'.repeat(43);
    const before = setting.franceConnect.questions().length;
    expect(await ask(made, CANTEEN)).toBe('401 HUB_TOKEN_INVALID');
    expect(await ask(made, CANTEEN)).toBe('401 HUB_TOKEN_INVALID');
    expect(setting.franceConnect.questions()).toHaveLength(before + 1);
  });

  test('of a shape that FranceConnect has none of is not asked about at all', async () => {
    const before = setting.franceConnect.questions().length;
    for (const made of ['short', 'a b c d e f g h i j k l m', 'c'.repeat(300), 'd'.repeat(17_000), 'é'.repeat(43)]) {
      expect(await ask(encodeURIComponent(made), CANTEEN)).toBe('401 HUB_TOKEN_INVALID');
    }
    expect(setting.franceConnect.questions()).toHaveLength(before);
  });
});
