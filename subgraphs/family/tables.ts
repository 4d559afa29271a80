import type { ColumnType } from 'kysely';
import type { IdentityColumns } from '../kit/identityTables.ts';
import type { FamilyPayload } from './payload.ts';
import type { Holder } from './source.ts';

/** What `migrations/` makes. */
export interface Tables {
  readonly family_file: FamilyFileTable;
  readonly beneficiary: BeneficiaryTable;
}

export interface FamilyFileTable {
  readonly id: string;
  readonly holder: Holder;
  /** Written as JSON text. */
  readonly payload: ColumnType<FamilyPayload, string, string>;
}

export interface BeneficiaryTable extends IdentityColumns {
  readonly file_id: string;
  readonly position: number;
}
