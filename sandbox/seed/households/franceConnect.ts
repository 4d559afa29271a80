import { householdOf } from '../household.ts';
import type { Household, Person } from '../people.ts';
import { declared } from '../postalAddress.ts';
import { readCase } from '../siadeCase.ts';

const FOLDER = 'api_particulier_v3_cnav_quotient_familial_with_france_connect';

/** The people of the family quotient cases that go with FranceConnect's own test identities. */
export const FRANCE_CONNECT_HOUSEHOLDS: readonly Household[] = [
  householdOf(readCase(`${FOLDER}/france_connect_200_cnaf_2_parents_3_mineurs.yml`), {
    id: 'dupont',
    adults: [{ id: 'dupont-paul' }, { id: 'dupont-angela', birthPlace: '33063' }],
    children: [
      { id: 'dupont-pierre', birthPlace: '75112' },
      { id: 'dupont-robert', birthPlace: '75112' },
      { id: 'dupont-henry', birthPlace: '75112' },
    ],
    union: { kind: 'MARRIAGE', since: '1990-06-16' },
    taxes: { referenceIncomes: [84_210, 82_475, 80_930] },
    // The tax notice case's address (api_particulier_v2_dgfip_svair/200.yaml): where the tax office still taxes them.
    formerAddress: declared('42 RUE DE LA PAIX', '75002 PARIS', { recipient: 'Monsieur DUPONT PAUL' }),
  }),
  householdOf(readCase(`${FOLDER}/france_connect_200_1_parent_0_enfant_cnaf.yml`), {
    id: 'dubois-angela',
    adults: [{ id: 'dubois-angela' }],
    taxes: { referenceIncomes: [30_600, 30_100, 29_700], situation: 'D' },
  }),
  householdOf(readCase(`${FOLDER}/france_connect_200_cnaf_2_parents_0_enfant.yml`), {
    id: 'huche-mercier',
    // "JEAN LOUIS" is one compound name without its hyphen: the family file cannot tell, civil status can.
    adults: [{ id: 'huche-anne-laure' }, { id: 'mercier-jean-louis', birthPlace: '31555', givenNames: ['Jean Louis'] }],
    union: { kind: 'MARRIAGE', since: '1968-07-06' },
    taxes: { referenceIncomes: [41_900, 41_200, 40_850] },
  }),
  householdOf(readCase(`${FOLDER}/france_connect_200_cnaf_2_parents_2_mineurs_1_majeur.yml`), {
    id: 'trois-dupre-dubois',
    adults: [{ id: 'trois-dupre-melissandre' }, { id: 'dubois-paul', birthPlace: '06088' }],
    children: [
      { id: 'dubois-pierre', birthPlace: '13204' },
      { id: 'dubois-lou', birthPlace: '13204' },
      { id: 'dubois-henry', birthPlace: '75112' },
    ],
    union: { kind: 'MARRIAGE', since: '2003-05-31' },
    taxes: { referenceIncomes: [61_300, 59_980, 58_010] },
  }),
  householdOf(readCase(`${FOLDER}/france_connect_200_cnaf_2_parents_3_mineurs_1_prenom_compose_sans_tiret.yml`), {
    id: 'delalalalande',
    adults: [{ id: 'delalalalande-emmanuel' }, { id: 'carpentier-florence', birthPlace: '59350' }],
    children: [
      { id: 'delalalalande-alex', birthPlace: '75115' },
      { id: 'delalalalande-leo', birthPlace: '75115' },
      { id: 'delalalalande-laura', birthPlace: '75115' },
    ],
    union: { kind: 'MARRIAGE', since: '2014-09-20' },
    taxes: { referenceIncomes: [97_450, 95_120, 91_300] },
  }),
  householdOf(readCase(`${FOLDER}/france_connect_200_msa_1_parent_1_mineur_2_majeurs.yml`), {
    id: 'placard',
    adults: [{ id: 'placard-elsa' }],
    // The two elder ones are her late husband's: in her charge and in her file, not hers by filiation.
    children: [
      { id: 'dubois-alex', birthPlace: '59350', parents: [{ parent: 'dubois-marc', authority: true }] },
      { id: 'dubois-leo', birthPlace: '59350', parents: [{ parent: 'dubois-marc', authority: true }] },
      {
        id: 'dubois-alice',
        birthPlace: '75115',
        parents: [
          { parent: 'placard-elsa', authority: true },
          { parent: 'dubois-marc', authority: true },
        ],
      },
    ],
    others: [lateHusband()],
    union: { kind: 'MARRIAGE', since: '2015-08-22' },
    taxes: { referenceIncomes: [28_740, 27_900, 27_450], situation: 'V' },
  }),
  householdOf(readCase(`${FOLDER}/france_connect_200_msa_2_parents_5_mineurs.yml`), {
    id: 'commode-armoire',
    adults: [{ id: 'commode-cindy' }, { id: 'armoire-franck', birthPlace: '67482' }],
    children: [
      { id: 'armoire-gaston', birthPlace: '57463' },
      { id: 'armoire-henri', birthPlace: '57463' },
      { id: 'armoire-robert', birthPlace: '57463' },
      { id: 'armoire-hugo', birthPlace: '57463' },
      { id: 'armoire-lucie', birthPlace: '75115' },
    ],
    union: { kind: 'MARRIAGE', since: '2017-04-29' },
    taxes: { referenceIncomes: [52_060, 50_990, 50_120] },
    formerAddress: declared('5 RUE DU MOULIN', '59226 LECELLES', { recipient: 'Monsieur Franck ARMOIRE' }),
  }),
  householdOf(readCase(`${FOLDER}/fake_france_connect_cnaf.yml`), {
    id: 'cnaf-georges',
    // 75002 is a postcode: no commune has that INSEE code, so the place of birth has no name.
    adults: [{ id: 'cnaf-georges' }],
    taxes: { referenceIncomes: [31_150, 29_980, 24_310] },
  }),
];

function lateHusband(): Person {
  return {
    id: 'dubois-marc',
    birthName: 'DUBOIS',
    usageName: null,
    givenNames: ['Marc', 'Antoine'],
    gender: 'male',
    birthDate: '1975-11-02',
    birthPlace: '2A004',
    birthCountry: '99100',
    parents: [],
    deceasedOn: '2025-03-18',
    source: 'invented',
  };
}
