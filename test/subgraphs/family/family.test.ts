import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AgencyUnderTest } from '../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { scopesHeldBy } from '../../../subgraphs/kit/testing/testGrant.ts';
import { about, answerOf, openAgencyOfSandbox } from '../agencies.ts';

let agency: AgencyUnderTest;
beforeAll(async () => {
  agency = await openAgencyOfSandbox('family');
});

/** As the hub grants it for a procedure computed on the household: third parties in the file under the caller's verdict. */
const HOUSEHOLD = { met: { IN_FILE: scopesHeldBy('family') } };
const file = async (person: string, selection: string) => {
  const answer = await answerOf(agency, about(person, 'family', `familyFile { ${selection} }`, HOUSEHOLD));
  return answer && (answer['familyFile'] as Record<string, unknown> | null);
};

describe('the family file', () => {
  it('answers the quotient as the case of the real data has it, last year', async () => {
    const quotient = 'value holder year month computedYear computedMonth';
    expect(await file('dupont-paul', `source asOf holder quotient { ${quotient} }`)).toEqual({
      source: 'CAF',
      asOf: '2025-02-28',
      holder: 'CNAF',
      quotient: { value: 2550, holder: 'CNAF', year: 2025, month: 2, computedYear: 2025, computedMonth: 12 },
    });
    expect(await file('commode-cindy', 'source holder')).toEqual({ source: 'MSA', holder: 'MSA' });
  });

  it('is the same file for both beneficiaries', async () => {
    const selection = 'beneficiaries { birthName usageName givenNames birthDate gender ageBracket person { id } }';
    const paul = await file('dupont-paul', selection);
    expect(paul).toEqual({
      beneficiaries: [
        {
          birthName: 'DUPONT',
          usageName: null,
          givenNames: ['PAUL', 'LOUIS'],
          birthDate: '1962-08-24',
          gender: 'MALE',
          ageBracket: 'ADULT',
          person: { id: expect.stringMatching(/^met:ey/) },
        },
        {
          birthName: 'DURAND',
          usageName: 'DUPONT',
          givenNames: ['ANGELA', 'LOUISE'],
          birthDate: '1963-10-12',
          gender: 'FEMALE',
          ageBracket: 'ADULT',
          person: { id: expect.stringMatching(/^met:ey/) },
        },
      ],
    });
    // What is sealed is sealed anew each time.
    const plain = selection.replace(' person { id }', '');
    expect(await file('dupont-angela', plain)).toEqual(await file('dupont-paul', plain));
  });

  it('lists the children in charge with their ages in brackets, grown-up ones too', async () => {
    expect(await file('dupont-paul', 'children { givenNames birthDate ageBracket }')).toEqual({
      children: [
        { givenNames: ['PIERRE'], birthDate: '2019-01-10', ageBracket: 'FROM_6_TO_10' },
        { givenNames: ['ROBERT'], birthDate: '2021-03-15', ageBracket: 'FROM_3_TO_5' },
        { givenNames: ['HENRY'], birthDate: '2023-06-20', ageBracket: 'UNDER_3' },
      ],
    });
    expect(await file('trois-dupre-melissandre', 'children { ageBracket }')).toMatchObject({
      children: [{ ageBracket: 'ADULT' }, { ageBracket: 'FROM_6_TO_10' }, { ageBracket: 'UNDER_3' }],
    });
  });

  it('tells the owner of the file in which age bracket each child is, where their names are withheld', async () => {
    const asked = about('dupont-paul', 'family', 'familyFile { children { ageBracket } }');
    expect(await agency.ask(asked)).toEqual({
      data: {
        _entities: [
          {
            familyFile: {
              children: [{ ageBracket: 'FROM_6_TO_10' }, { ageBracket: 'FROM_3_TO_5' }, { ageBracket: 'UNDER_3' }],
            },
          },
        ],
      },
    });
  });

  it('withholds third parties where the procedure is not computed on the household, and says how many they are', async () => {
    const { data, errors } = await agency.ask(about('dupont-paul', 'family', 'familyFile { children { givenNames } }'));
    const nobody = { givenNames: null };
    expect(data).toEqual({ _entities: [{ familyFile: { children: [nobody, nobody, nobody] } }] });
    expect(errors).toHaveLength(3);
  });

  it('serves each part under its own scope, and the holder under any', async () => {
    const { data } = await agency.ask(
      about(
        'dupont-paul',
        'family',
        'familyFile { holder quotient { value } declaredAddress { city } children { givenNames } }',
        {
          ...HOUSEHOLD,
          scopes: ['cnaf_adresse'],
        },
      ),
    );
    expect(data).toEqual({
      _entities: [
        { familyFile: { holder: 'CNAF', quotient: null, declaredAddress: { city: 'PARIS' }, children: null } },
      ],
    });
  });

  it('has a quotient, or childcare parameters, or both', async () => {
    const childcare = 'childcare { dependentChildren disabledChildren annualResources resourcesYear }';
    expect(await file('dubois-angela-1988', `asOf holder quotient { value } ${childcare}`)).toEqual({
      asOf: null,
      holder: 'CNAF',
      quotient: null,
      childcare: { dependentChildren: 1, disabledChildren: 1, annualResources: 98_342, resourcesYear: 2025 },
    });
    expect(await file('dupont-paul', childcare)).toEqual({ childcare: null });
  });
});

