import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { CompactEncrypt, generateKeyPair, type JWTHeaderParameters } from 'jose';
import { expandScopes } from '../../../schema/scopes.ts';
import { HubError } from '../../../gateway/platform/errors.ts';
import type { ClientId, SubjectKey } from '../../../gateway/platform/ids.ts';
import type {
  Habilitation,
  HabilitationRegister,
  Service,
} from '../../../gateway/registers/habilitation/habilitation.ts';
import type { Identified, Received } from '../../../gateway/request/exchange.ts';
import { createIdentify, type Identify } from '../../../gateway/request/identify/identify.ts';
import { KEYS_MAX_AGE_MS } from '../../../gateway/request/identify/verifyToken.ts';
import { createReplyFault } from '../../../gateway/request/reply/replyFault.ts';
import { CONTEXT } from '../receive/frontDoor.ts';
import { AUDIENCE, goodClaims, openIssuer, signToken, unsigned, type TestIssuer, type TestKey } from './issuer.ts';

const START_MS = Date.UTC(2026, 10, 23, 12);
const SERVICE: Service = {
  clientId: 'canteen' as ClientId,
  name: 'Cantine',
  siret: '99900000000001',
  credentials: [],
};
const HABILITATION: Habilitation = {
  id: 'hab-1',
  version: 1,
  clientId: SERVICE.clientId,
  purpose: 'canteen-pricing',
  scopes: expandScopes(['cnaf_quotient_familial']),
  legalBasis: 'INFORMATION_L114_8',
  retentionMonths: 12,
  minimumAcr: 'eidas1',
  firstDay: '2026-01-01',
  lastDay: '2026-12-31',
};

let issuer: TestIssuer;
let foreign: TestIssuer;
let nowMs: number;
let habilitations: Habilitation[];
let identify: Identify;
const daysAsked: string[] = [];

const register: HabilitationRegister = {
  findService: (iss, clientId) => (iss === 'https://issuer.test' && clientId === 'canteen-app' ? SERVICE : undefined),
  getService: () => SERVICE,
  findHabilitation(clientId, purpose, day) {
    daysAsked.push(day);
    return habilitations.find(
      (entry) => entry.clientId === clientId && entry.purpose === purpose && entry.lastDay >= day,
    );
  },
};

function newIdentify(tokenCacheBytes?: number): Identify {
  const config = (source: TestIssuer, algorithms: string[]) => ({ ...source, audience: AUDIENCE, algorithms });
  return createIdentify({
    issuers: [config(issuer, ['ES256']), config(foreign, ['RS256', 'ES256'])],
    habilitations: register,
    subjectKeyOf: (pivot) => `key-of-${pivot.birthdate}` as SubjectKey,
    clock: () => nowMs,
    ...(tokenCacheBytes === undefined ? {} : { tokenCacheBytes }),
  });
}

beforeAll(async () => {
  issuer = await openIssuer('https://issuer.test');
  foreign = await openIssuer('https://foreign.test', 'RS256');
});
afterAll(() => Promise.all([issuer.close(), foreign.close()]));
// jose ages key sets by the system's clock and by nothing else.
beforeEach(() => {
  jest.spyOn(Date, 'now').mockImplementation(() => nowMs);
});
afterEach(() => {
  jest.restoreAllMocks();
});
beforeEach(() => {
  nowMs = START_MS;
  habilitations = [HABILITATION];
  daysAsked.length = 0;
  issuer.publish(issuer.keys.map((key) => key.publicJwk));
  identify = newIdentify();
});

const key = (): TestKey => issuer.keys[0]!;
const present = async (token: string | undefined, changes: Partial<Received> = {}): Promise<Identified> =>
  identify({ token, ...changes } as Received);

async function refusal(token: string | undefined, changes: Partial<Received> = {}): Promise<string> {
  try {
    await present(token, changes);
    return 'identified';
  } catch (fault) {
    if (!(fault instanceof HubError)) throw fault;
    const replyFault = createReplyFault({ error: () => {}, info: () => {} });
    const words = replyFault(fault, CONTEXT).body + JSON.stringify(fault.detail ?? '');
    // Nothing of a token, of what it claims or of a key is repeated, to the client or to the log.
    expect(words).not.toMatch(/MARTINEAU|Zoé|1985|75107|pairwise-subject|canteen-app|https?:|eyJ/);
    return `${fault.status} ${fault.code}`;
  }
}

const claims = (changes: Record<string, unknown> = {}) => ({ ...goodClaims('https://issuer.test', nowMs), ...changes });
const token = (changes: Record<string, unknown> = {}, header: Partial<JWTHeaderParameters> = {}) =>
  signToken(key(), claims(changes), header);
