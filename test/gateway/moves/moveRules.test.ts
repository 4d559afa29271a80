import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Communes, loadCommunes } from '../../../gateway/registers/moves/communes.ts';
import { createMoveReference, readMoveReference } from '../../../gateway/registers/moves/moveReference.ts';
import {
  type MoveInput,
  type MoveSetting,
  type ProvenHousehold,
  ageOn,
  checkMove,
  isChangeable,
  monthsFrom,
} from '../../../gateway/registers/moves/moveRules.ts';
import { ANGELA, FAMILY, PAUL, RECIPIENTS, anIdentity } from './aMoveRegister.ts';

let communes: Communes;
beforeAll(async () => {
  communes = await loadCommunes();
});

const input: MoveInput = {
  oldAddress: { streetLine: '12 rue des Lilas', postCode: '75011', city: 'Paris', countryCode: '99100' },
  newAddress: { streetLine: '3 rue du Port', postCode: '44000', city: 'Nantes', countryCode: '99100' },
  effectiveDate: '2026-12-01',
  members: [],
  recipients: [FAMILY],
};
const check = (change: Partial<MoveInput> = {}, setting: Partial<MoveSetting> = {}) =>
  checkMove(
    { ...input, ...change },
    {
      ...{ declarant: PAUL, identity: anIdentity('Paul'), today: '2026-11-23', communes, recipients: RECIPIENTS },
      ...{
        proveHousehold: () => Promise.resolve({ children: new Map(), partner: undefined }),
        knownMembers: [],
        ...setting,
      },
    },
  );
const codesOf = async (...asked: Parameters<typeof check>) => (await check(...asked)).problems.map(({ code }) => code);

describe('a declaration', () => {
  test.each([
    ['2026-08-22', ['DATE_OUT_OF_RANGE']],
    ['2026-08-23', []],
    ['2027-02-23', []],
    ['2027-02-24', ['DATE_OUT_OF_RANGE']],
    ['2027-02-30', ['DATE_OUT_OF_RANGE']],
  ])('for %s, said on 2026-11-23: %j', async (effectiveDate, codes) => {
    expect(await codesOf({ effectiveDate })).toEqual(codes);
  });

  test('names those who take it, and somebody at least', async () => {
    expect(await codesOf({ recipients: [] })).toEqual(['NO_RECIPIENT']);
    expect(await codesOf({ recipients: [FAMILY, 'civil-status'] })).toEqual(['RECIPIENT_UNKNOWN']);
    expect(await codesOf({ newAddress: input.oldAddress })).toEqual(['SAME_ADDRESS']);
  });

  test('includes a child by proof, has the partner speak for themself, and names nobody else', async () => {
    const pierre = anIdentity('Pierre', '2019-01-10');
    const proven = (household: ProvenHousehold | undefined) => ({ proveHousehold: () => Promise.resolve(household) });
    const child = proven({ children: new Map([[ANGELA, pierre]]), partner: undefined });
    const partner = proven({ children: new Map(), partner: ANGELA });
    expect((await check({ members: [ANGELA] }, child)).move!.members).toEqual([
      { subject: ANGELA, role: 'CHILD', state: 'INCLUDED', identity: pierre },
    ]);
    expect((await check({ members: [ANGELA] }, partner)).move!.members).toMatchObject([
      { role: 'ADULT', state: 'AWAITING_CONFIRMATION', identity: undefined },
    ]);
    expect(await codesOf({ members: [ANGELA] }, proven(undefined))).toEqual(['MEMBER_UNPROVEN']);
    expect(await codesOf({ members: [ANGELA] })).toEqual(['MEMBER_UNPROVEN']);
    expect(await codesOf({ members: [PAUL, ANGELA, ANGELA] })).toEqual(['MEMBER_TWICE', 'MEMBER_TWICE']);
  });

  test('can be changed until the end of the day before', () => {
    expect(isChangeable('2026-12-01', '2026-11-30')).toBe(true);
    expect(isChangeable('2026-12-01', '2026-12-01')).toBe(false);
  });
});

test('months end where the calendar says', () => {
  expect(monthsFrom('2026-11-30', 3)).toBe('2027-02-28');
  expect(monthsFrom('2026-05-31', -3)).toBe('2026-02-28');
});

test('nobody is taken for older than they may be', () => {
  expect(ageOn('2026-11-23', '2010-11-23')).toBe(16);
  expect(ageOn('2026-11-23', '2010-11-24')).toBe(15);
  expect(ageOn('2026-11-23', '2010')).toBe(15);
  expect(ageOn('2026-11-23', '2010-11-00')).toBe(15);
});

test('a reference is read as people write it, and a slip of the pen is seen', () => {
  const reference = createMoveReference();
  expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{13}$/);
  const written = `${reference.slice(0, 4)}-${reference.slice(4, 8)} ${reference.slice(8)}`.toLowerCase();
  expect(readMoveReference(written)).toBe(reference);
  const wrong = reference.slice(0, 5) + (reference[5] === 'A' ? 'B' : 'A') + reference.slice(6);
  expect(readMoveReference(wrong)).toBeUndefined();
  expect(readMoveReference('')).toBeUndefined();
});
