import {
  absent,
  ADDRESSES_DELIVERED,
  CIVIL_STATUS,
  CIVIL_STATUS_DELIVERED,
  delivered,
  FILE_ADDRESS_DELIVERED,
  IDENTITY,
  QUOTIENT_DELIVERED,
  refused,
  type Asked,
  type Golden,
} from './golden.ts';

/** The housing office may see most: its notice covers all that the query names. */
const CIVIL: Asked = {
  ...CIVIL_STATUS,
  scopes: [...IDENTITY, 'preferred_username', 'etatcivil_acte_naissance', 'etatcivil_filiation', 'etatcivil_union'],
};
const FAMILY: Asked = {
  selection:
    'familyFile{holder quotient{value year month}children{givenNames birthDate ageBracket}declaredAddress{recipient streetLine postCode city}}',
  scopes: [
    'cnaf_adresse',
    'cnaf_allocataires',
    'cnaf_enfants',
    'cnaf_quotient_familial',
    'cnav_participation_familiale_eaje_parametres_calcul',
  ],
};
const INCOME: Asked = {
  selection: 'taxAssessment(incomeYear:$year){referenceTaxIncome householdParts}',
  variables: { year: 2025 },
  scopes: [
    ...['dgfip_annee_n_moins_1', 'dgfip_annee_n_moins_2', 'dgfip_annee_n_moins_3'],
    ...['dgfip_rfr', 'dgfip_rbg', 'dgfip_mntRevbareme', 'dgfip_nbpart', 'dgfip_sitfam', 'dgfip_pac_nbPac'],
    ...['dgfip_pariso', 'dgfip_aft'],
    ...['dgfip_nmNaiDec1', 'dgfip_nmUsaDec1', 'dgfip_prnmDec1', 'dgfip_dateNaisDec1'],
    ...['dgfip_nmNaiDec2', 'dgfip_nmUsaDec2', 'dgfip_prnmDec2', 'dgfip_dateNaisDec2'],
  ],
};
const ADDRESS: Asked = {
  selection: 'addresses{usage holder address{streetLine postCode city}}',
  scopes: ['adresse_declaree'],
};
const ALL = { 'civil-status': CIVIL, family: FAMILY, income: INCOME, address: ADDRESS };

export const HOUSING: readonly Golden[] = [
  {
    persona: 'fakir-eymen',
    service: 'housing',
    shows: 'born abroad: a country and no commune; each holder speaks for itself',
    // 200-identite-cas-etranger.yaml: 'FAKIR', 'EYMEN', 'MOHAMED', 1992-11-14, country '99350', no commune; "enfants": [],
    // "destinataire": "Monsieur FAKOR EYMEN MOHAMED", "19 RUE ARISTIDE BRIAND", "92330 SCEAUX"; "valeur": 4270, "mois": 6.
    me: {
      civilStatus: {
        birthName: 'FAKIR',
        givenNames: ['Eymen', 'Mohamed'],
        birthDate: '1992-11-14',
        birthPlace: null,
        birthCountry: { cogCode: '99350', name: 'Maroc' },
      },
      familyFile: {
        holder: 'CNAF',
        quotient: { value: 4270, year: 2025, month: 6 },
        children: [],
        declaredAddress: {
          recipient: 'Monsieur FAKOR EYMEN MOHAMED',
          streetLine: '19 RUE ARISTIDE BRIAND',
          postCode: '92330',
          city: 'SCEAUX',
        },
      },
      // households/civility.ts: referenceIncomes [51_240, …]; single, so one part.
      taxAssessment: { referenceTaxIncome: 51_240, householdParts: 1 },
      addresses: [
        {
          usage: 'MAIN',
          holder: 'Mairie',
          address: { streetLine: '19 RUE ARISTIDE BRIAND', postCode: '92330', city: 'SCEAUX' },
        },
      ],
    },
    errors: [],
    asked: ALL,
    log: {
      'civil-status': [
        ...CIVIL_STATUS_DELIVERED.filter((line) => !/birthPlace|BirthPlace/.test(line)),
        'CivilStatus.birthPlace ABSENT NOT_AVAILABLE',
      ],
      family: [
        ...delivered('Citizen.familyFile', 'FamilyFile.holder', 'FamilyFile.children'),
        ...QUOTIENT_DELIVERED,
        ...FILE_ADDRESS_DELIVERED,
      ],
      income: delivered('Citizen.taxAssessment', 'TaxAssessment.referenceTaxIncome', 'TaxAssessment.householdParts'),
      address: ADDRESSES_DELIVERED,
    },
  },
  {
    persona: 'dubois-angela',
    service: 'housing',
    shows: 'another person has the same pivot identity: absent everywhere, with one face',
    // france_connect_200_1_parent_0_enfant_cnaf.yml and 200-usager-base-france_connect.yaml: both DUBOIS, 'ANGELA' 'CLAIRE' 'LOUISE',
    // 1962-8-24, F, '75107', '99100'; one has 2550 and the RUE MONTORGUEIL, the other 4270 and SCEAUX.
    me: { civilStatus: null, familyFile: null, taxAssessment: null, addresses: null },
    errors: [],
    asked: ALL,
    log: {
      'civil-status': absent('Citizen.civilStatus'),
      family: absent('Citizen.familyFile'),
      income: absent('Citizen.taxAssessment'),
      address: absent('Citizen.addresses'),
    },
  },
  {
    persona: 'dupont-angela',
    service: 'housing',
    shows: 'nobody informed her yet: refused, nobody is asked',
    me: { civilStatus: null, familyFile: null, taxAssessment: null, addresses: null },
    errors: [
      'me.civilStatus CONSENT_REQUIRED birthcountry|birthdate|birthplace|etatcivil_acte_naissance|etatcivil_filiation|etatcivil_union|family_name|gender|given_name|preferred_username offer birthcountry birthdate birthplace family_name given_name',
      'me.familyFile CONSENT_REQUIRED cnaf_adresse|cnaf_allocataires|cnaf_enfants|cnaf_quotient_familial|cnav_participation_familiale_eaje_parametres_calcul offer cnaf_adresse cnaf_enfants cnaf_quotient_familial',
      `me.taxAssessment CONSENT_REQUIRED ${INCOME.scopes
        .filter((scope) => !scope.startsWith('dgfip_annee'))
        .toSorted()
        .map((scope) => ['dgfip_annee_n_moins_1', scope].toSorted().join('+'))
        .join('|')} offer dgfip_annee_n_moins_1 dgfip_nbpart dgfip_rfr`,
      'me.addresses CONSENT_REQUIRED adresse_declaree offer adresse_declaree',
    ],
    asked: {},
    log: {
      'civil-status': refused('CONSENT_REQUIRED', 'Citizen.civilStatus'),
      family: refused('CONSENT_REQUIRED', 'Citizen.familyFile'),
      income: refused('CONSENT_REQUIRED', 'Citizen.taxAssessment'),
      address: refused('CONSENT_REQUIRED', 'Citizen.addresses'),
    },
  },
];
