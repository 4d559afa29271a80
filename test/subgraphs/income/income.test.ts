import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AgencyUnderTest } from '../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { scopesHeldBy } from '../../../subgraphs/kit/testing/testGrant.ts';
import { about, answerOf, openAgencyOfSandbox } from '../agencies.ts';

let agency: AgencyUnderTest;
beforeAll(async () => {
  agency = await openAgencyOfSandbox('income');
});

const HOUSEHOLD = { met: { IN_FILE: scopesHeldBy('income') } };
const assessment = async (person: string, selection: string, incomeYear = 2025) => {
  const question = about(person, 'income', `taxAssessment(incomeYear: ${incomeYear}) { ${selection} }`, HOUSEHOLD);
  const answer = await answerOf(agency, question);
  return answer && (answer['taxAssessment'] as Record<string, unknown> | null);
};

describe('the assessment of an income year', () => {
  it('answers last year’s income of a couple with three children', async () => {
    const selection = `source asOf incomeYear referenceTaxIncome grossIncome taxAmount householdParts familySituation dependants
      loneParent issuedOn collectedOn taxedAddress { streetLine postCode city }`;
    expect(await assessment('dupont-paul', selection)).toEqual({
      source: 'DGFiP',
      asOf: '2026-01-01',
      incomeYear: 2025,
      referenceTaxIncome: 84_210,
      grossIncome: 84_450,
      taxAmount: 4230,
      householdParts: 4,
      familySituation: 'MARRIED',
      dependants: 3,
      loneParent: false,
      issuedOn: '2026-01-01',
      collectedOn: '2026-07-31',
      taxedAddress: { streetLine: '42 RUE DE LA PAIX', postCode: '75002', city: 'PARIS' },
    });
  });

  it('holds three years back, and none before', async () => {
    expect(await assessment('dupont-paul', 'referenceTaxIncome', 2024)).toEqual({ referenceTaxIncome: 82_475 });
    expect(await assessment('dupont-paul', 'referenceTaxIncome', 2023)).toEqual({ referenceTaxIncome: 80_930 });
  });

  it.each([
    [2025, 'dgfip_annee_n_moins_1'],
    [2024, 'dgfip_annee_n_moins_2'],
    [2023, 'dgfip_annee_n_moins_3'],
  ])('of %i needs the scope %s beside its own', async (incomeYear, yearScope) => {
    const ask = async (scopes: readonly string[]) => {
      const { data } = await agency.ask(
        about('dupont-paul', 'income', `taxAssessment(incomeYear: ${incomeYear}) { referenceTaxIncome }`, { scopes }),
      );
      return (data as { _entities: [{ taxAssessment: object | null }] })._entities[0].taxAssessment;
    };
    const years = ['dgfip_annee_n_moins_1', 'dgfip_annee_n_moins_2', 'dgfip_annee_n_moins_3'];
    expect(await ask(['dgfip_rfr', yearScope])).not.toBeNull();
    expect(await ask(['dgfip_rfr', ...years.filter((name) => name !== yearScope)])).toBeNull();
    expect(await ask([yearScope])).toBeNull();
  });

  it('that no scope opens is refused, whatever is held', async () => {
    const { data, errors } = await agency.ask(
      about('dupont-paul', 'income', 'taxAssessment(incomeYear: 2022) { incomeYear }'),
    );
    expect(data).toEqual({ _entities: [{ taxAssessment: null }] });
    expect(errors).toHaveLength(1);
  });

  it('of two years in one question is read for each under its alias', async () => {
    const answer = await answerOf(
      agency,
      about(
        'dupont-paul',
        'income',
        'last: taxAssessment(incomeYear: 2025) { referenceTaxIncome } before: taxAssessment(incomeYear: 2024) { referenceTaxIncome }',
      ),
    );
    expect(answer).toEqual({ last: { referenceTaxIncome: 84_210 }, before: { referenceTaxIncome: 82_475 } });
  });

  it.each([
    ['dupont-paul', 'MARRIED', false],
    ['gautier-emilie', 'MARRIED', false],
    ['dupont-marie', 'PACS', false],
    ['dupont-sophie', 'SINGLE', true],
    ['giraud-anne', 'DIVORCED', true],
    ['placard-elsa', 'WIDOWED', false],
  ])('of %s: %s', async (person, familySituation, loneParent) => {
    expect(await assessment(person, 'familySituation loneParent')).toEqual({ familySituation, loneParent });
  });
});

