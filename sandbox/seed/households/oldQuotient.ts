import { householdOf } from '../household.ts';
import { upgraded } from '../oldShape.ts';
import type { Household } from '../people.ts';
import { readCase } from '../siadeCase.ts';

const FOLDER = 'api_particulier_v2_cnaf_quotient_familial';

/** The people of four family quotient cases of API Particulier v2, which know neither usage names nor birthplaces. */
export const OLD_QUOTIENT_HOUSEHOLDS: readonly Household[] = [
  householdOf(upgraded(readCase(`${FOLDER}/200.yaml`), 'NAME_LAST'), {
    id: 'dupont-marie-jean',
    identity: 'payload',
    adults: [
      { id: 'dupont-marie', birthPlace: '97411' },
      { id: 'dupont-jean-1990', birthPlace: '69383' },
    ],
    children: [
      { id: 'dupont-jacques', birthPlace: '75112' },
      { id: 'dupont-jeanne', birthPlace: '75112' },
    ],
    union: { kind: 'PACS', since: '2015-02-14' },
    taxes: { referenceIncomes: [44_480, 43_700, 42_050] },
  }),
  householdOf(upgraded(readCase(`${FOLDER}/200_4400111.yaml`), 'NAME_FIRST'), {
    id: 'boucher',
    identity: 'payload',
    adults: [
      { id: 'boucher-chloe', birthPlace: '29019' },
      { id: 'boucher-corentin', birthPlace: '01091' },
    ],
    children: [
      { id: 'boucher-zoe', birthPlace: '44109' },
      { id: 'boucher-anais', birthPlace: '44109' },
    ],
    childrenYounger: 3,
    union: { kind: 'MARRIAGE', since: '1998-06-20' },
    taxes: { referenceIncomes: [52_180, 51_300, 50_740] },
  }),
  householdOf(upgraded(readCase(`${FOLDER}/200_4400113.yaml`), 'NAME_FIRST'), {
    id: 'roussel',
    identity: 'payload',
    // One name for two: gender and a day tell them apart.
    adults: [
      { id: 'roussel-camille-m', birthPlace: '35238' },
      { id: 'roussel-camille-f', birthPlace: '35238' },
    ],
    children: [
      { id: 'roussel-alice', birthPlace: '44109' },
      { id: 'roussel-victor', birthPlace: '44109' },
    ],
    union: { kind: 'PACS', since: '2004-11-27' },
    taxes: { referenceIncomes: [61_200, 60_310, 59_400] },
  }),
  householdOf(upgraded(readCase(`${FOLDER}/200_4400115.yaml`), 'NAME_FIRST'), {
    id: 'gautier',
    identity: 'payload',
    adults: [
      { id: 'gautier-emilie', birthPlace: '44109' },
      { id: 'gautier-soazig', birthPlace: '56260' },
    ],
    children: [
      { id: 'gautier-oceane', birthPlace: '44109' },
      { id: 'gautier-noemie', birthPlace: '44109' },
    ],
    childrenYounger: 5,
    union: { kind: 'MARRIAGE', since: '2014-05-17' },
    taxes: { referenceIncomes: [61_790, 60_880, 59_150] },
  }),
];
