import { expect, test } from '@jest/globals';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { createSubjectKeyOf } from '../../../gateway/platform/subjectKey.ts';

const subjectKeyOf = createSubjectKeyOf({ subjectSecret: Buffer.alloc(32, 7) });

const PERSON: PivotIdentity = {
  family_name: 'MARTIN',
  given_name: 'Élodie Anne',
  birthdate: '1990-02-28',
  gender: 'female',
  birthplace: '75112',
  birthcountry: '99100',
};

test('is thirty hex digits, the same every time and another under another secret', () => {
  expect(subjectKeyOf(PERSON)).toMatch(/^[0-9a-f]{30}$/);
  expect(subjectKeyOf(PERSON)).toBe(subjectKeyOf({ ...PERSON }));
  expect(createSubjectKeyOf({ subjectSecret: Buffer.alloc(32, 8) })(PERSON)).not.toBe(subjectKeyOf(PERSON));
});

test.each([
  ['case', { family_name: 'Martin', given_name: 'élodie ANNE' }],
  ['Unicode composition', { given_name: 'E\u0301lodie Anne' }],
  ['spaces', { given_name: ' Élodie\u00a0 Anne ' }],
  ['a usage name', { preferred_username: 'DURAND' }],
  ['the array of first names', { given_name_array: ['Élodie', 'Anne'] }],
])('does not depend on %s', (_, change) => {
  expect(subjectKeyOf({ ...PERSON, ...change })).toBe(subjectKeyOf(PERSON));
});

test('takes both spellings of a presumed birth date for one', () => {
  expect(subjectKeyOf({ ...PERSON, birthdate: '1990-02-00' })).toBe(subjectKeyOf({ ...PERSON, birthdate: '1990-02' }));
  expect(subjectKeyOf({ ...PERSON, birthdate: '1990-00-00' })).toBe(subjectKeyOf({ ...PERSON, birthdate: '1990' }));
  expect(subjectKeyOf({ ...PERSON, birthdate: '1990' })).not.toBe(subjectKeyOf({ ...PERSON, birthdate: '1990-02' }));
});

test('takes both apostrophes for one', () => {
  expect(subjectKeyOf({ ...PERSON, family_name: "D'ARC" })).toBe(subjectKeyOf({ ...PERSON, family_name: 'D’ARC' }));
});

test.each(['family_name', 'given_name', 'birthdate', 'gender', 'birthplace', 'birthcountry'] as const)(
  'depends on %s',
  (claim) => {
    expect(subjectKeyOf({ ...PERSON, [claim]: 'X' })).not.toBe(subjectKeyOf(PERSON));
  },
);

test('tells names apart that run together', () => {
  const one = subjectKeyOf({ ...PERSON, given_name: 'A', family_name: 'BC' });
  expect(subjectKeyOf({ ...PERSON, given_name: 'AB', family_name: 'C' })).not.toBe(one);
});

test.each(['family_name', 'given_name', 'birthdate', 'gender', 'birthplace', 'birthcountry'] as const)(
  'refuses an identity without %s, naming the claim and no value',
  (claim) => {
    const incomplete = { ...PERSON, [claim]: ' ' };
    expect(() => subjectKeyOf(incomplete)).toThrow(
      expect.objectContaining({ code: 'HUB_TOKEN_IDENTITY_INCOMPLETE', extensions: { missingClaims: [claim] } }),
    );
  },
);

test('takes an empty place of birth from someone born abroad, and from nobody else', () => {
  expect(subjectKeyOf({ ...PERSON, birthplace: '', birthcountry: '99109' })).toMatch(/^[0-9a-f]{30}$/);
  const { birthcountry: _, ...nowhere } = { ...PERSON, birthplace: '' };
  expect(() => subjectKeyOf(nowhere)).toThrow('HUB_TOKEN_IDENTITY_INCOMPLETE');
});
