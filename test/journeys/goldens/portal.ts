import {
  ADDRESSES_DELIVERED,
  CHILDREN_DELIVERED,
  CIVIL_STATUS,
  CIVIL_STATUS_DELIVERED,
  delivered,
  FILE_ADDRESS_DELIVERED,
  FRANCE,
  IDENTITY,
  QUOTIENT_DELIVERED,
  type Golden,
} from './golden.ts';

export const PORTAL: readonly Golden[] = [
  {
    persona: 'dupont-angela',
    service: 'portal',
    shows: 'her right of access needs no consent: all of her own, and of the file she stands in',
    // france_connect_200_cnaf_2_parents_3_mineurs.yml: "nom_naissance": "DURAND", "prenoms": "ANGELA LOUISE", "1963-10-12"; she is the
    // second line of her husband's file. Birthplace 33063, incomes and the move in households/franceConnect.ts.
    me: {
      civilStatus: {
        birthName: 'DURAND',
        givenNames: ['Angela', 'Louise'],
        birthDate: '1963-10-12',
        birthPlace: { inseeCode: '33063', name: 'Bordeaux' },
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
        declaredAddress: {
          recipient: 'Monsieur DUPONT PAUL',
          streetLine: '1 RUE MONTORGUEIL',
          postCode: '75002',
          city: 'PARIS',
        },
      },
      // Married with three children: 2 + 0.5 + 0.5 + 1 parts (CGI, article 194).
      taxAssessment: { referenceTaxIncome: 84_210, householdParts: 4 },
      addresses: [
        {
          usage: 'MAIN',
          holder: 'Service en ligne de changement de coordonnées',
          address: { streetLine: '1 RUE MONTORGUEIL', postCode: '75002', city: 'PARIS' },
        },
      ],
    },
    errors: [],
    asked: {
      'civil-status': {
        ...CIVIL_STATUS,
        scopes: [
          ...IDENTITY,
          'preferred_username',
          'etatcivil_acte_naissance',
          'etatcivil_filiation',
          'etatcivil_union',
        ],
      },
      family: {
        selection:
          'familyFile{holder quotient{value year month}children{givenNames birthDate ageBracket}declaredAddress{recipient streetLine postCode city}}',
        scopes: [
          'cnaf_adresse',
          'cnaf_allocataires',
          'cnaf_enfants',
          'cnaf_quotient_familial',
          'cnav_participation_familiale_eaje_parametres_calcul',
        ],
      },
      income: {
        selection: 'taxAssessment(incomeYear:$year){referenceTaxIncome householdParts}',
        variables: { year: 2025 },
        scopes: [
          ...['dgfip_annee_n_moins_1', 'dgfip_annee_n_moins_2', 'dgfip_annee_n_moins_3'],
          ...['dgfip_rfr', 'dgfip_rbg', 'dgfip_mntRevbareme', 'dgfip_nbpart', 'dgfip_sitfam', 'dgfip_pac_nbPac'],
          ...['dgfip_pariso', 'dgfip_aft', 'dgfip_adresse_declaree'],
          ...['dgfip_nmNaiDec1', 'dgfip_nmUsaDec1', 'dgfip_prnmDec1', 'dgfip_dateNaisDec1'],
          ...['dgfip_nmNaiDec2', 'dgfip_nmUsaDec2', 'dgfip_prnmDec2', 'dgfip_dateNaisDec2'],
        ],
      },
      address: {
        selection: 'addresses{usage holder address{streetLine postCode city}}',
        scopes: ['adresse_declaree'],
      },
    },
    log: {
      'civil-status': CIVIL_STATUS_DELIVERED,
      family: [
        ...delivered('Citizen.familyFile', 'FamilyFile.holder'),
        ...QUOTIENT_DELIVERED,
        ...CHILDREN_DELIVERED,
        ...FILE_ADDRESS_DELIVERED,
      ],
      income: delivered('Citizen.taxAssessment', 'TaxAssessment.referenceTaxIncome', 'TaxAssessment.householdParts'),
      address: ADDRESSES_DELIVERED,
    },
  },
];
