import { generateKeyPairSync, type JsonWebKey, webcrypto } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { CompactEncrypt } from 'jose';
import type { AgencyId } from '../../../gateway/platform/ids.ts';
import { type ExchangePublicJwk, openKeys, thumbprintOf } from '../../../gateway/platform/keys.ts';
import { createMetPersonOpener, type IssuedGrant } from '../../../gateway/platform/metPersons.ts';

const keys = openKeys({ dataDir: mkdtempSync(join(tmpdir(), 'met-')) });
const open = createMetPersonOpener(keys);
const DAY = '2026-11-23';
const IAT = Date.parse(`${DAY}T12:00:00Z`) / 1000;
const NOE = {
  family_name: 'N’GUESSAN-ŒUVRÉ',
  given_name: 'Noé 名',
  given_name_array: ['Noé', '名'],
  birthdate: '2015-01-02',
  gender: 'male',
  birthplace: '35238',
  birthcountry: '99100',
};

class TestAgency {
  readonly id: AgencyId;
  readonly publicJwk: ExchangePublicJwk;
  readonly #privateJwk: JsonWebKey;

  constructor(id: string) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.id = id as AgencyId;
    this.publicJwk = publicKey.export({ format: 'jwk' }) as ExchangePublicJwk;
    this.#privateJwk = privateKey.export({ format: 'jwk' });
  }

  granted(jti: string, iat = IAT): IssuedGrant {
    return { agency: this.id, agencyKey: this.publicJwk, jti, iat };
  }

  kid(day = DAY): string {
    return `${thumbprintOf(keys.exchangeKeys[0]!.publicJwk).slice(0, 16)}.${thumbprintOf(this.publicJwk).slice(0, 16)}.${day}`;
  }

  /** By WebCrypto and jose alone, from the words of schema/metPerson.ts. */
  async seal(
    claims: object,
    { day = DAY, header = {}, info = `trait-dunion met v1 ${this.id}`, order }: Partial<Sealing> = {},
  ): Promise<string> {
    const algorithm = { name: 'ECDH', namedCurve: 'P-256' };
    const mine = await webcrypto.subtle.importKey('jwk', this.#privateJwk, algorithm, false, ['deriveBits']);
    const { kid: _, use: __, ...hubJwk } = keys.exchangeKeys[0]!.publicJwk;
    const theirs = await webcrypto.subtle.importKey('jwk', hubJwk, algorithm, false, []);
    const shared = await webcrypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, mine, 256);
    const material = await webcrypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveBits']);
    const [salt, infoBytes] = [day, info].map((text) => new TextEncoder().encode(text));
    const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: salt!, info: infoBytes! };
    const secret = await webcrypto.subtle.deriveBits(hkdf, material, 256);
    const members: Record<string, unknown> = { alg: 'dir', enc: 'A256GCM', kid: this.kid(day), ...header };
    const ordered = Object.fromEntries((order ?? Object.keys(members)).map((name) => [name, members[name]]));
    const sealed = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader(ordered as never)
      .encrypt(new Uint8Array(secret));
    return `met:${sealed}`;
  }
}

interface Sealing {
  readonly day: string;
  readonly header: object;
  readonly info: string;
  /** Of the header's members. */
  readonly order: readonly string[];
}

const civil = new TestAgency('civil-status');
const claimsOf = (changes: object = {}) => ({
  iss: 'civil-status',
  aud: 'hub',
  grant: 'grant-1',
  identity: NOE,
  role: 'CHILD_PROVEN',
  ...changes,
});
const asked = [civil.granted('grant-0'), civil.granted('grant-1')];

