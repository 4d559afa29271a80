import {
  CIVIL_STATUS,
  CIVIL_STATUS_DELIVERED,
  delivered,
  FILE_ADDRESS_DELIVERED,
  FRANCE,
  IDENTITY,
  PARIS_7,
  QUOTIENT_DELIVERED,
  refused,
  type Asked,
  type Golden,
} from './golden.ts';

/** The crèche asks for consent. Under consent each person of the file speaks for themself: of the children the age bracket is left. */
const FAMILY: Asked = {
  selection:
    'familyFile{holder quotient{value year month}children{ageBracket}declaredAddress{recipient streetLine postCode city}}',
  scopes: ['cnaf_adresse', 'cnaf_enfants', 'cnaf_quotient_familial'],
};
const INCOME: Asked = {
  selection: 'taxAssessment(incomeYear:$year){referenceTaxIncome}',
  variables: { year: 2025 },
  scopes: ['dgfip_annee_n_moins_1', 'dgfip_rfr'],
};
const NEVER_ASKED = [
  'me.taxAssessment.householdParts NOT_IN_HABILITATION dgfip_nbpart',
  'me.addresses NOT_IN_HABILITATION adresse_declaree',
];
const CHILDREN_LOG = [
  ...delivered('FamilyFile.children', 'FamilyMember.ageBracket'),
  ...refused('SUBJECT_NOT_COVERED', 'FamilyMember.givenNames', 'FamilyMember.birthDate'),
];
const INCOME_LOG = [
  ...delivered('Citizen.taxAssessment', 'TaxAssessment.referenceTaxIncome'),
  ...refused('NOT_IN_HABILITATION', 'TaxAssessment.householdParts'),
];
const ADDRESS_LOG = refused('NOT_IN_HABILITATION', 'Citizen.addresses');

