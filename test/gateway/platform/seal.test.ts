import { expect, test } from '@jest/globals';
import { type JsonWebKey, generateKeyPairSync, webcrypto } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactDecrypt, calculateJwkThumbprint, decodeProtectedHeader } from 'jose';
import type { Grant } from '../../../schema/grant.ts';
import { type ExchangePublicJwk, openKeys, rotateExchangeKey } from '../../../gateway/platform/keys.ts';
import { createGrantSealer } from '../../../gateway/platform/seal.ts';

const keys = openKeys({ dataDir: mkdtempSync(join(tmpdir(), 'seal-')) });
const sealGrant = createGrantSealer(keys);
const MIDDAY = Date.UTC(2026, 10, 23, 12) / 1000;

function anAgency(): { readonly publicJwk: ExchangePublicJwk; readonly privateJwk: JsonWebKey } {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicJwk: pair.publicKey.export({ format: 'jwk' }) as ExchangePublicJwk,
    privateJwk: pair.privateKey.export({ format: 'jwk' }) as JsonWebKey,
  };
}

function aGrant(change: Partial<Grant> = {}): Grant {
  return {
    iss: 'hub',
    aud: 'family',
    jti: 'nonce',
    iat: MIDDAY,
    exp: MIDDAY + 30,
    requestId: 'req_test',
    service: { clientId: 'canteen', siret: '99900000000001' },
    purpose: 'canteen-pricing',
    acr: 'eidas1',
    digest: 'digest',
    subjects: [],
    met: {},
    ...change,
  };
}

/** What an agency does, by WebCrypto and jose alone: nothing of this is the code under test. */
async function openAsAgency(sealed: string, privateJwk: JsonWebKey, agency: string, day: string): Promise<unknown> {
  const algorithm = { name: 'ECDH', namedCurve: 'P-256' };
  const mine = await webcrypto.subtle.importKey('jwk', privateJwk, algorithm, false, ['deriveBits']);
  const { kid: _, use: __, ...hubJwk } = keys.exchangeKeys[0]!.publicJwk;
  const theirs = await webcrypto.subtle.importKey('jwk', hubJwk, algorithm, false, []);
  const shared = await webcrypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, mine, 256);
  const material = await webcrypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveBits']);
  const salt = new TextEncoder().encode(day);
  const info = new TextEncoder().encode(`trait-dunion grant v1 ${agency}`);
  const secret = await webcrypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, material, 256);
  const { plaintext } = await compactDecrypt(sealed, new Uint8Array(secret));
  return JSON.parse(new TextDecoder().decode(plaintext));
}

test('an agency opens its grant with jose, accents included', async () => {
  const agency = anAgency();
  const grant = aGrant({
    subjects: [
      {
        reference: 'r',
        role: 'SELF',
        scopes: ['cnaf_enfants'],
        pivot: {
          family_name: 'Ÿvain’s',
          given_name: '名 👪',
          birthdate: '1990',
          gender: 'male',
          birthplace: '',
          birthcountry: '99109',
        },
      },
    ],
  });
  expect(await openAsAgency(sealGrant(agency.publicJwk, grant), agency.privateJwk, 'family', '2026-11-23')).toEqual(
    grant,
  );
});

test('the header names both keys and the day', async () => {
  const agency = anAgency();
  const { alg, enc, kid } = decodeProtectedHeader(sealGrant(agency.publicJwk, aGrant()));
  const hub = (await calculateJwkThumbprint(keys.exchangeKeys[0]!.publicJwk)).slice(0, 16);
  const theirs = (await calculateJwkThumbprint(agency.publicJwk)).slice(0, 16);
  expect({ alg, enc, kid }).toEqual({ alg: 'dir', enc: 'A256GCM', kid: `${hub}.${theirs}.2026-11-23` });
});

test('another agency, another agency id, another day or another key opens nothing', async () => {
  const agency = anAgency();
  const sealed = sealGrant(agency.publicJwk, aGrant());
  await expect(openAsAgency(sealed, anAgency().privateJwk, 'family', '2026-11-23')).rejects.toThrow(
    'decryption operation failed',
  );
  await expect(openAsAgency(sealed, agency.privateJwk, 'income', '2026-11-23')).rejects.toThrow(
    'decryption operation failed',
  );
  await expect(openAsAgency(sealed, agency.privateJwk, 'family', '2026-11-24')).rejects.toThrow(
    'decryption operation failed',
  );
});

test('takes the key of the day at midnight UTC, and that of the agency where one key serves two', async () => {
  const agency = anAgency();
  const midnight = Date.UTC(2026, 10, 24) / 1000;
  sealGrant(agency.publicJwk, aGrant({ iat: midnight - 1 }));
  const tomorrow = aGrant({ iat: midnight });
  expect(await openAsAgency(sealGrant(agency.publicJwk, tomorrow), agency.privateJwk, 'family', '2026-11-24')).toEqual(
    tomorrow,
  );
  const other = aGrant({ iat: midnight, aud: 'income' });
  expect(await openAsAgency(sealGrant(agency.publicJwk, other), agency.privateJwk, 'income', '2026-11-24')).toEqual(
    other,
  );
});

test('never uses an initialisation vector twice', () => {
  const agency = anAgency();
  const vectors = Array.from({ length: 5_000 }, () => sealGrant(agency.publicJwk, aGrant()).split('.')[2]);
  expect(new Set(vectors).size).toBe(5_000);
});

test('from the instant of a new exchange key on grants are sealed with it', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'seal-'));
  openKeys({ dataDir });
  rotateExchangeKey({ dataDir, nowMs: 0, usedFromMs: MIDDAY * 1000 });
  const rotated = openKeys({ dataDir });
  const seal = createGrantSealer(rotated);
  const { publicJwk } = anAgency();
  const hubKeyAt = (iat: number) => decodeProtectedHeader(seal(publicJwk, aGrant({ iat }))).kid!.split('.')[0];
  const [before, after] = rotated.exchangeKeys.map((key) => key.publicJwk.kid!.slice(0, 16));
  expect([MIDDAY - 1, MIDDAY, MIDDAY - 1, MIDDAY + 1].map(hubKeyAt)).toEqual([before, after, before, after]);
});
