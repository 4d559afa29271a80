import { addressLine, amountOf, dayOf, namesOf, situationOf, textOf } from './noticeValues.ts';
import type { Assessment, AssessmentKey, Declarant } from './source.ts';

/** A notice as the withdrawn SVAIR endpoint answered it (API Particulier v2), as far as the graph serves it. */
export interface SvairNotice {
  readonly dateRecouvrement?: string | null;
  readonly dateEtablissement?: string | null;
  readonly nombreParts?: number | null;
  readonly revenuBrutGlobal?: number | null;
  readonly montantImpot?: number | null;
  readonly revenuFiscalReference?: number | null;
  readonly declarant1?: SvairDeclarant | null;
  readonly declarant2?: SvairDeclarant | null;
  readonly foyerFiscal?: { readonly adresse?: string | null } | null;
  /** A word: "Célibataire". */
  readonly situationFamille?: string | null;
  readonly nombrePersonnesCharge?: number | null;
}

interface SvairDeclarant {
  readonly nom?: string;
  readonly nomNaissance?: string;
  readonly prenoms?: string;
  /** `DD/MM/YYYY`; empty where there is no second declarant. */
  readonly dateNaissance?: string;
}

/** SVAIR says nothing of lone parents: null, not false. */
export function readSvair(key: AssessmentKey, notice: SvairNotice): Assessment {
  return {
    ...key,
    referenceTaxIncome: amountOf(notice.revenuFiscalReference),
    grossIncome: amountOf(notice.revenuBrutGlobal),
    taxAmount: amountOf(notice.montantImpot),
    householdParts: notice.nombreParts ?? null,
    familySituation: situationOf(notice.situationFamille),
    dependants: amountOf(notice.nombrePersonnesCharge),
    loneParent: null,
    declarant1: readDeclarant(notice.declarant1),
    declarant2: readDeclarant(notice.declarant2),
    taxedAddress: addressLine(notice.foyerFiscal?.adresse),
    issuedOn: dayOf(notice.dateEtablissement),
    collectedOn: dayOf(notice.dateRecouvrement),
  };
}

function readDeclarant(declarant: SvairDeclarant | null | undefined): Declarant | null {
  if (!declarant || textOf(declarant.nomNaissance) === null) return null;
  return {
    birthName: textOf(declarant.nomNaissance),
    usageName: textOf(declarant.nom),
    givenNames: namesOf(declarant.prenoms),
    birthDate: dayOf(declarant.dateNaissance),
  };
}
