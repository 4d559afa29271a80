import type { FamilyPayload } from './people.ts';
import type { SiadeCase } from './siadeCase.ts';

interface OldPayload {
  readonly quotientFamilial: number;
  readonly mois: number;
  readonly annee: number;
  readonly allocataires: readonly OldLine[];
  readonly enfants: readonly OldLine[];
  readonly adresse: Readonly<Record<'identite' | 'numeroRue' | 'codePostalVille' | 'pays', string>> &
    Readonly<Record<'complementIdentite' | 'complementIdentiteGeo' | 'lieuDit', string>>;
}

interface OldLine {
  /** "DUPONT JEAN", or "JEAN DUPONT" in one case. */
  readonly nomPrenom: string;
  /** `DDMMYYYY`. */
  readonly dateDeNaissance: string;
  readonly sexe: 'F' | 'M';
}

/** A family quotient case of API Particulier v2 in the shape of v3, which the family agency speaks. */
export function upgraded(source: SiadeCase, order: 'NAME_FIRST' | 'NAME_LAST'): SiadeCase {
  const old = source.payload as OldPayload;
  const line = ({ nomPrenom, dateDeNaissance: date, sexe }: OldLine): FamilyPayload['enfants'][number] => {
    const [first, second] = nomPrenom.split(' ') as [string, string];
    return {
      nom_naissance: order === 'NAME_FIRST' ? first : second,
      nom_usage: null,
      prenoms: order === 'NAME_FIRST' ? second : first,
      date_naissance: `${date.slice(4)}-${date.slice(2, 4)}-${date.slice(0, 2)}`,
      sexe,
    };
  };
  const data: FamilyPayload = {
    allocataires: old.allocataires.map(line),
    enfants: old.enfants.map(line),
    adresse: {
      destinataire: old.adresse.identite,
      complement_information: old.adresse.complementIdentite,
      complement_information_geographique: old.adresse.complementIdentiteGeo,
      numero_libelle_voie: old.adresse.numeroRue,
      lieu_dit: old.adresse.lieuDit,
      code_postal_ville: old.adresse.codePostalVille,
      pays: old.adresse.pays,
    },
    quotient_familial: {
      fournisseur: 'CNAF',
      valeur: old.quotientFamilial,
      annee: old.annee,
      mois: old.mois,
      annee_calcul: old.annee,
      mois_calcul: 12,
    },
  };
  return { ...source, payload: { data } };
}