describe('declarants', () => {
  const NAMES = '{ birthName usageName givenNames birthDate }';
  const PAUL = { birthName: 'DUPONT', usageName: null, givenNames: ['PAUL', 'LOUIS'], birthDate: '1962-08-24' };
  const ANGELA = {
    birthName: 'DURAND',
    usageName: 'DUPONT',
    givenNames: ['ANGELA', 'LOUISE'],
    birthDate: '1963-10-12',
  };

  it('the first is whoever the question is about, the second the other one', async () => {
    const both = `declarant1 ${NAMES} declarant2 ${NAMES}`;
    expect(await assessment('dupont-paul', both)).toEqual({ declarant1: PAUL, declarant2: ANGELA });
    expect(await assessment('dupont-angela', both)).toEqual({ declarant1: ANGELA, declarant2: PAUL });
  });

  it('the second is withheld where the procedure is not computed on the household', async () => {
    const { data } = await agency.ask(
      about(
        'dupont-paul',
        'income',
        'taxAssessment(incomeYear: 2025) { declarant1 { birthName } declarant2 { birthName } }',
      ),
    );
    expect(data).toEqual({ _entities: [{ taxAssessment: { declarant1: { birthName: 'DUPONT' }, declarant2: null } }] });
  });

  it('a scope of one opens nothing of the other', async () => {
    const scopes = ['dgfip_annee_n_moins_1', 'dgfip_nmNaiDec1', 'dgfip_prnmDec2'];
    const { data } = await agency.ask(
      about(
        'dupont-paul',
        'income',
        'taxAssessment(incomeYear: 2025) { declarant1 { birthName givenNames } declarant2 { birthName givenNames } }',
        {
          scopes,
          met: { IN_FILE: scopes },
        },
      ),
    );
    expect(data).toEqual({
      _entities: [
        {
          taxAssessment: {
            declarant1: { birthName: 'DUPONT', givenNames: null },
            declarant2: { birthName: null, givenNames: ['ANGELA', 'LOUISE'] },
          },
        },
      ],
    });
  });

  it('have a birth date known to the year', async () => {
    expect(await assessment('lefebvre-alexis', 'declarant1 { birthDate }')).toEqual({
      declarant1: { birthDate: '1982' },
    });
  });
});

describe('the SVAIR notice of the real data', () => {
  it('reads like any other, empty text as nothing', async () => {
    const selection = `referenceTaxIncome grossIncome taxAmount householdParts familySituation dependants loneParent issuedOn
      collectedOn declarant1 { birthName usageName givenNames birthDate } declarant2 { birthName }
      taxedAddress { streetLine postCode city }`;
    expect(await assessment('dupont-jean', selection)).toEqual({
      referenceTaxIncome: 9001,
      grossIncome: 9001,
      taxAmount: 100,
      householdParts: 1,
      familySituation: 'SINGLE',
      dependants: 1,
      loneParent: null,
      issuedOn: '2026-01-01',
      collectedOn: '2026-07-31',
      declarant1: { birthName: 'DUPONT', usageName: 'DUPONT', givenNames: ['JEAN', 'MARTIN'], birthDate: '1980-01-19' },
      declarant2: null,
      taxedAddress: { streetLine: '42 RUE DE LA PAIX', postCode: '75002', city: 'PARIS' },
    });
  });
});

describe('absence', () => {
  it('of a person in their parents’ tax household is null, without an error', async () => {
    expect(
      await answerOf(agency, about('martin-jean', 'income', 'taxAssessment(incomeYear: 2025) { incomeYear }')),
    ).toBeNull();
  });

  it('of one of two people with the same identity', async () => {
    expect(
      await answerOf(agency, about('dubois-angela', 'income', 'taxAssessment(incomeYear: 2025) { incomeYear }')),
    ).toBeNull();
  });
});
