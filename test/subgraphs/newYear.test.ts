import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { readFixture } from '../../subgraphs/kit/fixtures.ts';
import { scopesHeldBy } from '../../subgraphs/kit/testing/testGrant.ts';
import { about, answerOf, openAgencyOfSandbox } from './agencies.ts';

/** The first minute of a year in Paris, while it is still December in UTC. */
const NEW_YEAR = (): number => Date.parse('2030-12-31T23:01:00Z');

describe('on the first minute of a later year, in Paris', () => {
  it('last year’s income is known, and already issued', async () => {
    const income = await openAgencyOfSandbox('income', { clock: NEW_YEAR });
    const selection = 'taxAssessment(incomeYear: 2030) { referenceTaxIncome issuedOn }';
    expect(await answerOf(income, about('dupont-paul', 'income', selection))).toEqual({
      taxAssessment: { referenceTaxIncome: 84_210, issuedOn: '2031-01-01' },
    });
  });

  it('children are as old as they were, to the year', async () => {
    const family = await openAgencyOfSandbox('family', { clock: NEW_YEAR });
    const question = about(
      'dupont-paul',
      'family',
      'familyFile { quotient { year } children { ageBracket birthDate } }',
      {
        met: { IN_FILE: scopesHeldBy('family') },
      },
    );
    expect(await answerOf(family, question)).toEqual({
      familyFile: {
        quotient: { year: 2030 },
        children: [
          { birthDate: '2024-01-10', ageBracket: 'FROM_6_TO_10' },
          { birthDate: '2026-03-15', ageBracket: 'FROM_3_TO_5' },
          { birthDate: '2028-06-20', ageBracket: 'UNDER_3' },
        ],
      },
    });
  });

  it('nobody was born, moved or was assessed in the future', async () => {
    const subgraphs = join(import.meta.dirname, '../../subgraphs');
    for (const file of [
      'civil-status/fixtures/records.json',
      'family/fixtures/files.json',
      'address/fixtures/addresses.json',
    ]) {
      const fixture = JSON.stringify(await readFixture(join(subgraphs, file), NEW_YEAR));
      const future = (fixture.match(/"\d{4}-\d{2}-\d{2}"/g) ?? []).filter((date) => date.slice(1, -1) > '2031-01-01');
      expect({ file, future }).toEqual({ file, future: [] });
    }
  });
});
