import { describe, expect, test } from '@jest/globals';
import { chmodSync, cpSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { openKeys, rotateExchangeKey, rotateReferenceKey, thumbprintOf } from '../../../gateway/platform/keys.ts';
import { createReferences } from '../../../gateway/platform/references.ts';
import { createSubjectKeyOf } from '../../../gateway/platform/subjectKey.ts';

const freshFolder = () => mkdtempSync(join(tmpdir(), 'keys-'));

test('keys are made once and read again, each file for its owner alone', () => {
  const dataDir = freshFolder();
  const first = openKeys({ dataDir });
  const second = openKeys({ dataDir });

  expect(second.publicJwks).toEqual(first.publicJwks);
  expect(second.subjectSecret).toEqual(first.subjectSecret);
  expect(second.referenceKeys).toEqual(first.referenceKeys);
  const files = readdirSync(join(dataDir, 'keys'));
  expect(files.sort()).toEqual(['exchange.jwks.json', 'references.json', 'subjects.jwk.json']);
  for (const file of files) expect(statSync(join(dataDir, 'keys', file)).mode & 0o777).toBe(0o600);
});

test('what is published holds no private member', () => {
  const { publicJwks } = openKeys({ dataDir: freshFolder() });
  expect(Object.keys(publicJwks.keys[0]!).sort()).toEqual(['crv', 'kid', 'kty', 'use', 'x', 'y']);
});

test('the thumbprint is that of RFC 7638', async () => {
  const [exchange] = openKeys({ dataDir: freshFolder() }).exchangeKeys;
  expect(thumbprintOf(exchange!.publicJwk)).toBe(await calculateJwkThumbprint(exchange!.publicJwk));
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

describe('the exchange key', () => {
  const DAY_MS = 86_400_000;

  test('that is added is published at once and used from its instant on, and the one before it stays published', () => {
    const dataDir = freshFolder();
    const [first] = openKeys({ dataDir }).exchangeKeys;
    const kid = rotateExchangeKey({ dataDir, nowMs: 0, usedFromMs: 3_600_000 });
    const { exchangeKeys, publicJwks } = openKeys({ dataDir });
    expect(exchangeKeys.map(({ usedFromSeconds }) => usedFromSeconds)).toEqual([0, 3_600]);
    expect(publicJwks.keys.map((key) => key.kid)).toEqual([kid, first!.publicJwk.kid]);
  });

  test('that is added next puts the oldest out of use; not before the last one is used', () => {
    const dataDir = freshFolder();
    const second = rotateExchangeKey({ dataDir, nowMs: 0, usedFromMs: 1_000 });
    expect(() => rotateExchangeKey({ dataDir, nowMs: 999, usedFromMs: 2_000 })).toThrow('not in use yet');
    const third = rotateExchangeKey({ dataDir, nowMs: DAY_MS, usedFromMs: DAY_MS + 1_000 });
    expect(openKeys({ dataDir }).publicJwks.keys.map(({ kid }) => kid)).toEqual([third, second]);
  });
});

/** The drill of docs/operations.md. */
describe('a backup of the keys', () => {
  const PAUL = {
    family_name: 'DUPONT',
    given_name: 'Paul Louis',
    birthdate: '1962-08-24',
    gender: 'male',
    birthplace: '75107',
    birthcountry: '99100',
  } as const;
  const PARTIES = ['service:99900000100011', 'agency:income'] as const;

  function knownAs(dataDir: string): readonly string[] {
    const keys = openKeys({ dataDir });
    const subject = createSubjectKeyOf(keys)(PAUL);
    const references = createReferences(keys, () => 0);
    const exchange = keys.exchangeKeys.map(({ publicJwk }) => publicJwk.kid!);
    return [subject, ...PARTIES.map((party) => references.referenceFor(subject, party)), ...exchange];
  }

  /** A copy keeps the files' modes, as `cp -a` and tar do. */
  function restore(dataDir: string, without: readonly string[] = []): string {
    const restored = freshFolder();
    cpSync(join(dataDir, 'keys'), join(restored, 'keys'), {
      recursive: true,
      filter: (source) => !without.includes(basename(source)),
    });
    return restored;
  }

  test('restored into a new folder knows everybody by the same names as before', () => {
    const dataDir = freshFolder();
    const before = knownAs(dataDir);
    expect(knownAs(restore(dataDir))).toEqual(before);
    rotateReferenceKey({ dataDir, opensUntilMs: 1 });
    const after = knownAs(dataDir);
    expect(after[1]).not.toBe(before[1]);
    expect(knownAs(restore(dataDir))).toEqual(after);
  });

  test('opens the references that were given out before a rotation', () => {
    const dataDir = freshFolder();
    const [subject, service] = knownAs(dataDir);
    rotateReferenceKey({ dataDir, opensUntilMs: 1 });
    const references = createReferences(openKeys({ dataDir: restore(dataDir) }), () => 0);
    expect(references.openReference(service!, PARTIES[0])).toBe(subject);
  });

  test('without the reference keys gives everybody other ids and opens none of the old', () => {
    const dataDir = freshFolder();
    const [subject, service, agency, exchange] = knownAs(dataDir);
    const lost = restore(dataDir, ['references.json']);
    const now = knownAs(lost);
    expect([now[0], now[3]]).toEqual([subject, exchange]);
    expect([service, agency]).not.toContain(now[1]);
    expect(createReferences(openKeys({ dataDir: lost }), () => 0).openReference(service!, PARTIES[0])).toBeUndefined();
  });

  test('without the subject key knows nobody any more, though old ids still open', () => {
    const dataDir = freshFolder();
    const [subject, service] = knownAs(dataDir);
    const lost = restore(dataDir, ['subjects.jwk.json']);
    expect(knownAs(lost)[0]).not.toBe(subject);
    expect(createReferences(openKeys({ dataDir: lost }), () => 0).openReference(service!, PARTIES[0])).toBe(subject);
  });

  test('without the exchange key loses nothing but that key', () => {
    const dataDir = freshFolder();
    const before = knownAs(dataDir);
    const now = knownAs(restore(dataDir, ['exchange.jwks.json']));
    expect(now.slice(0, 3)).toEqual(before.slice(0, 3));
    expect(now[3]).not.toBe(before[3]);
  });

  test('that others can read is not taken', () => {
    const dataDir = freshFolder();
    knownAs(dataDir);
    const restored = restore(dataDir);
    chmodSync(join(restored, 'keys', 'references.json'), 0o644);
    expect(() => openKeys({ dataDir: restored })).toThrow('expected mode 600');
  });
});
