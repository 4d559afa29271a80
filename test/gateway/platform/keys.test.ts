import { expect, test } from '@jest/globals';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { openKeys, thumbprintOf } from '../../../gateway/platform/keys.ts';

const freshFolder = () => mkdtempSync(join(tmpdir(), 'keys-'));

test('keys are made once and read again, each file for its owner alone', () => {
  const dataDir = freshFolder();
  const first = openKeys({ dataDir });
  const second = openKeys({ dataDir });

  expect(second.publicJwks).toEqual(first.publicJwks);
  expect(second.subjectSecret).toEqual(first.subjectSecret);
  expect(second.referenceKeys).toEqual(first.referenceKeys);
  const files = readdirSync(join(dataDir, 'keys'));
  expect(files.sort()).toEqual(['exchange.jwk.json', 'references.json', 'subjects.jwk.json']);
  for (const file of files) expect(statSync(join(dataDir, 'keys', file)).mode & 0o777).toBe(0o600);
});

test('what is published holds no private member', () => {
  const { publicJwks } = openKeys({ dataDir: freshFolder() });
  expect(Object.keys(publicJwks.keys[0]!).sort()).toEqual(['crv', 'kid', 'kty', 'use', 'x', 'y']);
});

test('the thumbprint is that of RFC 7638', async () => {
  const { exchange } = openKeys({ dataDir: freshFolder() });
  expect(thumbprintOf(exchange.publicJwk)).toBe(await calculateJwkThumbprint(exchange.publicJwk));
});

test('refuses a key that others could read', () => {
  const dataDir = freshFolder();
  openKeys({ dataDir });
  chmodSync(join(dataDir, 'keys', 'subjects.jwk.json'), 0o644);
  expect(() => openKeys({ dataDir })).toThrow(/subjects\.jwk\.json: expected mode 600, got 644/);
});

test.each([
  ['subjects.jwk.json', '{"k":"c2VjcmV0"}', 'expected 32 bytes, got 6'],
  ['subjects.jwk.json', 'c2VjcmV0', 'is damaged'],
  ['references.json', '{"keys":[]}', 'expected at least one reference key'],
  ['references.json', '{"keys":[{"version":300,"k":""}]}', 'expected versions 1 to 255, got 300'],
])('never replaces a damaged %s by a new one, nor quotes it', (file, content, fault) => {
  const dataDir = freshFolder();
  openKeys({ dataDir });
  const path = join(dataDir, 'keys', file);
  writeFileSync(path, content);

  expect(() => openKeys({ dataDir })).toThrow(fault);
  expect(() => openKeys({ dataDir })).not.toThrow('c2VjcmV0');
  expect(readFileSync(path, 'utf8')).toBe(content);
});