describe('broken values of the real data', () => {
  it('"200&-04-23" is no birth date: null, and the log says where, not what', async () => {
    expect(await file('cnaf-georges-1975', 'children { givenNames birthDate ageBracket }')).toEqual({
      children: [
        { givenNames: ['Loic', 'Thierry', 'Simon'], birthDate: '2023-01-20', ageBracket: 'FROM_3_TO_5' },
        { givenNames: ['Schildegonde', 'Gertrude', 'Gontrand'], birthDate: null, ageBracket: null },
      ],
    });
    expect(agency.logged.join()).toContain('enfants.date_naissance');
    expect(agency.logged.join()).not.toContain('200&');
  });

  it.each([
    ['postcode and town', 'dupont-paul', { postCode: '75002', city: 'PARIS' }],
    ['a postcode without a town', 'dubois-angela-1988', { postCode: '75002', city: null }],
    ['an INSEE code in the postcode’s place, as it is', 'placard-elsa', { postCode: '75107', city: 'PARIS' }],
    ['a town of several words', 'simpson-marge', { postCode: '51000', city: 'CHÂLONS-EN-CHAMPAGNE' }],
  ])('an address with %s', async (_what, person, parts) => {
    expect(await file(person, 'declaredAddress { postCode city }')).toEqual({ declaredAddress: parts });
  });

  it('an address of six lines keeps each in its place', async () => {
    expect(
      await file('placard-elsa', 'declaredAddress { recipient additionalInfo streetLine locality inseeCode country }'),
    ).toEqual({
      declaredAddress: {
        recipient: 'Madame Elsa DUBOIS',
        additionalInfo: 'Batiment 2, Porte 8',
        streetLine: '20 AVENUE DE SEGUR',
        locality: 'Lieu dit',
        inseeCode: null,
        country: 'FRANCE',
      },
    });
  });

  it('a file that prints another sex, name or birth date than civil status is found all the same', async () => {
    expect(await file('fakir-eymen', 'beneficiaries { gender }')).toEqual({ beneficiaries: [{ gender: 'FEMALE' }] });
    expect(await file('simpson-marge', 'beneficiaries { birthName }')).toEqual({
      beneficiaries: [{ birthName: 'BROWN' }],
    });
    expect(await file('martin-pierre-chalons', 'beneficiaries { birthDate }')).toMatchObject({
      beneficiaries: [{ birthDate: '1978-06-27' }, {}],
    });
  });
});

describe('absence', () => {
  it('of a person without allocations is null, without an error', async () => {
    const answer = await agency.ask(about('delatour-thomas', 'family', 'familyFile { holder }'));
    expect(answer).toEqual({ data: { _entities: [null] } });
  });

  it('of a child, who holds no file of their own', async () => {
    expect(await answerOf(agency, about('dupont-pierre', 'family', 'familyFile { holder }'))).toBeNull();
  });

  it('of one of two people with the same identity, whose files differ', async () => {
    expect(await answerOf(agency, about('dubois-angela', 'family', 'familyFile { quotient { value } }'))).toBeNull();
  });

  it('not of a namesake whom the birth date tells apart', async () => {
    expect(await file('cnaf-georges', 'quotient { value }')).toEqual({ quotient: { value: 2550 } });
  });
});
