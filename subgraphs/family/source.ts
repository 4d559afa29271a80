import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { PostalAddress } from '../kit/addressTables.ts';
import type { RecordCandidate } from '../kit/agencyModule.ts';

/** The funds' files, as this agency reads them. */
export interface FamilyFileSource {
  /** For each identity, in the same order, the beneficiaries who might be that person; the kit decides. */
  findPersons(identities: readonly PivotIdentity[]): Promise<readonly (readonly RecordCandidate<Beneficiary>[])[]>;
  /** Those that the funds hold, in any order, as they stand on that day in Paris (`YYYY-MM-DD`). */
  filesById(ids: readonly FileId[], dayInParis: string): Promise<readonly FamilyFile[]>;
}

export type FileId = string;

/** A person as holder of a file: two beneficiaries of one household have the same file. */
export interface Beneficiary {
  readonly fileId: FileId;
}

export interface FamilyFile {
  readonly id: FileId;
  readonly holder: Holder;
  readonly beneficiaries: readonly Member[];
  readonly children: readonly Member[];
  readonly quotient: Quotient | null;
  readonly declaredAddress: PostalAddress | null;
  /** `YYYY-MM-DD`; null when nobody declared it through the hub: the fund does not say since when it writes there. */
  readonly declaredAddressSince: string | null;
  readonly childcare: Childcare | null;
}

export type Holder = 'CNAF' | 'MSA';

export interface Member {
  readonly birthName: string | null;
  readonly usageName: string | null;
  readonly givenNames: readonly string[] | null;
  /** Null when the file holds no date there. */
  readonly birthDate: string | null;
  readonly gender: 'FEMALE' | 'MALE' | null;
}

export interface Quotient {
  /** Euros a month. */
  readonly value: number;
  readonly holder: Holder;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly computedYear: number;
  readonly computedMonth: number;
}

export interface Childcare {
  readonly dependentChildren: number;
  readonly disabledChildren: number;
  /** Euros a year. */
  readonly annualResources: number;
  readonly resourcesYear: number;
}
