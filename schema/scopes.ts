import type { Acr } from './acr.ts';

/** A data category, spelt as FranceConnect and DataPass spell it. */
export type ScopeName = string;

export interface Scope {
  readonly name: ScopeName;
  readonly label: { readonly fr: string; readonly en: string };
  /** Agency id of the holder, `hub` for the hub's own. */
  readonly holder: string;
  readonly minimumAcr: Acr;
  /** Name we invent because no public one exists. */
  readonly invented?: true;
}

function scope(holder: string, name: ScopeName, fr: string, en: string, options: Partial<Scope> = {}): Scope {
  return { name, label: { fr, en }, holder, minimumAcr: 'eidas1', ...options };
}

/**
 * Every scope that opens a field of the graph. Sources: FranceConnect v2 scope list, DataPass definitions of API Particulier and
 * API Impot Particulier (2026-08-06). The catalogue and the docs are generated from this table.
 */
export const SCOPES: readonly Scope[] = [
  scope('civil-status', 'family_name', 'Nom de naissance', 'Birth name'),
  scope('civil-status', 'preferred_username', "Nom d'usage", 'Usage name'),
  scope('civil-status', 'given_name', 'Prénoms', 'Given names'),
  scope('civil-status', 'gender', 'Sexe', 'Gender'),
  scope('civil-status', 'birthdate', 'Date de naissance', 'Birth date'),
  scope('civil-status', 'birthplace', 'Commune de naissance', 'Place of birth'),
  scope('civil-status', 'birthcountry', 'Pays de naissance', 'Country of birth'),
  scope('civil-status', 'etatcivil_acte_naissance', 'Acte de naissance', 'Birth certificate', {
    minimumAcr: 'eidas2',
    invented: true,
  }),
  scope('civil-status', 'etatcivil_filiation', 'Filiation et autorité parentale', 'Filiation and parental authority', {
    invented: true,
  }),
  scope('civil-status', 'etatcivil_union', 'Mariage ou PACS', 'Marriage or civil partnership', { invented: true }),
  scope('civil-status', 'hub_liens_familiaux', 'Preuve des liens familiaux (hub)', 'Proof of family relations (hub)', {
    invented: true,
  }),

  scope('family', 'cnaf_quotient_familial', 'Quotient familial (CAF ou MSA)', 'Family quotient (CAF or MSA)'),
  scope('family', 'cnaf_allocataires', 'Identité des allocataires', 'Identity of the beneficiaries'),
  scope('family', 'cnaf_enfants', 'Identité des enfants du dossier', 'Identity of the children of the file'),
  scope('family', 'cnaf_adresse', 'Adresse du dossier allocataire', 'Address of the family file'),
  scope(
    'family',
    'cnav_participation_familiale_eaje_parametres_calcul',
    'Paramètres de la participation familiale (crèche)',
    'Parameters of the childcare contribution',
  ),

  scope('income', 'dgfip_annee_n_moins_1', "Revenus de l'année N-1", 'Income of year N-1'),
  scope('income', 'dgfip_annee_n_moins_2', "Revenus de l'année N-2", 'Income of year N-2'),
  scope('income', 'dgfip_annee_n_moins_3', "Revenus de l'année N-3", 'Income of year N-3'),
  scope('income', 'dgfip_rfr', 'Revenu fiscal de référence', 'Reference tax income'),
  scope('income', 'dgfip_rbg', 'Revenu brut global', 'Gross income'),
  scope('income', 'dgfip_mntRevbareme', "Montant de l'impôt sur le revenu", 'Amount of income tax'),
  scope('income', 'dgfip_nbpart', 'Nombre de parts', 'Household parts'),
  scope('income', 'dgfip_sitfam', 'Situation de famille', 'Family situation'),
  scope('income', 'dgfip_pac_nbPac', 'Nombre de personnes à charge', 'Number of dependants'),
  scope('income', 'dgfip_pariso', 'Parent isolé', 'Lone parent'),
  scope('income', 'dgfip_nmNaiDec1', 'Nom de naissance du déclarant 1', 'Birth name of declarant 1'),
  scope('income', 'dgfip_nmUsaDec1', "Nom d'usage du déclarant 1", 'Usage name of declarant 1'),
  scope('income', 'dgfip_prnmDec1', 'Prénoms du déclarant 1', 'Given names of declarant 1'),
  scope('income', 'dgfip_dateNaisDec1', 'Date de naissance du déclarant 1', 'Birth date of declarant 1'),
  scope('income', 'dgfip_nmNaiDec2', 'Nom de naissance du déclarant 2', 'Birth name of declarant 2'),
  scope('income', 'dgfip_nmUsaDec2', "Nom d'usage du déclarant 2", 'Usage name of declarant 2'),
  scope('income', 'dgfip_prnmDec2', 'Prénoms du déclarant 2', 'Given names of declarant 2'),
  scope('income', 'dgfip_dateNaisDec2', 'Date de naissance du déclarant 2', 'Birth date of declarant 2'),
  scope('income', 'dgfip_aft', 'Adresse fiscale au 1er janvier', 'Tax address on 1 January'),
  scope(
    'income',
    'dgfip_adresse_declaree',
    'Adresse actuelle déclarée au fisc',
    'Present address declared to the tax office',
    { invented: true },
  ),

  scope('energy', 'energie_contrat', "Contrats d'énergie", 'Energy contracts', { invented: true }),
  scope(
    'energy',
    'energie_verification_adresse',
    "Vérification d'une adresse par le fournisseur d'énergie",
    'Check of an address by the energy supplier',
    { invented: true },
  ),

  scope('address', 'adresse_declaree', 'Adresse déclarée', 'Declared address', { invented: true }),

  scope('hub', 'hub_autorisations', 'Mes autorisations', 'My authorisations', { invented: true }),
  scope('hub', 'hub_journal', 'Qui a consulté mes données', 'Who looked at my data', { invented: true }),
  scope('hub', 'hub_demarches', 'Mes démarches déclarées au hub', 'What I declared to the hub', { invented: true }),
];

