import { describe, expect, test } from '@jest/globals';
import type { Identified, Received } from '../../../gateway/request/exchange.ts';
import { KEYS_MAX_AGE_MS } from '../../../gateway/request/identify/verifyToken.ts';
import { expandScopes } from '../../../schema/scopes.ts';
import { signToken } from './issuer.ts';
import {
  claims,
  HABILITATION,
  newIdentify,
  present,
  refusal,
  seconds,
  SERVICE,
  setting,
  START_MS,
  token,
  useSetting,
} from './setting.ts';

useSetting();

describe('a good token', () => {
  test('names caller, service, purpose, habilitation and rights', async () => {
    const { caller } = await present(await token());
    expect(caller).toMatchObject({
      subject: 'key-of-1985-02-03',
      service: SERVICE,
      purpose: { name: 'canteen-pricing' },
      habilitation: HABILITATION,
      acr: 'eidas1',
      tokenExpiresAtMs: START_MS + 60_000,
      pivot: { family_name: 'MARTINEAU', given_name_array: ['Zoé', 'Anne'], birthplace: '75107' },
    });
    expect([...caller.tokenScopes].sort()).toEqual(
      [...expandScopes(['identite_pivot', 'cnaf_quotient_familial'])].sort(),
    );
    expect(setting.daysAsked).toEqual(['2026-11-23']);
  });

  test('is answered at once when it comes again, by the very same caller', async () => {
    const text = await token();
    const first = await present(text);
    const second = setting.identify({ token: text } as Received);
    expect(second).not.toBeInstanceOf(Promise);
    expect((second as Identified).caller).toBe(first.caller);
  });

  test('shares its set of scopes with other tokens of the same rights', async () => {
    const first = await present(await token());
    const second = await present(
      await token({ sub: 'another', scope: 'cnaf_quotient_familial profile birth identite_pivot' }),
    );
    const third = await present(await token({ sub: 'third', scope: 'cnaf_quotient_familial identite_pivot' }));
    expect(second.caller.tokenScopes).not.toBe(first.caller.tokenScopes);
    expect(third.caller.tokenScopes).toBe(first.caller.tokenScopes);
  });

  test('presented many times at once is verified once', async () => {
    const text = await token();
    const before = setting.issuer.fetches();
    const all = await Promise.all(Array.from({ length: 50 }, () => present(text)));
    expect(new Set(all.map((entry) => entry.caller)).size).toBe(1);
    expect(setting.issuer.fetches() - before).toBe(1);
  });

  test.each(['at+jwt', 'application/at+jwt', 'JWT', 'jwt'])('may be of type %s', async (typ) => {
    expect(await refusal(await token({}, { typ }))).toBe('identified');
  });

  test('may have presumed birth dates and a birthplace abroad', async () => {
    for (const birthdate of ['1950', '1950-04', '1950-04-00', '1950-00-00']) {
      expect(await refusal(await token({ birthdate, birthplace: '', birthcountry: '99351' }))).toBe('identified');
    }
  });
});

