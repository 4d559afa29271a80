/** A service of the sandbox: a public body that does not exist, with one procedure. */
export interface Service {
  readonly clientId: string;
  readonly name: string;
  /** Invented: no establishment of the SIRENE register starts with 999. */
  readonly siret: string;
  readonly purpose: string;
  readonly legalBasis: 'INFORMATION_L114_8' | 'CONSENT_RGPD_6_1_A' | 'RIGHT_OF_ACCESS_RGPD_15';
  /** Groups as FranceConnect sells them; the hub expands them when it loads its seeds. */
  readonly scopes: readonly string[];
  /** Data is kept so long by the service, months. */
  readonly retentionMonths: number;
  /** Where its citizens come back to after a request of consent: a front end that runs on the visitor's own machine, if at all. */
  readonly returnUrls: readonly string[];
}

function returnTo(clientId: string): readonly string[] {
  return [`http://127.0.0.1:4020/${clientId}/retour`];
}

const CANTEEN = [
  'identite_pivot',
  'cnaf_quotient_familial',
  'cnaf_enfants',
  'dgfip_rfr',
  'dgfip_annee_n_moins_1',
] as const;

const EVERY_AGENCY_SCOPE = [
  'identite_pivot',
  'preferred_username',
  'etatcivil_acte_naissance',
  'etatcivil_filiation',
  'etatcivil_union',
  'cnaf_quotient_familial',
  'cnaf_allocataires',
  'cnaf_enfants',
  'cnaf_adresse',
  'cnav_participation_familiale_eaje_parametres_calcul',
  'dgfip_annee_n_moins_1',
  'dgfip_annee_n_moins_2',
  'dgfip_annee_n_moins_3',
  'dgfip_rfr',
  'dgfip_rbg',
  'dgfip_mntRevbareme',
  'dgfip_nbpart',
  'dgfip_sitfam',
  'dgfip_pac_nbPac',
  'dgfip_pariso',
  'dgfip_nmNaiDec1',
  'dgfip_nmUsaDec1',
  'dgfip_prnmDec1',
  'dgfip_dateNaisDec1',
  'dgfip_nmNaiDec2',
  'dgfip_nmUsaDec2',
  'dgfip_prnmDec2',
  'dgfip_dateNaisDec2',
  'dgfip_aft',
  'adresse_declaree',
] as const;

export const SERVICES: readonly Service[] = [
  {
    clientId: 'canteen',
    name: 'Cantine de Villeneuve-les-Essais',
    siret: '99900000100011',
    purpose: 'canteen-pricing',
    legalBasis: 'INFORMATION_L114_8',
    scopes: CANTEEN,
    retentionMonths: 12,
    returnUrls: returnTo('canteen'),
  },
  {
    clientId: 'creche',
    name: 'Crèche Les Petits Essais',
    siret: '99900000200019',
    purpose: 'creche-place',
    legalBasis: 'CONSENT_RGPD_6_1_A',
    scopes: [...CANTEEN, 'cnaf_adresse'],
    retentionMonths: 12,
    returnUrls: returnTo('creche'),
  },
  {
    clientId: 'parking',
    name: 'Stationnement résidentiel de Villeneuve-les-Essais',
    siret: '99900000300017',
    purpose: 'parking-permit',
    legalBasis: 'INFORMATION_L114_8',
    scopes: ['identite_pivot', 'adresse_declaree'],
    retentionMonths: 24,
    returnUrls: returnTo('parking'),
  },
  {
    clientId: 'housing',
    name: 'Office de l’habitat des Essais',
    siret: '99900000400015',
    purpose: 'housing-file',
    legalBasis: 'INFORMATION_L114_8',
    scopes: EVERY_AGENCY_SCOPE,
    retentionMonths: 36,
    returnUrls: returnTo('housing'),
  },
  {
    clientId: 'library',
    name: 'Bibliothèque de Villeneuve-les-Essais',
    siret: '99900000600018',
    purpose: 'library-card',
    legalBasis: 'CONSENT_RGPD_6_1_A',
    // No address at all: whether the one that somebody gives is right is enough for a card.
    scopes: ['energie_verification_adresse'],
    retentionMonths: 1,
    returnUrls: returnTo('library'),
  },
  {
    clientId: 'portal',
    name: 'Portail Trait d’Union',
    siret: '99900000500012',
    purpose: 'my-data',
    legalBasis: 'RIGHT_OF_ACCESS_RGPD_15',
    scopes: [
      ...EVERY_AGENCY_SCOPE,
      'dgfip_adresse_declaree',
      'energie_contrat',
      'energie_verification_adresse',
      'hub_autorisations',
      'hub_journal',
      'hub_demarches',
    ],
    retentionMonths: 0,
    returnUrls: [],
  },
];

export function getService(clientId: string): Service {
  const service = SERVICES.find((candidate) => candidate.clientId === clientId);
  if (!service) throw new TypeError(`no service has the clientId "${clientId}"`);
  return service;
}

/** `sandbox/identity/services.json`: what the identity provider knows of them. The loopback redirect is the provider's own default. */
export function identityServices(): readonly object[] {
  return SERVICES.map(({ clientId, name, siret, purpose, scopes, legalBasis }) => ({
    clientId,
    name,
    siret,
    purposes: [purpose],
    scopes,
    legalBasis,
    redirectUris: [],
  }));
}
