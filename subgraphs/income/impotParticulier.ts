import type { PostalAddress } from '../kit/addressTables.ts';
import {
  NO_ADDRESS,
  addressLine,
  amountOf,
  dayOf,
  namesOf,
  partialDateOf,
  situationOf,
  textOf,
} from './noticeValues.ts';
import type { Assessment, AssessmentKey, Declarant } from './source.ts';

/** A situation as API Impôt Particulier answers it (`GET /situations/ir/assiettes/annrev/{annrev}`), as far as the graph serves it. */
export interface ImpotParticulierNotice {
  readonly rfr?: number | null;
  readonly revenuBrutGlobal?: number | null;
  readonly mntRevbareme?: number | null;
  readonly nbPart?: number | null;
  /** M, C, D, O or V. */
  readonly sitFam?: string | null;
  readonly sitParIso?: boolean | null;
  readonly pac?: { readonly nbPac?: number | null } | null;
  readonly nmNaiDec1?: string;
  readonly nmUsaDec1?: string;
  readonly prnmDec1?: string;
  readonly dateNaisDec1?: DayMonthYear;
  readonly nmNaiDec2?: string;
  readonly nmUsaDec2?: string;
  readonly prnmDec2?: string;
  readonly dateNaisDec2?: DayMonthYear;
  readonly aft?: string | null;
  readonly aftDetail?: {
    readonly complementAdresse?: string | null;
    readonly voie?: string | null;
    readonly codePostal?: string | null;
    readonly commune?: string | null;
  } | null;
  readonly datEtab?: string | null;
  readonly datRec?: string | null;
}

interface DayMonthYear {
  readonly jour: string | null;
  readonly mois: string | null;
  readonly annee: string | null;
}

export function readImpotParticulier(key: AssessmentKey, notice: ImpotParticulierNotice): Assessment {
  return {
    ...key,
    referenceTaxIncome: amountOf(notice.rfr),
    grossIncome: amountOf(notice.revenuBrutGlobal),
    taxAmount: amountOf(notice.mntRevbareme),
    householdParts: notice.nbPart ?? null,
    familySituation: situationOf(notice.sitFam),
    dependants: amountOf(notice.pac?.nbPac),
    loneParent: notice.sitParIso ?? null,
    declarant1: readDeclarant(notice.nmNaiDec1, notice.nmUsaDec1, notice.prnmDec1, notice.dateNaisDec1),
    declarant2: readDeclarant(notice.nmNaiDec2, notice.nmUsaDec2, notice.prnmDec2, notice.dateNaisDec2),
    taxedAddress: readAddress(notice),
    issuedOn: dayOf(notice.datEtab),
    collectedOn: dayOf(notice.datRec),
  };
}

function readDeclarant(
  birthName: string | undefined,
  usageName: string | undefined,
  givenNames: string | undefined,
  birthDate: DayMonthYear | undefined,
): Declarant | null {
  if (textOf(birthName) === null) return null;
  return {
    birthName: textOf(birthName),
    usageName: textOf(usageName),
    givenNames: namesOf(givenNames),
    birthDate: partialDateOf(birthDate),
  };
}

function readAddress({ aft, aftDetail }: ImpotParticulierNotice): PostalAddress | null {
  if (!aftDetail) return addressLine(aft);
  return {
    ...NO_ADDRESS,
    additionalInfo: textOf(aftDetail.complementAdresse),
    streetLine: textOf(aftDetail.voie),
    postCode: textOf(aftDetail.codePostal),
    city: textOf(aftDetail.commune),
  };
}
