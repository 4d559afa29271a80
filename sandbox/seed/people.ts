/**
 * A date as fixtures hold it: `YYYY-MM-DD`, a partial `YYYY-MM` or `YYYY`, or one that moves with time. `{ $yearsAgo: 3, monthDay }` is
 * that day in the calendar year (Paris) three years back; without `monthDay` the bare year.
 */
export type SeedDate = string | MovingDate;
export interface MovingDate {
  readonly $yearsAgo: number;
  /** `MM-DD`. */
  readonly monthDay?: string;
}

export type Gender = 'male' | 'female';

export interface Person {
  readonly id: PersonId;
  readonly birthName: string;
  readonly usageName: string | null;
  readonly givenNames: readonly string[];
  readonly gender: Gender;
  readonly birthDate: SeedDate;
  /** Five characters of the INSEE COG; null for a person born abroad. */
  readonly birthPlace: string | null;
  /** Five digits of the INSEE COG. */
  readonly birthCountry: string;
  readonly parents: readonly Filiation[];
  readonly deceasedOn?: string;
  /** Under a protection order: person and children are withheld by civil status. */
  readonly protected?: true;
  /** File of `siade/` the person comes from, or `invented`. */
  readonly source: string;
}

/** `dupont-paul`: the sandbox's own name of a person. No agency holds it; each has record ids of its own (recordIds.ts). */
export type PersonId = string;

export interface Filiation {
  readonly parent: PersonId;
  readonly authority: boolean;
}

export interface Union {
  readonly kind: 'MARRIAGE' | 'PACS';
  readonly since: string;
}

/** The six lines of NF Z10-011, as far as the sandbox knows them. */
export interface Address {
  readonly recipient: string | null;
  readonly additionalInfo: string | null;
  readonly streetLine: string | null;
  readonly locality: string | null;
  readonly postCode: string | null;
  readonly city: string | null;
  readonly inseeCode: string | null;
  readonly country: string | null;
}

export interface Household {
  readonly id: string;
  /** File of `siade/` the household comes from. */
  readonly source: string;
  /** In the order of the family file's `allocataires`. */
  readonly adults: readonly Person[];
  /** In the order of the family file's `enfants`. */
  readonly children: readonly Person[];
  /** People of civil status alone: a late husband. */
  readonly others: readonly Person[];
  readonly union: Union | null;
  /** The CAF's or MSA's answer in the shape of API Particulier v3; null when no fund knows the household. */
  readonly familyFile: FamilyPayload | null;
  readonly taxes: Taxes | null;
  /** What the register of declared addresses holds, newest last; empty when nothing was declared. */
  readonly addresses: readonly DeclaredAddress[];
}

export interface DeclaredAddress {
  readonly address: Address;
  /** Who received the declaration. */
  readonly holder: string;
  readonly declaredOn: SeedDate;
}

export interface Taxes {
  /** Letter of `sitFam`: married, single, divorced, PACS, widowed. */
  readonly situation: 'M' | 'C' | 'D' | 'O' | 'V';
  /** Reference tax income in euros of the years N-1, N-2, N-3. */
  readonly referenceIncomes: readonly [number, number, number];
  /** The address on 1 January, when it is another than the declared one. */
  readonly formerAddress?: Address;
  readonly format: 'API_IMPOT_PARTICULIER' | 'SVAIR';
}

/** `data` of API Particulier v3, family quotient and childcare endpoints, dates moved (siadeCase.ts); broken values as they are. */
export interface FamilyPayload {
  readonly allocataires: readonly FamilyLine[];
  readonly enfants: readonly FamilyLine[];
  readonly adresse: FamilyAddress;
  readonly quotient_familial?: {
    readonly fournisseur: 'CNAF' | 'MSA';
    readonly valeur: number;
    readonly annee: number | MovingDate;
    readonly mois: number;
    readonly annee_calcul: number | MovingDate;
    readonly mois_calcul: number;
  };
  readonly parametres_calcul_participation_familiale?: {
    readonly nombre_enfants_a_charge: number;
    readonly nombre_enfants_beneficiaire_aeeh: number;
    readonly base_ressources_annuelles: { readonly valeur: number; readonly annee_calcul: number | MovingDate };
  };
}

export interface FamilyLine {
  readonly nom_naissance: string;
  readonly nom_usage: string | null;
  readonly prenoms: string;
  readonly date_naissance: SeedDate;
  readonly sexe: 'F' | 'M';
  readonly code_cog_insee_commune_naissance?: string;
}

export interface FamilyAddress {
  readonly destinataire: string;
  readonly complement_information: string | null;
  readonly complement_information_geographique: string | null;
  readonly numero_libelle_voie: string | null;
  readonly lieu_dit: string | null;
  readonly code_postal_ville: string;
  readonly pays: string;
}

/** FranceConnect's pivot identity, spelt as its claims are (`schema/pivotIdentity.ts`), with a date that may move. */
export interface Pivot {
  readonly family_name: string;
  readonly given_name: string;
  readonly given_name_array: readonly string[];
  readonly birthdate: SeedDate;
  readonly gender: Gender;
  /** Empty for a person born abroad. */
  readonly birthplace: string;
  readonly birthcountry: string;
  readonly preferred_username?: string;
}

/** How FranceConnect names this person to a data provider. */
export function pivotOf(person: Person): Pivot {
  return {
    family_name: person.birthName,
    given_name: person.givenNames.join(' '),
    given_name_array: person.givenNames,
    birthdate: person.birthDate,
    gender: person.gender,
    birthplace: person.birthPlace ?? '',
    birthcountry: person.birthCountry,
    ...(person.usageName === null ? {} : { preferred_username: person.usageName }),
  };
}
