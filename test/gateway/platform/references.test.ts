import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SubjectKey } from '../../../gateway/platform/ids.ts';
import type { ReferenceKey } from '../../../gateway/platform/keys.ts';
import { type Party, createReferences } from '../../../gateway/platform/references.ts';

const NOW = Date.UTC(2026, 10, 23);
const first: ReferenceKey = { version: 1, secret: Buffer.alloc(64, 1) };
const second: ReferenceKey = { version: 2, secret: Buffer.alloc(64, 2) };
const clock = () => NOW;
const references = createReferences({ referenceKeys: [first] }, clock);

const subject = fc
  .uint8Array({ minLength: 15, maxLength: 15 })
  .map((bytes) => Buffer.from(bytes).toString('hex') as SubjectKey);
const party = fc.constantFrom<Party>(
  'service:99900000000001',
  'service:99900000000002',
  'agency:family',
  'agency:income',
);
const ANYBODY = '0123456789abcdef0123456789abcd' as SubjectKey;

describe('a reference', () => {
  test('has 43 characters, is stable and opens for its own party alone', () => {
    fc.assert(
      fc.property(subject, party, party, (someone, mine, theirs) => {
        const reference = references.referenceFor(someone, mine);
        expect(reference).toMatch(/^[A-Za-z0-9_-]{43}$/);
        expect(createReferences({ referenceKeys: [first] }, clock).referenceFor(someone, mine)).toBe(reference);
        expect(references.openReference(reference, mine)).toBe(someone);
        if (theirs !== mine) {
          expect(references.openReference(reference, theirs)).toBeUndefined();
          // Not one byte after the version is shared by what two parties hold more often than by chance: nothing to join on.
          expect(references.referenceFor(someone, theirs).slice(2, 20)).not.toBe(reference.slice(2, 20));
        }
      }),
    );
  });

  test('of two subjects differ', () => {
    fc.assert(
      fc.property(subject, subject, party, (one, other, theirs) => {
        fc.pre(one !== other);
        expect(references.referenceFor(one, theirs)).not.toBe(references.referenceFor(other, theirs));
      }),
    );
  });

  test('does not open with any bit changed, nor in a second spelling', () => {
    const reference = references.referenceFor(ANYBODY, 'agency:family');
    const bytes = Buffer.from(reference, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const forged = Buffer.from(bytes);
      forged[bit >> 3]! ^= 1 << (bit & 7);
      expect(references.openReference(forged.toString('base64url'), 'agency:family')).toBeUndefined();
    }
    const spellings = [`${reference}=`, ` ${reference}`, reference.slice(0, -1), `${reference}A`, '', 'x', 'null'];
    const lastCharacter = reference.at(-1)!;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spare = [...alphabet]
      .filter((character) => character !== lastCharacter)
      .map((character) => reference.slice(0, -1) + character);
    for (const spelling of [...spellings, ...spare]) {
      expect(references.openReference(spelling, 'agency:family')).toBeUndefined();
    }
  });

  test('of an old key opens until the stated time, while new ones are made under the new key', () => {
    let now = NOW;
    const ended = { ...first, opensUntil: new Date(NOW + 1000).toISOString() };
    const rotated = createReferences({ referenceKeys: [ended, second] }, () => now);
    const old = references.referenceFor(ANYBODY, 'agency:family');

    expect(rotated.referenceFor(ANYBODY, 'agency:family')).not.toBe(old);
    expect(rotated.openReference(old, 'agency:family')).toBe(ANYBODY);
    now = NOW + 1000;
    expect(rotated.openReference(old, 'agency:family')).toBeUndefined();
  });

  test('of a key that is not there does not open', () => {
    const made = createReferences({ referenceKeys: [second] }, clock).referenceFor(ANYBODY, 'agency:family');
    expect(references.openReference(made, 'agency:family')).toBeUndefined();
  });

  test('is not made for what is no subject key', () => {
    expect(() => references.referenceFor('jean' as SubjectKey, 'agency:family')).toThrow(TypeError);
  });
});
