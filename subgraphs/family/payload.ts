import type { PostalAddress } from '../kit/addressTables.ts';
import { isPartialDate } from '../kit/scalars.ts';
import type { Childcare, FamilyFile, Holder, Member, Quotient } from './source.ts';

/** `data` of API Particulier v3, endpoints "quotient familial" and "participation familiale EAJE". */
export interface FamilyPayload {
  readonly allocataires: readonly Line[];
  readonly enfants: readonly Line[];
  readonly adresse?: Address | null;
  readonly quotient_familial?: {
    readonly fournisseur: Holder;
    readonly valeur: number;
    readonly annee: number;
    readonly mois: number;
    readonly annee_calcul: number;
    readonly mois_calcul: number;
  } | null;
  readonly parametres_calcul_participation_familiale?: {
    readonly nombre_enfants_a_charge: number;
    readonly nombre_enfants_beneficiaire_aeeh: number;
    readonly base_ressources_annuelles: { readonly valeur: number; readonly annee_calcul: number };
  } | null;
}

interface Line {
  readonly nom_naissance: string | null;
  readonly nom_usage?: string | null;
  readonly prenoms: string | null;
  readonly date_naissance: string | null;
  readonly sexe: string | null;
}

interface Address {
  readonly destinataire?: string | null;
  readonly complement_information?: string | null;
  readonly complement_information_geographique?: string | null;
  readonly numero_libelle_voie?: string | null;
  readonly lieu_dit?: string | null;
  readonly code_postal_ville?: string | null;
  readonly pays?: string | null;
}

/** Told the path of a value that cannot be read (`enfants.date_naissance`), never the value. */
export type ReportUnreadable = (path: string) => void;

/** The fund's answer in the graph's words. What cannot be read is null, and reported. */
export function readPayload(id: string, holder: Holder, payload: FamilyPayload, report: ReportUnreadable): FamilyFile {
  return {
    id,
    holder,
    beneficiaries: payload.allocataires.map((line) => readMember(line, () => report('allocataires.date_naissance'))),
    children: payload.enfants.map((line) => readMember(line, () => report('enfants.date_naissance'))),
    quotient: readQuotient(payload),
    declaredAddress: payload.adresse ? readAddress(payload.adresse, () => report('adresse.code_postal_ville')) : null,
    declaredAddressSince: null,
    childcare: readChildcare(payload),
  };
}

function readMember(line: Line, reportDate: () => void): Member {
  return {
    birthName: textOf(line.nom_naissance),
    usageName: textOf(line.nom_usage),
    givenNames: textOf(line.prenoms)?.split(/\s+/) ?? null,
    birthDate: readDate(line.date_naissance, reportDate),
    gender: line.sexe === 'F' ? 'FEMALE' : line.sexe === 'M' ? 'MALE' : null,
  };
}

function readDate(date: string | null, report: () => void): string | null {
  if (date === null || date === '') return null;
  if (isPartialDate(date)) return date;
  report();
  return null;
}

function readQuotient({ quotient_familial: quotient }: FamilyPayload): Quotient | null {
  if (!quotient) return null;
  return {
    value: quotient.valeur,
    holder: quotient.fournisseur,
    year: quotient.annee,
    month: quotient.mois,
    computedYear: quotient.annee_calcul,
    computedMonth: quotient.mois_calcul,
  };
}

function readChildcare({ parametres_calcul_participation_familiale: childcare }: FamilyPayload): Childcare | null {
  if (!childcare) return null;
  return {
    dependentChildren: childcare.nombre_enfants_a_charge,
    disabledChildren: childcare.nombre_enfants_beneficiaire_aeeh,
    annualResources: childcare.base_ressources_annuelles.valeur,
    resourcesYear: childcare.base_ressources_annuelles.annee_calcul,
  };
}

/** "75002 PARIS" is postcode and town, "75002" a postcode without one. Some files hold an INSEE code in the postcode's place: served as it is. */
const POST_CODE_AND_CITY = /^(\d{5})(?:\s+(.+))?$/;

function readAddress(address: Address, report: () => void): PostalAddress {
  const lastLine = textOf(address.code_postal_ville);
  const parts = lastLine === null ? null : POST_CODE_AND_CITY.exec(lastLine);
  if (lastLine !== null && !parts) report();
  const additional = [address.complement_information, address.complement_information_geographique]
    .map(textOf)
    .filter((part) => part !== null);
  return {
    recipient: textOf(address.destinataire),
    additionalInfo: additional.length > 0 ? additional.join(', ') : null,
    streetLine: textOf(address.numero_libelle_voie),
    locality: textOf(address.lieu_dit),
    postCode: parts?.[1] ?? null,
    city: parts?.[2] ?? null,
    inseeCode: null,
    country: textOf(address.pays),
  };
}

function textOf(text: string | null | undefined): string | null {
  const trimmed = text?.trim();
  return trimmed ? trimmed : null;
}
