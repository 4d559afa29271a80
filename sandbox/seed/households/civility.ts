import { householdOf } from '../household.ts';
import type { Household } from '../people.ts';
import { declared } from '../postalAddress.ts';
import { readCase } from '../siadeCase.ts';

const FOLDER = 'api_particulier_v3_cnav_quotient_familial_with_civility';

/** The people of the family quotient cases that are called by identity: who calls is in `params`, and not always what the answer prints. */
export const CIVILITY_HOUSEHOLDS: readonly Household[] = [
  householdOf(readCase(`${FOLDER}/200-couple-2_enfants-qf_msa_150_sept2024.yaml`), {
    id: 'martin-lerouge',
    adults: [
      { id: 'martin-pierre-chalons', givenNames: ['Pierre', 'Alexis', 'François'] },
      { id: 'lerouge-justine', birthPlace: '51454' },
    ],
    children: [
      { id: 'martin-alexis', birthPlace: '51108' },
      { id: 'martin-fleur', birthPlace: '51108' },
    ],
    union: { kind: 'MARRIAGE', since: '2008-08-30' },
    taxes: { referenceIncomes: [7_430, 7_120, 6_980] },
  }),
  householdOf(readCase(`${FOLDER}/200-etranger-celibataire-2_enfants-qf_cnaf_300_sept2024.yaml`), {
    id: 'simpson',
    // Her foreign certificate has no day: civil status presumes the month only.
    adults: [{ id: 'simpson-marge', birthDate: '1980-11' }],
    children: [
      { id: 'brown-bart', birthPlace: '51108' },
      { id: 'simpson-lisa', birthPlace: '51108' },
    ],
    taxes: { referenceIncomes: [9_870, 9_640, 9_410] },
  }),
  householdOf(readCase(`${FOLDER}/200-famille-4_enfants.yaml`), {
    id: 'dupont-sophie',
    adults: [{ id: 'dupont-sophie' }],
    children: [
      { id: 'dupont-louise', birthPlace: '13205' },
      { id: 'dupont-laura', birthPlace: '13205' },
      { id: 'dupont-ines', birthPlace: '13205' },
      { id: 'dupont-maxime', birthPlace: '13205' },
    ],
    taxes: { referenceIncomes: [38_450, 37_200, 36_870] },
  }),
  householdOf(readCase(`${FOLDER}/200-giraud-anne-3_enfants.yaml`), {
    id: 'giraud',
    adults: [{ id: 'giraud-anne' }],
    children: [
      { id: 'giraud-ines', birthPlace: '13205' },
      { id: 'giraud-sarah', birthPlace: '13205' },
      {
        id: 'giraud-lea',
        birthPlace: '13205',
        // A judgment left parental authority to the mother alone.
        parents: [
          { parent: 'giraud-anne', authority: true },
          { parent: 'bernanrd-julien', authority: false },
        ],
      },
    ],
    taxes: { referenceIncomes: [43_210, 42_030, 41_660], situation: 'D' },
  }),
  householdOf(readCase(`${FOLDER}/200-identite-cas-etranger.yaml`), {
    id: 'fakir',
    adults: [{ id: 'fakir-eymen' }],
    taxes: { referenceIncomes: [51_240, 49_870, 47_300] },
  }),
  householdOf(readCase(`${FOLDER}/200-identite-cas-nominal-peu-de-donnee-naissance.yaml`), {
    id: 'lefebvre-alexis',
    adults: [{ id: 'lefebvre-alexis' }],
    taxes: { referenceIncomes: [30_780, 30_240, 29_960] },
  }),
  householdOf(readCase(`${FOLDER}/200-parent-1_enfant_non_scolarise.yaml`), {
    id: 'rocher',
    // Under a protection order: civil status withholds mother and daughter.
    adults: [{ id: 'rocher-sandrine', protected: true }],
    // The father has authority, and neither mother nor daughter is told of to him.
    children: [
      {
        id: 'rocher-lucie',
        birthPlace: '13055',
        protected: true,
        parents: [
          { parent: 'rocher-sandrine', authority: true },
          { parent: 'martin-pierre', authority: true },
        ],
      },
    ],
    taxes: { referenceIncomes: [19_220, 18_760, 18_310], situation: 'D' },
  }),
  householdOf(readCase(`${FOLDER}/200-parent-2_enfants.yaml`), {
    id: 'bernanrd',
    adults: [{ id: 'bernanrd-julien' }],
    children: [
      { id: 'bernanrd-thomas', birthPlace: '13205' },
      { id: 'bernanrd-maxime', birthPlace: '13205' },
    ],
    taxes: { referenceIncomes: [31_480, 30_900, 30_350], situation: 'D' },
  }),
  householdOf(readCase(`${FOLDER}/200-parent-3_enfants.yaml`), {
    id: 'martin-pierre',
    adults: [{ id: 'martin-pierre' }],
    children: [
      { id: 'martin-lucas', birthPlace: '13205' },
      { id: 'martin-emma', birthPlace: '13205' },
      { id: 'martin-noah', birthPlace: '13205' },
    ],
    taxes: { referenceIncomes: [43_900, 42_450, 41_800], situation: 'V' },
    formerAddress: declared('14 COURS DE LA MARNE', '33000 BORDEAUX', { recipient: 'Monsieur MARTIN PIERRE' }),
  }),
  householdOf(readCase(`${FOLDER}/200-usager-base-france_connect.yaml`), {
    id: 'dubois-angela-namesake',
    // Same pivot identity as `dubois-angela`, who has the login; this one stands in the agencies' files only.
    adults: [{ id: 'dubois-angela-namesake' }],
    taxes: { referenceIncomes: [51_260, 50_480, 49_990] },
  }),
];
