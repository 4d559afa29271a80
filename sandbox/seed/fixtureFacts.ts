import type { FamilyAddress, Gender, SeedDate } from './people.ts';

/*
 * What agencies' fixtures say, in one shape, so that they can be compared. Read here anew, without the agencies' own code: a mistake in that
 * must not hide a contradiction.
 */

export interface PersonFacts {
  readonly birthName: string;
  readonly usageName: string | null;
  readonly givenNames: readonly string[];
  readonly birthDate: SeedDate;
  /** Undefined where the holder does not say. */
  readonly gender?: Gender;
}

export interface AddressFacts {
  readonly streetLine: string | null;
  readonly postCode: string | null;
  readonly city: string | null;
}

export interface NoticeFacts {
  readonly declarants: readonly PersonFacts[];
  readonly situation: string;
  readonly dependants: number;
  readonly address: AddressFacts;
}

export function familyAddress({ numero_libelle_voie, code_postal_ville }: FamilyAddress): AddressFacts {
  return {
    streetLine: numero_libelle_voie,
    postCode: code_postal_ville.slice(0, 5),
    city: code_postal_ville.slice(6) || null,
  };
}

export function noticeFacts(format: string, notice: object): NoticeFacts {
  return format === 'SVAIR' ? svairFacts(notice as Svair) : impotParticulierFacts(notice as ImpotParticulier);
}

interface DayMonthYear {
  readonly jour: string | null;
  readonly mois: string | null;
  readonly annee: string;
}

type ImpotParticulier = Readonly<Record<`${'nmNai' | 'nmUsa' | 'prnm'}Dec${1 | 2}`, string>> &
  Readonly<Record<`dateNaisDec${1 | 2}`, DayMonthYear>> & {
    readonly sitFam: string;
    readonly pac: { readonly nbPac: number };
    readonly aftDetail: { readonly voie: string; readonly codePostal: string; readonly commune: string };
  };

function impotParticulierFacts(notice: ImpotParticulier): NoticeFacts {
  const declarant = (number: 1 | 2): PersonFacts => {
    const { annee, mois, jour } = notice[`dateNaisDec${number}`];
    return {
      birthName: notice[`nmNaiDec${number}`],
      usageName: notice[`nmUsaDec${number}`] || null,
      givenNames: [notice[`prnmDec${number}`]],
      birthDate: [annee, mois, jour].filter((part) => part !== null).join('-'),
    };
  };
  const { voie, codePostal, commune } = notice.aftDetail;
  return {
    declarants: 'nmNaiDec2' in notice ? [declarant(1), declarant(2)] : [declarant(1)],
    situation: notice.sitFam,
    dependants: notice.pac.nbPac,
    address: { streetLine: voie, postCode: codePostal, city: commune },
  };
}

interface Svair {
  readonly declarant1: { readonly nomNaissance: string; readonly prenoms: string; readonly dateNaissance: string };
  readonly situationFamille: string;
  readonly nombrePersonnesCharge: number;
  readonly foyerFiscal: { readonly adresse: string };
}

function svairFacts({ declarant1, situationFamille, nombrePersonnesCharge, foyerFiscal }: Svair): NoticeFacts {
  const [, streetLine = null, postCode = null, city = null] = /^(.*) (\d{5}) (.*)$/.exec(foyerFiscal.adresse) ?? [];
  return {
    declarants: [
      {
        birthName: declarant1.nomNaissance,
        usageName: null,
        givenNames: [declarant1.prenoms],
        birthDate: declarant1.dateNaissance.split('/').reverse().join('-'),
      },
    ],
    situation: situationFamille.slice(0, 1),
    dependants: nombrePersonnesCharge,
    address: { streetLine, postCode, city },
  };
}