describe('the service and its purpose', () => {
  test('an unknown pair of issuer and client is no service', async () => {
    expect(await refusal(await token({ client_id: 'somebody-else' }))).toBe('403 HUB_TOKEN_UNKNOWN_SERVICE');
    const theirs = await signToken(setting.foreign.keys[0]!, { ...claims(), iss: setting.foreign.iss });
    expect(await refusal(theirs)).toBe('403 HUB_TOKEN_UNKNOWN_SERVICE');
  });

  test.each(['housing-file', 'no-such-purpose', ''])('the purpose "%s" is not held', async (purpose) => {
    expect(await refusal(await token({ purpose }))).toBe('403 HUB_TOKEN_PURPOSE_UNKNOWN');
  });

  test('the header counts only when the token names no purpose', async () => {
    const silent = await token({ purpose: undefined });
    expect(await refusal(silent)).toBe('403 HUB_TOKEN_PURPOSE_UNKNOWN');
    expect(await refusal(silent, { purposeHeader: 'housing-file' })).toBe('403 HUB_TOKEN_PURPOSE_UNKNOWN');
    expect(await refusal(silent, { purposeHeader: 'canteen-pricing' })).toBe('identified');

    setting.habilitations = [HABILITATION, { ...HABILITATION, id: 'hab-2', purpose: 'housing-file' }];
    const { caller } = await present(await token(), { purposeHeader: 'housing-file' });
    expect(caller.purpose.name).toBe('canteen-pricing');
  });

  test('a habilitation that was revoked is gone for the next request with the same token', async () => {
    const text = await token();
    await present(text);
    setting.habilitations = [];
    expect(await refusal(text)).toBe('403 HUB_TOKEN_PURPOSE_UNKNOWN');
    setting.habilitations = [{ ...HABILITATION, version: 2 }];
    expect((await present(text)).caller.habilitation.version).toBe(2);
  });

  test('a habilitation ends at midnight in Paris, not in London', async () => {
    setting.nowMs = Date.UTC(2026, 11, 31, 22, 59, 50);
    const text = await token({ exp: seconds() + 3600 });
    expect(await refusal(text)).toBe('identified');
    setting.nowMs += 10_000;
    expect(setting.daysAsked.at(-1)).toBe('2026-12-31');
    expect(await refusal(text)).toBe('403 HUB_TOKEN_PURPOSE_UNKNOWN');
    expect(setting.daysAsked.at(-1)).toBe('2027-01-01');
  });
});

describe('a token that is remembered', () => {
  test('ends when it expires', async () => {
    const text = await token();
    await present(text);
    setting.nowMs += 64_000;
    expect(await refusal(text)).toBe('identified');
    setting.nowMs += 1000;
    expect(await refusal(text)).toBe('401 HUB_TOKEN_EXPIRED');
  });

  test('is not good before its nbf if the clock goes back', async () => {
    const text = await token({ nbf: seconds() });
    await present(text);
    setting.nowMs -= 60_000;
    expect(await refusal(text)).toBe('401 HUB_TOKEN_INVALID');
  });

  test('does not vouch for one that differs in its last character', async () => {
    const text = await token();
    await present(text);
    expect(await refusal(`${text.slice(0, -3)}AAA`)).toBe('401 HUB_TOKEN_INVALID');
    expect(await refusal(`${text}=`)).toBe('401 HUB_TOKEN_INVALID');
  });

  test('is verified anew when the key set has aged, so that a key rotated out ends it', async () => {
    const text = await token({ exp: seconds() + 3600 });
    await present(text);
    setting.issuer.publish([]);
    setting.nowMs += KEYS_MAX_AGE_MS - 1;
    expect(await refusal(text)).toBe('identified');
    setting.nowMs += 1;
    expect(await refusal(text)).toBe('401 HUB_TOKEN_INVALID');
  });

  test('is one of as many as fit into memory', async () => {
    setting.identify = newIdentify(10_000);
    const texts = await Promise.all(Array.from({ length: 10 }, (_, at) => token({ sub: `subject-${at}` })));
    for (const text of texts) await present(text);
    expect(setting.identify({ token: texts[9] } as Received)).not.toBeInstanceOf(Promise);
    const forgotten = setting.identify({ token: texts[0] } as Received);
    expect(forgotten).toBeInstanceOf(Promise);
    await forgotten;
  });
});

test('a token bound to a key needs its proof to open a stream, and no other for the events that follow', async () => {
  let asked = 0;
  const verify = () => Promise.resolve(((asked += 1), 'thumbprint'));
  setting.identify = newIdentify(undefined, { verify, graphUrl: () => 'https://hub.test/graphql' });
  const bound = await token({ cnf: { jkt: 'thumbprint' } });
  const opens = { changes: 'EVERYTHING', opens: true } as const;
  expect(await refusal(bound, { event: opens })).toBe('401 HUB_TOKEN_PROOF_INVALID');
  expect(await refusal(bound, { event: opens, proof: { jwt: 'proof' } })).toBe('identified');
  expect(await refusal(bound, { event: { changes: new Set(['x']) }, proof: { jwt: 'proof' } })).toBe('identified');
  expect(asked).toBe(1);
});