const seconds = () => Math.floor(nowMs / 1000);

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
    expect(daysAsked).toEqual(['2026-11-23']);
  });

  test('is answered at once when it comes again, by the very same caller', async () => {
    const text = await token();
    const first = await present(text);
    const second = identify({ token: text } as Received);
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
    const before = issuer.fetches();
    const all = await Promise.all(Array.from({ length: 50 }, () => present(text)));
    expect(new Set(all.map((entry) => entry.caller)).size).toBe(1);
    expect(issuer.fetches() - before).toBe(1);
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
    for (const source of [key(), foreign.keys[0]!]) {
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
    const rsa = await issuer.addKey('RS256', 'rsa');
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
    const theirs = await foreign.addKey('ES256', key().kid);
    expect(await refusal(await signToken(theirs, claims()))).toBe(INVALID);
    expect(await refusal(await signToken(theirs, claims(), { kid: `${foreign.iss}#1` }))).toBe(INVALID);
    expect(await refusal(await signToken(key(), { ...claims(), iss: foreign.iss }))).toBe(INVALID);
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
    const before = issuer.fetches();
    expect(await refusal(sealed)).toBe(INVALID);
    expect(issuer.fetches()).toBe(before);
  });

  test('of 1 MB, before any work', async () => {
    const huge = await token({ filler: 'x'.repeat(1_000_000) });
    const before = issuer.fetches();
    const startedAt = performance.now();
    expect(await refusal(huge)).toBe(INVALID);
    expect(performance.now() - startedAt).toBeLessThan(50);
    expect(issuer.fetches()).toBe(before);
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

describe('the service and its purpose', () => {
  test('an unknown pair of issuer and client is no service', async () => {
    expect(await refusal(await token({ client_id: 'somebody-else' }))).toBe('403 HUB_TOKEN_UNKNOWN_SERVICE');
    const theirs = await signToken(foreign.keys[0]!, { ...claims(), iss: foreign.iss });
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

    habilitations = [HABILITATION, { ...HABILITATION, id: 'hab-2', purpose: 'housing-file' }];
    const { caller } = await present(await token(), { purposeHeader: 'housing-file' });
    expect(caller.purpose.name).toBe('canteen-pricing');
  });

  test('a habilitation that was revoked is gone for the next request with the same token', async () => {
    const text = await token();
    await present(text);
    habilitations = [];
    expect(await refusal(text)).toBe('403 HUB_TOKEN_PURPOSE_UNKNOWN');
    habilitations = [{ ...HABILITATION, version: 2 }];
    expect((await present(text)).caller.habilitation.version).toBe(2);
  });

  test('a habilitation ends at midnight in Paris, not in London', async () => {
    nowMs = Date.UTC(2026, 11, 31, 22, 59, 50);
    const text = await token({ exp: seconds() + 3600 });
    expect(await refusal(text)).toBe('identified');
    nowMs += 10_000;
    expect(daysAsked.at(-1)).toBe('2026-12-31');
    expect(await refusal(text)).toBe('403 HUB_TOKEN_PURPOSE_UNKNOWN');
    expect(daysAsked.at(-1)).toBe('2027-01-01');
  });
});

describe('a token that is remembered', () => {
  test('ends when it expires', async () => {
    const text = await token();
    await present(text);
    nowMs += 64_000;
    expect(await refusal(text)).toBe('identified');
    nowMs += 1000;
    expect(await refusal(text)).toBe('401 HUB_TOKEN_EXPIRED');
  });

  test('is not good before its nbf if the clock goes back', async () => {
    const text = await token({ nbf: seconds() });
    await present(text);
    nowMs -= 60_000;
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
    issuer.publish([]);
    nowMs += KEYS_MAX_AGE_MS - 1;
    expect(await refusal(text)).toBe('identified');
    nowMs += 1;
    expect(await refusal(text)).toBe('401 HUB_TOKEN_INVALID');
  });

  test('is one of as many as fit into memory', async () => {
    identify = newIdentify(10_000);
    const texts = await Promise.all(Array.from({ length: 10 }, (_, at) => token({ sub: `subject-${at}` })));
    for (const text of texts) await present(text);
    expect(identify({ token: texts[9] } as Received)).not.toBeInstanceOf(Promise);
    const forgotten = identify({ token: texts[0] } as Received);
    expect(forgotten).toBeInstanceOf(Promise);
    await forgotten;
  });
});

describe('the issuer’s keys', () => {
  test('are fetched once for a flood of unknown kids, and known ones go on', async () => {
    const flood = async () => {
      const before = issuer.fetches();
      for (let at = 0; at < 50; at += 1) {
        expect(await refusal(await token({}, { kid: `unknown-${at}` }))).toBe('401 HUB_TOKEN_INVALID');
      }
      return issuer.fetches() - before;
    };
    await present(await token());
    expect(await flood()).toBe(0);
    nowMs += 30_000;
    expect(await flood()).toBe(1);
    expect(await refusal(await token({ sub: 'other' }))).toBe('identified');
  });

  test('that cannot be had are no verdict on the token', async () => {
    issuer.publish(undefined);
    const before = issuer.fetches();
    const texts = await Promise.all(Array.from({ length: 20 }, (_, at) => token({ sub: `s${at}` })));
    for (const text of texts) expect(await refusal(text)).toBe('503 HUB_TOKEN_ISSUER_UNAVAILABLE');
    // A failing issuer is not asked for each of them.
    expect(issuer.fetches() - before).toBe(1);
  });

  test('that are no key set are no verdict either', async () => {
    issuer.publish('nonsense' as unknown as []);
    expect(await refusal(await token())).toBe('503 HUB_TOKEN_ISSUER_UNAVAILABLE');
  });
});

test('an issuer can’t be configured with a symmetric algorithm, or with none', () => {
  for (const algorithms of [['HS256'], ['none'], [], ['ES256', 'HS512']]) {
    const create = () =>
      createIdentify({
        issuers: [{ ...issuer, audience: AUDIENCE, algorithms }],
        habilitations: register,
        subjectKeyOf: () => '' as SubjectKey,
        clock: () => nowMs,
      });
    expect(create).toThrow(TypeError);
  }
});