/** Scopes that FranceConnect sells under one name. A group opens its members and nothing else. */
export const SCOPE_GROUPS: Readonly<Record<string, readonly ScopeName[]>> = {
  identite_pivot: ['given_name', 'family_name', 'birthdate', 'gender', 'birthplace', 'birthcountry'],
  profile: ['given_name', 'family_name', 'birthdate', 'gender', 'preferred_username'],
  birth: ['birthplace', 'birthcountry'],
};

/** Two spellings of one idea: the one met in tokens -> the one of the table above. */
export const SCOPE_ALIASES: Readonly<Record<string, ScopeName>> = {
  dgfip_nbPart: 'dgfip_nbpart',
  dgfip_nbpac: 'dgfip_pac_nbPac',
  dgfip_revenu_fiscal_reference: 'dgfip_rfr',
  dgfip_revenu_brut_global: 'dgfip_rbg',
  dgfip_nombre_parts: 'dgfip_nbpart',
  dgfip_nombre_personnes_a_charge: 'dgfip_pac_nbPac',
  dgfip_situation_familiale: 'dgfip_sitfam',
  dgfip_montant_impot: 'dgfip_mntRevbareme',
  dgfip_adresse_fiscale_taxation: 'dgfip_aft',
  eaje_parametres_calcul: 'cnav_participation_familiale_eaje_parametres_calcul',
  eaje_parametres_calcul_participation_familial: 'cnav_participation_familiale_eaje_parametres_calcul',
  eaje_allocataires: 'cnaf_allocataires',
  eaje_enfants: 'cnaf_enfants',
  eaje_adresse: 'cnaf_adresse',
  cnav_participation_familiale_eaje_allocataires: 'cnaf_allocataires',
  cnav_participation_familiale_eaje_enfants: 'cnaf_enfants',
  cnav_participation_familiale_eaje_adresse: 'cnaf_adresse',
};

const byName: ReadonlyMap<ScopeName, Scope> = new Map(SCOPES.map((entry) => [entry.name, entry]));

export function findScope(name: ScopeName): Scope | undefined {
  return byName.get(name);
}

/** Groups and aliases expanded; a scope that is not in the table opens nothing and is left out. */
export function expandScopes(names: Iterable<string>): ReadonlySet<ScopeName> {
  const expanded = new Set<ScopeName>();
  for (const name of names) {
    const members = Object.hasOwn(SCOPE_GROUPS, name) ? SCOPE_GROUPS[name]! : [name];
    for (const member of members) {
      const canonical = Object.hasOwn(SCOPE_ALIASES, member) ? SCOPE_ALIASES[member]! : member;
      if (byName.has(canonical)) expanded.add(canonical);
    }
  }
  return expanded;
}

/** Scope that opens an income year, seen from the calendar year in Paris; undefined when no scope opens it. */
export function yearScope(incomeYear: number, currentYear: number): ScopeName | undefined {
  const name = `dgfip_annee_n_moins_${currentYear - incomeYear}`;
  return byName.has(name) ? name : undefined;
}
