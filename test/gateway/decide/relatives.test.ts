import { describe, expect, test } from '@jest/globals';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { ageOf } from '../../../gateway/platform/ages.ts';
import type { SubjectKey } from '../../../gateway/platform/ids.ts';
import type { OpenConsents } from '../../../gateway/registers/consent/consent.ts';
import { hearRelatives } from '../../../gateway/request/decide/relatives.ts';
import type { ProvenRelative } from '../../../gateway/request/exchange.ts';
import { openConsentsOf } from '../../support/openConsents.ts';
import { aCaller, type CallerChanges } from '../../support/testRequest.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const CHILD = 'child' as SubjectKey;
const set = (...scopes: readonly string[]) => new Set(scopes);

const LAW: CallerChanges = { legalBasis: 'INFORMATION_L114_8', purpose: 'canteen-pricing', token: ['a', 'b'] };
const LAW_FOR_ONE: CallerChanges = { ...LAW, purpose: 'parking-permit' };
const CONSENT: CallerChanges = { ...LAW, legalBasis: 'CONSENT_RGPD_6_1_A', purpose: 'creche-place' };
const PORTAL: CallerChanges = {
  ...{ ...LAW, legalBasis: 'RIGHT_OF_ACCESS_RGPD_15', purpose: 'my-data' },
  habilitation: ['a', 'b'],
};

function relative(change: Partial<ProvenRelative> & { readonly birthdate?: string } = {}): ProvenRelative {
  const { birthdate = '2016-05-01', ...rest } = change;
  const pivot = { family_name: 'X', given_name: 'Y', birthdate, gender: 'female' } as PivotIdentity;
  return { subject: CHILD, role: 'CHILD', pivot, parentalAuthority: true, standing: 'PRESENT', ...rest };
}

/** What is open for that one relative, sorted; undefined when nobody may speak for them. */
function openFor(
  who: ProvenRelative,
  caller: CallerChanges,
  said: { readonly caller?: OpenConsents; readonly theirs?: OpenConsents } = {},
): readonly string[] | undefined {
  const own = caller === PORTAL ? undefined : (said.caller ?? openConsentsOf(set()));
  const proof = { id: 'rel_1', provenOn: '2026-11-23', relatives: [who] };
  const heard = hearRelatives(aCaller(caller), own, proof, {
    openConsents: () => {
      if (!said.theirs) throw new Error('nobody should be asked');
      return said.theirs;
    },
    clock: () => NOW,
  });
  if (heard instanceof Promise) throw new TypeError('expected an answer from memory');
  return heard[0]!.open && [...heard[0]!.open].sort();
}

describe('a child under 15, under the caller’s authority', () => {
  const who = relative();

  test('is spoken for by what the law tells the caller of a purpose of the household', () => {
    expect(openFor(who, LAW, { caller: openConsentsOf(set('a')) })).toEqual(['a']);
  });

  test.each([
    ['by a notice for a purpose of one person', LAW_FOR_ONE],
    ['by a consent of the caller’s about themself', CONSENT],
  ])('is not spoken for %s', (_by, caller) => {
    expect(openFor(who, caller, { caller: openConsentsOf(set('a')) })).toEqual([]);
  });

  test('is spoken for by a consent about that child, and by no consent about another', () => {
    const about = (child: string) =>
      openConsentsOf(set(), { children: new Map([[child as SubjectKey, { open: set('a'), declined: set('b') }]]) });
    expect(openFor(who, CONSENT, { caller: about(CHILD) })).toEqual(['a']);
    expect(openFor(who, CONSENT, { caller: about('another') })).toEqual([]);
  });

  test('is closed where the caller has said no for that child, whatever the notice says', () => {
    const children = new Map([[CHILD, { open: set(), declined: set('a') }]]);
    expect(openFor(who, LAW, { caller: openConsentsOf(set('a', 'b'), { children }) })).toEqual(['b']);
  });

  test('is spoken for by right of access, which parents exercise for their children', () => {
    expect(openFor(who, PORTAL)).toEqual(['a', 'b']);
  });
});

describe('nobody speaks for', () => {
  test.each([
    ['a child without the caller’s authority', relative({ parentalAuthority: false })],
    ['a child of 18 today', relative({ birthdate: '2008-11-23' })],
    ['a child of whom the year alone is known, and who may be 18', relative({ birthdate: '2008' })],
    ['the dead', relative({ standing: 'DECEASED' })],
    ['the protected', relative({ standing: 'PROTECTED' })],
    ['a child of whom there is no date', relative({ birthdate: '200&-04-23' })],
  ])('%s, and nobody is asked', (_who, who) => {
    expect(openFor(who, LAW, { caller: openConsentsOf(set('a')) })).toBeUndefined();
  });
});

describe('a minor from 15 on', () => {
  const who = relative({ birthdate: '2010-08-05' });
  const nothing = openConsentsOf(set());

  test('is spoken for by the parent, or by themself', () => {
    expect(openFor(who, LAW, { caller: openConsentsOf(set('a')), theirs: nothing })).toEqual(['a']);
    expect(openFor(who, LAW, { theirs: openConsentsOf(set('b')) })).toEqual(['b']);
  });

  test('is not spoken for by a notice of their own: it decides nothing', () => {
    expect(openFor(who, LAW, { theirs: openConsentsOf(set('b'), { consented: set() }) })).toEqual([]);
  });

  test('is closed where one of the two has said no', () => {
    const no = openConsentsOf(set(), { declined: set('a') });
    expect(openFor(who, LAW, { caller: openConsentsOf(set('a', 'b')), theirs: no })).toEqual(['b']);
    expect(openFor(who, LAW, { caller: no, theirs: openConsentsOf(set('a', 'b')) })).toEqual(['b']);
  });
});

describe('a partner', () => {
  const who = relative({ role: 'SPOUSE', parentalAuthority: false, birthdate: '1980-01-01' });

  test('speaks for themself, by consent and not by having been informed', () => {
    expect(openFor(who, LAW, { theirs: openConsentsOf(set('a')) })).toEqual(['a']);
    expect(openFor(who, LAW, { theirs: openConsentsOf(set('a'), { consented: set() }) })).toEqual([]);
  });

  test('is never spoken for by the caller', () => {
    const all = openConsentsOf(set('a', 'b'));
    expect(openFor(who, LAW, { caller: all, theirs: openConsentsOf(set()) })).toEqual([]);
    expect(openFor(who, PORTAL, { theirs: all })).toBeUndefined();
  });
});

describe('an age in Paris', () => {
  test.each([
    ['2008-11-24', 17],
    ['2008-11-23', 18],
    ['2008-11', 18],
    ['2008-11-00', 18],
    ['2008-12', 17],
    ['2008', 18],
    ['2008-00-00', 18],
    ['200&-04-23', Infinity],
    ['', Infinity],
  ])('of whoever is born on %s is %d on 23 November 2026', (birthdate, age) => {
    expect(ageOf(birthdate, '2026-11-23')).toBe(age);
  });

  test('changes on 1 March for whoever is born on 29 February, in a year without that day', () => {
    expect([ageOf('2008-02-29', '2026-02-28'), ageOf('2008-02-29', '2026-03-01')]).toEqual([17, 18]);
  });
});