describe('a person sealed by jose', () => {
  it('is opened as an answer to the grant of this request', async () => {
    expect(open(await civil.seal(claimsOf()), asked)).toEqual(claimsOf());
  });

  it('is opened whatever the order of the header’s members', async () => {
    const sealed = await civil.seal(claimsOf(), { order: ['kid', 'enc', 'alg'] });
    expect(Buffer.from(sealed.slice(4).split('.')[0]!, 'base64url').toString()).toMatch(/^\{"kid"/);
    expect(open(sealed, asked)).toEqual(claimsOf());
  });

  it('with a partial identity is opened too: whether that names anybody is not for the seal to judge', async () => {
    const identity = { family_name: 'X', given_name: 'Y', birthdate: '2015' };
    expect(open(await civil.seal(claimsOf({ identity })), asked)?.identity).toEqual(identity);
  });
});

describe('nobody is in', () => {
  const other = new TestAgency('family');
  const cases: Record<string, () => Promise<string>> = {
    'the answer to another request’s grant': () => civil.seal(claimsOf({ grant: 'grant-2' })),
    'what another agency sealed': () => other.seal(claimsOf({ iss: 'family' })),
    'what another agency sealed in this one’s name': () => other.seal(claimsOf()),
    'what another agency sealed under this one’s header': () =>
      other.seal(claimsOf(), { header: { kid: civil.kid() }, info: 'trait-dunion met v1 civil-status' }),
    'what names another agency': () => civil.seal(claimsOf({ iss: 'family' })),
    'what is meant for somebody else': () => civil.seal(claimsOf({ aud: 'income' })),
    'what is sealed as a grant is': () => civil.seal(claimsOf(), { info: 'trait-dunion grant v1 civil-status' }),
    'what is sealed under yesterday’s key': () => civil.seal(claimsOf(), { day: '2026-11-22' }),
    'what names today’s key and is sealed under yesterday’s': () =>
      civil.seal(claimsOf(), { day: '2026-11-22', header: { kid: civil.kid() } }),
    'a header with more in it': () => civil.seal(claimsOf(), { header: { cty: 'JWT' } }),
    'a claim too many': () => civil.seal(claimsOf({ admin: true })),
    'an identity with a number': () => civil.seal(claimsOf({ identity: { ...NOE, nir: '1' } })),
    'an identity without a name': () => civil.seal(claimsOf({ identity: { ...NOE, family_name: undefined } })),
    'an identity of a third gender claim': () => civil.seal(claimsOf({ identity: { ...NOE, gender: 'unknown' } })),
    'the caller’s own role': () => civil.seal(claimsOf({ role: 'SELF' })),
    'a text of 4,001 characters': async () => `${await civil.seal(claimsOf())}${'A'.repeat(4_001)}`,
  };
  it.each(Object.entries(cases))('%s', async (_what, seal) => {
    expect(open(await seal(), asked)).toBeUndefined();
  });

  it('a seal when nothing was asked of the agency', async () => {
    expect(open(await civil.seal(claimsOf()), [])).toBeUndefined();
  });

  it('a seal of which any one part was changed, cut or doubled', async () => {
    const sealed = await civil.seal(claimsOf());
    const parts = sealed.slice('met:'.length).split('.');
    for (const at of [0, 2, 3, 4]) {
      const flipped = parts.with(at, (parts[at]!.startsWith('A') ? 'B' : 'A') + parts[at]!.slice(1));
      expect(open(`met:${flipped.join('.')}`, asked)).toBeUndefined();
      expect(open(`met:${parts.with(at, parts[at]!.slice(0, -2)).join('.')}`, asked)).toBeUndefined();
      expect(open(`met:${parts.toSpliced(at, 1).join('.')}`, asked)).toBeUndefined();
    }
    for (const text of ['met:', 'met:....', 'met:a.b.c.d.e', `met:${sealed}`, sealed.slice(4), `${sealed}.`, 'met:é']) {
      expect(open(text, asked)).toBeUndefined();
    }
    expect(open(sealed, asked)).toBeDefined();
  });
});

test('about midnight the persons of both days’ grants are opened', async () => {
  const before = civil.granted('late', Date.parse('2026-11-22T23:59:59Z') / 1000);
  const both = [before, ...asked];
  expect(open(await civil.seal(claimsOf({ grant: 'late' }), { day: '2026-11-22' }), both)).toBeDefined();
  expect(open(await civil.seal(claimsOf()), both)).toBeDefined();
});