/** Nobody has said yes, or no longer does: one answer for all. */
const NOTHING: Omit<Golden, 'persona' | 'shows'> = {
  service: 'creche',
  me: { civilStatus: null, familyFile: null, taxAssessment: null, addresses: null },
  errors: [
    'me.civilStatus CONSENT_REQUIRED birthcountry|birthdate|birthplace|family_name|gender|given_name offer birthcountry birthdate birthplace family_name given_name',
    'me.familyFile CONSENT_REQUIRED cnaf_adresse|cnaf_enfants|cnaf_quotient_familial offer cnaf_adresse cnaf_enfants cnaf_quotient_familial',
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
};

export const CRECHE: readonly Golden[] = [
  {
    persona: 'dupont-paul',
    service: 'creche',
    shows: 'his consent opens his own data; of his children only the age bracket',
    // france_connect_200_cnaf_2_parents_3_mineurs.yml: "destinataire": "Monsieur DUPONT PAUL", "1 RUE MONTORGUEIL", "75002 PARIS".
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
          { givenNames: null, birthDate: null, ageBracket: 'FROM_6_TO_10' },
          { givenNames: null, birthDate: null, ageBracket: 'FROM_3_TO_5' },
          { givenNames: null, birthDate: null, ageBracket: 'UNDER_3' },
        ],
        declaredAddress: {
          recipient: 'Monsieur DUPONT PAUL',
          streetLine: '1 RUE MONTORGUEIL',
          postCode: '75002',
          city: 'PARIS',
        },
      },
      taxAssessment: { referenceTaxIncome: 84_210, householdParts: null },
      addresses: null,
    },
    errors: [
      ...[0, 1, 2].flatMap((child) => [
        `me.familyFile.children.${child}.givenNames SUBJECT_NOT_COVERED`,
        `me.familyFile.children.${child}.birthDate SUBJECT_NOT_COVERED`,
      ]),
      ...NEVER_ASKED,
    ],
    asked: { 'civil-status': CIVIL_STATUS, family: FAMILY, income: INCOME },
    log: {
      'civil-status': CIVIL_STATUS_DELIVERED,
      family: [
        ...delivered('Citizen.familyFile', 'FamilyFile.holder'),
        ...QUOTIENT_DELIVERED,
        ...CHILDREN_LOG,
        ...FILE_ADDRESS_DELIVERED,
      ],
      income: INCOME_LOG,
      address: ADDRESS_LOG,
    },
  },
  {
    persona: 'giraud-anne',
    service: 'creche',
    shows: 'she authorised identity and quotient alone',
    // 200-giraud-anne-3_enfants.yaml: 'GIRAUD', 'ANNE', 1988-12-1, '13002'; "valeur": 1200, "annee": 2023, "mois": 6.
    me: {
      civilStatus: {
        birthName: 'GIRAUD',
        givenNames: ['Anne'],
        birthDate: '1988-12-01',
        birthPlace: { inseeCode: '13002', name: 'Allauch' },
        birthCountry: FRANCE,
      },
      familyFile: {
        holder: 'CNAF',
        quotient: { value: 1200, year: 2025, month: 6 },
        children: null,
        declaredAddress: null,
      },
      taxAssessment: null,
      addresses: null,
    },
    errors: [
      'me.familyFile.children CONSENT_REQUIRED cnaf_enfants offer cnaf_enfants',
      'me.familyFile.declaredAddress CONSENT_REQUIRED cnaf_adresse offer cnaf_adresse',
      'me.taxAssessment CONSENT_REQUIRED dgfip_annee_n_moins_1+dgfip_rfr offer dgfip_annee_n_moins_1 dgfip_rfr',
      'me.addresses NOT_IN_HABILITATION adresse_declaree',
    ],
    asked: {
      'civil-status': { ...CIVIL_STATUS, scopes: IDENTITY },
      family: { selection: 'familyFile{holder quotient{value year month}}', scopes: ['cnaf_quotient_familial'] },
    },
    log: {
      'civil-status': CIVIL_STATUS_DELIVERED,
      family: [
        ...delivered('Citizen.familyFile', 'FamilyFile.holder'),
        ...QUOTIENT_DELIVERED,
        ...refused('CONSENT_REQUIRED', 'FamilyFile.children', 'FamilyFile.declaredAddress'),
      ],
      income: refused('CONSENT_REQUIRED', 'Citizen.taxAssessment'),
      address: ADDRESS_LOG,
    },
  },
  {
    persona: 'cnaf-georges-1975',
    service: 'creche',
    shows: 'what cannot be read in the file is null, and is never guessed',
    // fake_france_connect_cnaf.yml (EAJE): "Georges", "1975-02-18", "75111"; no quotient_familial; children "2004-01-20" and
    // "200&-04-23"; "destinataire": "Madame Angela Claire Louise DUBOIS", "24 avenue de rivoli", "code_postal_ville": "75002".
    // The file has no year of its own; its children are 18 years younger (households/childcare.ts): Loic 2004 -> 4 years.
    me: {
      civilStatus: {
        birthName: 'CNAF',
        givenNames: ['Georges'],
        birthDate: '1975-02-18',
        birthPlace: { inseeCode: '75111', name: 'Paris 11e Arrondissement' },
        birthCountry: FRANCE,
      },
      familyFile: {
        // The case is one of the CNAF's, as its name says.
        holder: 'CNAF',
        quotient: null,
        children: [
          { givenNames: null, birthDate: null, ageBracket: 'FROM_3_TO_5' },
          { givenNames: null, birthDate: null, ageBracket: null },
        ],
        declaredAddress: {
          recipient: 'Madame Angela Claire Louise DUBOIS',
          streetLine: '24 avenue de rivoli',
          postCode: '75002',
          city: null,
        },
      },
      // households/childcare.ts: referenceIncomes [16_123, …], the childcare resources "valeur": 16123.
      taxAssessment: { referenceTaxIncome: 16_123, householdParts: null },
      addresses: null,
    },
    errors: [
      ...[0, 1].flatMap((child) => [
        `me.familyFile.children.${child}.givenNames SUBJECT_NOT_COVERED`,
        `me.familyFile.children.${child}.birthDate SUBJECT_NOT_COVERED`,
      ]),
      ...NEVER_ASKED,
    ],
    asked: { 'civil-status': CIVIL_STATUS, family: FAMILY, income: INCOME },
    log: {
      'civil-status': CIVIL_STATUS_DELIVERED,
      family: [
        ...delivered('Citizen.familyFile', 'FamilyFile.holder'),
        'FamilyFile.quotient ABSENT NOT_AVAILABLE',
        ...CHILDREN_LOG,
        ...FILE_ADDRESS_DELIVERED.filter((line) => !line.startsWith('PostalAddress.city')),
        'PostalAddress.city ABSENT NOT_AVAILABLE',
      ],
      income: INCOME_LOG,
      address: ADDRESS_LOG,
    },
  },
  { ...NOTHING, persona: 'dupont-angela', shows: 'she authorised nothing' },
  { ...NOTHING, persona: 'commode-cindy', shows: 'she withdrew her consent' },
  { ...NOTHING, persona: 'delalalalande-emmanuel', shows: 'his consent has run out' },
];
