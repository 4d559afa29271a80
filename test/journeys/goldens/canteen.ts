import {
  absent,
  CHILDREN_DELIVERED,
  CIVIL_STATUS,
  CIVIL_STATUS_DELIVERED,
  delivered,
  FRANCE,
  PARIS_7,
  QUOTIENT_DELIVERED,
  refused,
  type Asked,
  type Golden,
} from './golden.ts';

/** The canteen is told by notice: identity, quotient, children, reference income of last year. */
const FAMILY: Asked = {
  selection: 'familyFile{holder quotient{value year month}children{givenNames birthDate ageBracket}}',
  scopes: ['cnaf_enfants', 'cnaf_quotient_familial'],
};
const INCOME: Asked = {
  selection: 'taxAssessment(incomeYear:$year){referenceTaxIncome}',
  variables: { year: 2025 },
  scopes: ['dgfip_annee_n_moins_1', 'dgfip_rfr'],
};
const NEVER_ASKED = [
  'me.familyFile.declaredAddress NOT_IN_HABILITATION cnaf_adresse',
  'me.taxAssessment.householdParts NOT_IN_HABILITATION dgfip_nbpart',
  'me.addresses NOT_IN_HABILITATION adresse_declaree',
];
const FAMILY_LOG = [
  ...delivered('Citizen.familyFile', 'FamilyFile.holder'),
  ...QUOTIENT_DELIVERED,
  ...refused('NOT_IN_HABILITATION', 'FamilyFile.declaredAddress'),
];
const INCOME_LOG = [
  ...delivered('Citizen.taxAssessment', 'TaxAssessment.referenceTaxIncome'),
  ...refused('NOT_IN_HABILITATION', 'TaxAssessment.householdParts'),
];
const ADDRESS_LOG = refused('NOT_IN_HABILITATION', 'Citizen.addresses');

export const CANTEEN: readonly Golden[] = [
  {
    persona: 'dupont-paul',
    service: 'canteen',
    shows: 'a notice opens identity, quotient, children and income',
    // france_connect_200_cnaf_2_parents_3_mineurs.yml: params prenoms 'Paul', 'Louis', 1962-8-24, "75107"; "fournisseur": "CNAF",
    // "valeur": 2550, "mois": 2; "PIERRE" "2018-01-10", "ROBERT" "2020-03-15", "HENRY" "2022-06-20" in a file of 2024.
    me: {
      civilStatus: {
        birthName: 'DUPONT',
        givenNames: ['Paul', 'Louis'],
        birthDate: '1962-08-24',
        birthPlace: PARIS_7,
        birthCountry: FRANCE,
      },
      familyFile: {
        holder: 'CNAF',
        quotient: { value: 2550, year: 2025, month: 2 },
        children: [
          { givenNames: ['PIERRE'], birthDate: '2019-01-10', ageBracket: 'FROM_6_TO_10' },
          { givenNames: ['ROBERT'], birthDate: '2021-03-15', ageBracket: 'FROM_3_TO_5' },
          { givenNames: ['HENRY'], birthDate: '2023-06-20', ageBracket: 'UNDER_3' },
        ],
        declaredAddress: null,
      },
      // households/franceConnect.ts: referenceIncomes [84_210, …].
      taxAssessment: { referenceTaxIncome: 84_210, householdParts: null },
      addresses: null,
    },
    errors: NEVER_ASKED,
    asked: { 'civil-status': CIVIL_STATUS, family: FAMILY, income: INCOME },
    log: {
      'civil-status': CIVIL_STATUS_DELIVERED,
      family: [...FAMILY_LOG, ...CHILDREN_DELIVERED],
      income: INCOME_LOG,
      address: ADDRESS_LOG,
    },
  },
  {
    persona: 'delatour-thomas',
    service: 'canteen',
    shows: 'unknown to the family fund: null, and no error tells why',
    // france_connect/all_fc.yml: "family_name": "Delatour", "given_name_array": ["Thomas"], "1994-04-16", "75111".
    me: {
      civilStatus: {
        birthName: 'Delatour',
        givenNames: ['Thomas'],
        birthDate: '1994-04-16',
        birthPlace: { inseeCode: '75111', name: 'Paris 11e Arrondissement' },
        birthCountry: FRANCE,
      },
      familyFile: null,
      // households/singles.ts: referenceIncomes [35_640, …].
      taxAssessment: { referenceTaxIncome: 35_640, householdParts: null },
      addresses: null,
    },
    errors: [
      'me.taxAssessment.householdParts NOT_IN_HABILITATION dgfip_nbpart',
      'me.addresses NOT_IN_HABILITATION adresse_declaree',
    ],
    asked: { 'civil-status': CIVIL_STATUS, family: FAMILY, income: INCOME },
    log: {
      'civil-status': CIVIL_STATUS_DELIVERED,
      family: absent('Citizen.familyFile'),
      income: INCOME_LOG,
      address: ADDRESS_LOG,
    },
  },
  {
    persona: 'lefebvre-alexis',
    service: 'canteen',
    shows: 'a birth date of which the year alone is known, names with accents and hyphens',
    // 200-identite-cas-nominal-peu-de-donnee-naissance.yaml: params 'ALEXIS', 'GÉRÔME', 'JEAN-PHILIPPE', 1982 without month and day,
    // '08480'; "enfants": [], "valeur": 2550, "annee": 2023, "mois": 6.
    me: {
      civilStatus: {
        birthName: 'LEFEBVRE',
        givenNames: ['Alexis', 'Gérôme', 'Jean-Philippe'],
        birthDate: '1982',
        birthPlace: { inseeCode: '08480', name: 'Villers-Semeuse' },
        birthCountry: FRANCE,
      },
      familyFile: {
        holder: 'CNAF',
        quotient: { value: 2550, year: 2025, month: 6 },
        children: [],
        declaredAddress: null,
      },
      // households/civility.ts: referenceIncomes [30_780, …].
      taxAssessment: { referenceTaxIncome: 30_780, householdParts: null },
      addresses: null,
    },
    errors: NEVER_ASKED,
    asked: { 'civil-status': CIVIL_STATUS, family: FAMILY, income: INCOME },
    log: {
      'civil-status': CIVIL_STATUS_DELIVERED,
      family: [...FAMILY_LOG, ...delivered('FamilyFile.children')],
      income: INCOME_LOG,
      address: ADDRESS_LOG,
    },
  },
  {
    persona: 'simpson-marge',
    service: 'canteen',
    shows: 'she objected to the notice: everything is refused, nobody is asked',
    me: { civilStatus: null, familyFile: null, taxAssessment: null, addresses: null },
    errors: [
      'me.civilStatus CONSENT_REQUIRED birthcountry|birthdate|birthplace|family_name|gender|given_name offer birthcountry birthdate birthplace family_name given_name',
      'me.familyFile CONSENT_REQUIRED cnaf_enfants|cnaf_quotient_familial offer cnaf_enfants cnaf_quotient_familial',
      'me.taxAssessment CONSENT_REQUIRED dgfip_annee_n_moins_1+dgfip_rfr offer dgfip_annee_n_moins_1 dgfip_rfr',
      'me.addresses NOT_IN_HABILITATION adresse_declaree',
    ],
    asked: {},
    log: {
      'civil-status': refused('CONSENT_REQUIRED', 'Citizen.civilStatus'),
      family: refused('CONSENT_REQUIRED', 'Citizen.familyFile'),
      income: refused('CONSENT_REQUIRED', 'Citizen.taxAssessment'),
      address: ADDRESS_LOG,
    },
  },
];
