import { type KeyObject, createPublicKey } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CompactEncrypt, compactDecrypt, compactVerify } from 'jose';
import {
  DECLARATION_INFO_PREFIX,
  type DeclarationEvent,
  MOVE_DECLARED,
  STATUS_INFO_PREFIX,
  type StatusMessage,
} from '../../../schema/declaration.ts';
import {
  createAgencyMessages,
  createDeclarationSealer,
  namedAgencyKey,
  openDeclarationKeys,
} from '../../../gateway/platform/declarationSeal.ts';
import { deriveDayKey, shortName } from '../../../gateway/platform/dayKeys.ts';
import type { AgencyId } from '../../../gateway/platform/ids.ts';
import { openKeys } from '../../../gateway/platform/keys.ts';
import { generateAgencyKey } from '../../../subgraphs/kit/agencyKeys.ts';

/* The agency's side is jose's here: what is sealed is the standard's, and not only ours. */

const AGENCY = 'family' as AgencyId;
const AT = Math.floor(Date.UTC(2026, 10, 23, 12) / 1000);
const EVENT: DeclarationEvent = {
  specversion: '1.0',
  id: '5ab1c1a2-94f2-4a4e-9bd7-2f0a4a5b8f10',
  source: 'urn:trait-dunion:hub',
  type: MOVE_DECLARED,
  subject: '7KQ2MXR4TD10A',
  time: '2026-11-23T12:00:00.000Z',
  sequence: '000000000001',
};
const CONTENT = '{"newAddress":{"city":"Nantes"}}';

const dataDir = mkdtempSync(join(tmpdir(), 'declarations-'));
const keys = openKeys({ dataDir });
const signingKeys = openDeclarationKeys({ dataDir });
const seal = createDeclarationSealer(keys, signingKeys);
const messages = createAgencyMessages(keys);

function publicOf({ kty, crv, x, y }: ReturnType<typeof generateAgencyKey>) {
  return { kty, crv, x, y };
}
const agencyKey = publicOf(generateAgencyKey());
const otherKey = publicOf(generateAgencyKey());

function dayKey(infoPrefix: string, of = agencyKey, agency: string = AGENCY, day = '2026-11-23'): KeyObject {
  return deriveDayKey({ hubKey: keys.exchangeKeys[0]!, agencyKey: of, agency, day, infoPrefix }).key;
}
const kidOf = (of = agencyKey, day = '2026-11-23') =>
  `${shortName(keys.exchangeKeys[0]!.publicJwk)}.${shortName(of)}.${day}`;

async function sealedStatus(change: object = {}, { key = dayKey(STATUS_INFO_PREFIX), kid = kidOf() } = {}) {
  const message: StatusMessage = {
    ...{ iss: AGENCY, aud: 'hub', jti: 'aaaaaaaaaaaaaaaaaaaaaa', iat: AT },
    statuses: [{ event: EVENT.id, status: 'DONE', at: EVENT.time }],
    ...change,
  };
  const text = new TextEncoder().encode(JSON.stringify(message));
  return new CompactEncrypt(text).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid }).encrypt(key);
}
const open = (sealed: string, atSeconds = AT) => messages.openStatus(sealed, { agency: AGENCY, agencyKey, atSeconds });

describe('a declaration', () => {
  const sealed = seal({
    agency: AGENCY,
    agencyKey,
    event: EVENT,
    content: CONTENT,
    atSeconds: AT + 0.7,
    ttlSeconds: 60,
  });

  test('is opened by its recipient, signed by the hub, and its payload is the content to the byte', async () => {
    const { plaintext } = await compactDecrypt(sealed, dayKey(DECLARATION_INFO_PREFIX));
    const publicKey = createPublicKey({ key: { ...signingKeys.publicJwks[0]! }, format: 'jwk' });
    const { payload, protectedHeader } = await compactVerify(plaintext, publicKey);
    expect(new TextDecoder().decode(payload)).toBe(CONTENT);
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'declaration+jws', aud: AGENCY, event: EVENT });
    // However long its sender would have it.
    expect(protectedHeader).toMatchObject({ iat: AT, exp: AT + 15 });
  });

  test('is opened by no other agency, no other day, and no other kind of key of the same agency', async () => {
    for (const key of [
      dayKey(DECLARATION_INFO_PREFIX, otherKey),
      dayKey(DECLARATION_INFO_PREFIX, agencyKey, 'income'),
      dayKey(DECLARATION_INFO_PREFIX, agencyKey, AGENCY, '2026-11-24'),
      dayKey(STATUS_INFO_PREFIX),
    ])
      await expect(compactDecrypt(sealed, key)).rejects.toThrow('decryption operation failed');
    expect(namedAgencyKey(sealed)).toBe(shortName(agencyKey));
  });
});

describe('a status', () => {
  test('is opened when the agency sealed it, now', async () => {
    expect(open(await sealedStatus())).toMatchObject({ statuses: [{ event: EVENT.id, status: 'DONE' }] });
  });

  test.each([
    ['says that another agency sent it', { iss: 'income' }],
    ['is for somebody else', { aud: 'family' }],
    ['is too old', { iat: AT - 61 }],
    ['refuses without a word for the citizen', { statuses: [{ event: EVENT.id, status: 'REFUSED', at: EVENT.time }] }],
    ['holds what nobody agreed on', { more: true }],
    ['says nothing', { statuses: [] }],
  ])('is nobody’s that %s', async (_what, change) => {
    expect(open(await sealedStatus(change))).toBeUndefined();
  });

  test('is nobody’s that was changed, sealed by another, or under a day that has passed', async () => {
    const sealed = await sealedStatus();
    const parts = sealed.split('.');
    expect(open([...parts.slice(0, 3), `A${parts[3]!.slice(1)}`, parts[4]].join('.'))).toBeUndefined();
    expect(open(await sealedStatus({}, { key: dayKey(STATUS_INFO_PREFIX, otherKey) }))).toBeUndefined();
    expect(
      open(await sealedStatus({}, { key: dayKey(STATUS_INFO_PREFIX, otherKey), kid: kidOf(otherKey) })),
    ).toBeUndefined();
    const yesterday = {
      key: dayKey(STATUS_INFO_PREFIX, agencyKey, AGENCY, '2026-11-22'),
      kid: kidOf(agencyKey, '2026-11-22'),
    };
    expect(open(await sealedStatus({}, yesterday))).toBeUndefined();
    expect(open('not.sealed')).toBeUndefined();
  });
});
