import type { ColumnType, Generated } from 'kysely';
import type { AddressColumns } from '../kit/addressTables.ts';
import type { IdentityColumns } from '../kit/identityTables.ts';
import type { FamilyPayload } from './payload.ts';
import type { Holder } from './source.ts';

/** What `migrations/` makes. */
export interface Tables {
  readonly family_file: FamilyFileTable;
  readonly beneficiary: BeneficiaryTable;
  readonly declared_address: DeclaredAddressTable;
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

/** A day is written as text and never read as such: drivers turn the type into a Date of the machine's own time zone. */
type Day = ColumnType<never, string, never>;

export interface DeclaredAddressTable extends AddressColumns {
  readonly id: Generated<number>;
  readonly file_id: string;
  readonly delivery: string;
  readonly sequence: string;
  readonly declared_on: Day;
  readonly effective_on: Day;
}
