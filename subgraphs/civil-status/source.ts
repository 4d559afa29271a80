import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import type { RecordCandidate } from '../kit/agencyModule.ts';

/** The register of civil status, as this agency reads it. */
export interface CivilStatusSource {
  /** For each identity, in the same order, whoever might be that person; the kit decides. */
  findPersons(identities: readonly PivotIdentity[]): Promise<readonly (readonly RecordCandidate<CivilRecord>[])[]>;
  /** Those that the register holds, in any order. */
  recordsById(ids: readonly RecordId[]): Promise<readonly CivilRecord[]>;
}

export type RecordId = string;

export interface CivilRecord {
  readonly id: RecordId;
  readonly birthName: string;
  readonly usageName: string | null;
  readonly givenNames: readonly string[];
  readonly gender: 'male' | 'female';
  /** `YYYY-MM-DD`, or presumed: `YYYY-MM`, `YYYY`. */
  readonly birthDate: string;
  /** Five characters of the INSEE COG; null for a birth abroad. */
  readonly birthPlace: string | null;
  /** Five digits of the INSEE COG. */
  readonly birthCountry: string;
  readonly parents: readonly RecordId[];
  readonly children: readonly { readonly id: RecordId; readonly parentalAuthority: boolean }[];
  readonly union: { readonly kind: 'MARRIAGE' | 'PACS'; readonly since: string; readonly partner: RecordId } | null;
  readonly deceasedOn?: string;
  /** Under a protection order, or child of a person who is. */
  readonly protected?: true;
  readonly birthCertificate: {
    readonly number: string;
    /** Commune of the town hall that keeps the act. */
    readonly officeInseeCode?: string;
    /** Name of the office, when it is no town hall. */
    readonly office?: string;
  } | null;
}
