import { describe, expect, test } from '@jest/globals';
import type { SubjectKey } from '../../../gateway/platform/ids.ts';
import { createIdentify } from '../../../gateway/request/identify/identify.ts';
import { AUDIENCE } from './issuer.ts';
import { present, refusal, register, setting, token, useSetting } from './setting.ts';

useSetting();

describe('the issuer’s keys', () => {
  test('are fetched once for a flood of unknown kids, and known ones go on', async () => {
    const flood = async () => {
      const before = setting.issuer.fetches();
      for (let at = 0; at < 50; at += 1) {
        expect(await refusal(await token({}, { kid: `unknown-${at}` }))).toBe('401 HUB_TOKEN_INVALID');
      }
      return setting.issuer.fetches() - before;
    };
    await present(await token());
    expect(await flood()).toBe(0);
    setting.nowMs += 30_000;
    expect(await flood()).toBe(1);
    expect(await refusal(await token({ sub: 'other' }))).toBe('identified');
  });

  test('that cannot be had are no verdict on the token', async () => {
    setting.issuer.publish(undefined);
    const before = setting.issuer.fetches();
    const texts = await Promise.all(Array.from({ length: 20 }, (_, at) => token({ sub: `s${at}` })));
    for (const text of texts) expect(await refusal(text)).toBe('503 HUB_TOKEN_ISSUER_UNAVAILABLE');
    // A failing issuer is not asked for each of them.
    expect(setting.issuer.fetches() - before).toBe(1);
  });

  test('that are no key set are no verdict either', async () => {
    setting.issuer.publish('nonsense' as unknown as []);
    expect(await refusal(await token())).toBe('503 HUB_TOKEN_ISSUER_UNAVAILABLE');
  });
});

test('an issuer can’t be configured with a symmetric algorithm, or with none', () => {
  for (const algorithms of [['HS256'], ['none'], [], ['ES256', 'HS512']]) {
    const create = () =>
      createIdentify({
        issuers: [{ ...setting.issuer, audience: AUDIENCE, algorithms }],
        habilitations: register,
        subjectKeyOf: () => '' as SubjectKey,
        clock: () => setting.nowMs,
      });
    expect(create).toThrow(TypeError);
  }
});
