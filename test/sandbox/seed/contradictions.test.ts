import { describe, expect, it } from '@jest/globals';
import { INTENDED_CONTRADICTIONS } from '../../../sandbox/seed/contradictions.ts';
import { findContradictions, type Fixtures } from '../../../sandbox/seed/findContradictions.ts';
import { createFrance } from '../../../sandbox/seed/france.ts';
import { recordId } from '../../../sandbox/seed/recordIds.ts';
import { writtenFixtures } from './support.ts';

const france = createFrance();

describe('contradictions between agencies', () => {
  it('are those that are listed, no more and no fewer', () => {
    const listed = INTENDED_CONTRADICTIONS.map(({ who, fact, holders }) => ({ who, fact, holders }));
    const found = findContradictions(france, writtenFixtures());
    expect(inOrder(found)).toEqual(inOrder(listed));
  });

  it('each have a reason', () => {
    for (const { why } of INTENDED_CONTRADICTIONS) expect(why).toMatch(/\.$/);
  });

  it.each([
    [
      'a birth date in the family file',
      changedFile('boucher', 'allocataires', { date_naissance: '1969-02-27' }),
      'birthDate',
    ],
    [
      'a child’s birth date',
      changedFile('dupont', 'enfants', { date_naissance: { $yearsAgo: 8, monthDay: '01-10' } }),
      'birthDate',
    ],
    ['a birth name', changedFile('boucher', 'allocataires', { nom_naissance: 'BOUCHET' }), 'birthName'],
    ['given names', changedFile('boucher', 'allocataires', { prenoms: 'CLOÉ' }), 'givenNames'],
    ['a usage name', changedFile('huche-mercier', 'allocataires', { nom_usage: 'MERCIÉ' }), 'usageName'],
    ['a sex', changedFile('boucher', 'allocataires', { sexe: 'M' }), 'gender'],
    ['dependants', changedNotice('boucher', { pac: { nbPac: 3 } }), 'dependants'],
    ['a family situation', changedNotice('boucher', { sitFam: 'C' }), 'familySituation'],
    ['a declarant’s name', changedNotice('boucher', { nmNaiDec2: 'BOUCHARD' }), 'birthName'],
    [
      'a taxed address',
      changedNotice('boucher', { aftDetail: { voie: '1 RUE X', codePostal: '44000', commune: 'NANTES' } }),
      'address',
    ],
  ])('a new one is found: %s', (_what, fixtures, fact) => {
    const unlisted = findContradictions(france, fixtures).length - INTENDED_CONTRADICTIONS.length;
    expect(unlisted).toBe(1);
    expect(findContradictions(france, fixtures).map((found) => found.fact)).toContain(fact);
  });
});

function inOrder(list: readonly object[]): readonly string[] {
  return list.map((entry) => JSON.stringify(entry)).sort();
}

function changedFile(household: string, list: 'allocataires' | 'enfants', change: object): Fixtures {
  const fixtures = writtenFixtures();
  const file = fixtures.files.find(({ id }) => id === recordId('family', household))!;
  Object.assign(file.payload[list][0]!, change);
  return fixtures;
}

function changedNotice(household: string, change: object): Fixtures {
  const fixtures = writtenFixtures();
  Object.assign(
    fixtures.assessments.find((entry) => entry.household === recordId('income', household))!.notice,
    change,
  );
  return fixtures;
}
