import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { PostalAddress } from '../kit/addressTables.ts';
import type { RecordCandidate } from '../kit/agencyModule.ts';

/** The tax office's files, as this agency reads them. */
export interface AssessmentSource {
  /** For each identity, in the same order, the declarants who might be that person; the kit decides. */
  findPersons(identities: readonly PivotIdentity[]): Promise<readonly (readonly RecordCandidate<Taxpayer>[])[]>;
  /** Those that the tax office holds, in any order. */
  assessmentsOf(keys: readonly AssessmentKey[]): Promise<readonly Assessment[]>;
  /** Where these declarants say to live on that day in Paris (`YYYY-MM-DD`); who never said is left out. In any order. */
  residencesOf(taxpayers: readonly Taxpayer[], dayInParis: string): Promise<readonly TaxResidence[]>;
}

export type TaxHouseholdId = string;

/** A person as declarant of a tax household. */
export interface Taxpayer {
  readonly household: TaxHouseholdId;
  /** Which of the notice's declarants the person is. */
  readonly declarant: 1 | 2;
}

/** A residence that a declarant declared, which is not the address that was taxed. */
export interface TaxResidence extends Taxpayer {
  readonly address: PostalAddress;
  /** `YYYY-MM-DD`, both. */
  readonly since: string;
  readonly declaredOn: string;
}

export interface AssessmentKey {
  readonly household: TaxHouseholdId;
  readonly incomeYear: number;
}

export interface Assessment extends AssessmentKey {
  /** Amounts in whole euros. */
  readonly referenceTaxIncome: number | null;
  readonly grossIncome: number | null;
  readonly taxAmount: number | null;
  readonly householdParts: number | null;
  readonly familySituation: FamilySituation | null;
  readonly dependants: number | null;
  /** Null where the notice does not say. */
  readonly loneParent: boolean | null;
  readonly declarant1: Declarant | null;
  readonly declarant2: Declarant | null;
  readonly taxedAddress: PostalAddress | null;
  /** `YYYY-MM-DD`. */
  readonly issuedOn: string | null;
  readonly collectedOn: string | null;
}

export type FamilySituation = 'MARRIED' | 'SINGLE' | 'DIVORCED' | 'PACS' | 'WIDOWED';

export interface Declarant {
  readonly birthName: string | null;
  readonly usageName: string | null;
  readonly givenNames: readonly string[] | null;
  readonly birthDate: string | null;
}
