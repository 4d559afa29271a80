import { beforeEach, describe, expect, test } from '@jest/globals';
import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { rotateTokenKeys, tokenKeyFile } from '../../../gateway/platform/tokenKeyFile.ts';
import { openTokenKeys, type TokenKeys } from '../../../gateway/platform/tokenKeys.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const PIVOT = {
  family_name: 'MARTINEAU',
  given_name: 'Zoé',
  birthdate: '1985-02-03',
  gender: 'female',
  birthplace: '75107',
  birthcountry: '99100',
} as const;
let dataDir: string;
let nowMs: number;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'token-keys-'));
  nowMs = NOW;
});

async function open(): Promise<TokenKeys> {
  const keys = await openTokenKeys({ dataDir, clock: () => nowMs, log: { error: () => {} } as never });
  keys.close();
  return keys;
}
const kidOf = (token: string) => decodeProtectedHeader(token).kid!;

describe('keys of the hub’s own tokens', () => {
  test('are made once, for their owner alone, and are the same for every node', async () => {
    const [one, other] = [await open(), await open()];
    expect(other.publicJwks()).toEqual(one.publicJwks());
    expect(statSync(tokenKeyFile(dataDir)).mode & 0o777).toBe(0o600);
    expect(await other.openIdentity(await one.sealIdentity(PIVOT))).toEqual(PIVOT);
  });

  test('open no identity that was changed, or that another header came before', async () => {
    const keys = await open();
    const sealed = await keys.sealIdentity(PIVOT);
    for (const at of [5, sealed.indexOf('..') + 4, sealed.length - 30, sealed.length - 5]) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      await expect(keys.openIdentity(sealed.slice(0, at) + other + sealed.slice(at + 1))).rejects.toThrow(TypeError);
    }
    const [header = '', ...rest] = sealed.split('.');
    const named = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
    for (const change of [{ zip: 'DEF' }, { crit: ['exp'] }, { alg: 'A256KW' }, { enc: 'A128GCM' }, { kid: 7 }]) {
      const changed = Buffer.from(JSON.stringify({ ...named, ...change })).toString('base64url');
      await expect(keys.openIdentity([changed, ...rest].join('.'))).rejects.toThrow('sealed under no key of the hub');
    }
    for (const text of ['', 'a.b.c', '....', `${sealed}.x`]) {
      await expect(keys.openIdentity(text)).rejects.toThrow('sealed under no key of the hub');
    }
  });

  test('are published without what is private', async () => {
    for (const key of (await open()).publicJwks()) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
  });

  test('are refused when others could read them, or when the file is damaged, and never made anew then', async () => {
    await open();
    const file = tokenKeyFile(dataDir);
    chmodSync(file, 0o644);
    await expect(open()).rejects.toThrow('expected mode 600, got 644');
    chmodSync(file, 0o600);
    writeFileSync(file, '{"keys":');
    await expect(open()).rejects.toThrow('is damaged; restore it from a backup');
    expect(readFileSync(file, 'utf8')).toBe('{"keys":');
  });
});

describe('a rotation', () => {
  test('gives the new key to every node before any node signs with it', async () => {
    const keys = await open();
    const before = kidOf(await keys.sign({}));
    const added = rotateTokenKeys(dataDir, nowMs);
    await keys.refresh();
    expect(keys.publicJwks().map(({ kid }) => kid)).toEqual([before, added]);
    expect(kidOf(await keys.sign({}))).toBe(before);
    nowMs += 14_999;
    expect(kidOf(await keys.sign({}))).toBe(before);
    nowMs += 1;
    expect(kidOf(await keys.sign({}))).toBe(added);
  });

  test('lets old tokens and old sessions live out, and not longer', async () => {
    const keys = await open();
    const [token, sealed] = [await keys.sign({ iss: 'x' }), await keys.sealIdentity(PIVOT)];
    rotateTokenKeys(dataDir, nowMs);
    await keys.refresh();
    nowMs = NOW + 40 * 60_000;
    expect(keys.find(kidOf(token))).toBeDefined();
    expect(await keys.openIdentity(sealed)).toEqual(PIVOT);
    expect(await keys.readSigned(token)).toEqual({ iss: 'x' });
    nowMs += 15_000;
    expect(keys.find(kidOf(token))).toBeUndefined();
    await expect(keys.openIdentity(sealed)).rejects.toThrow('sealed under no key of the hub');
    expect(await keys.readSigned(token)).toBeUndefined();
    expect(keys.publicJwks()).toHaveLength(1);
  });

  test('twice in a row keeps every key that is still needed, and the file forgets those that have ended', async () => {
    const keys = await open();
    const first = kidOf(await keys.sign({}));
    const second = rotateTokenKeys(dataDir, nowMs);
    nowMs += 60_000;
    const third = rotateTokenKeys(dataDir, nowMs);
    await keys.refresh();
    expect(keys.publicJwks().map(({ kid }) => kid)).toEqual([first, second, third]);
    nowMs += 3_600_000;
    const fourth = rotateTokenKeys(dataDir, nowMs);
    const { keys: written } = JSON.parse(readFileSync(tokenKeyFile(dataDir), 'utf8')) as { keys: { kid: string }[] };
    expect(written.map(({ kid }) => kid)).toEqual([third, fourth]);
  });

  test('that is under way is not disturbed by another one', async () => {
    await open();
    writeFileSync(`${tokenKeyFile(dataDir)}.changing`, '');
    expect(() => rotateTokenKeys(dataDir, nowMs)).toThrow('is being changed by another process');
  });

  test('of a file that has become unreadable takes no key away from who has them', async () => {
    const keys = await open();
    const token = await keys.sign({});
    writeFileSync(tokenKeyFile(dataDir), 'nonsense');
    await expect(keys.refresh()).rejects.toThrow('is damaged');
    expect(keys.find(kidOf(token))).toBeDefined();
  });
});
