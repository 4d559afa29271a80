import type { ColumnType } from 'kysely';
import type { AddressColumns } from '../kit/addressTables.ts';
import type { IdentityColumns } from '../kit/identityTables.ts';
import type { EnergyKind } from './source.ts';

/** What `migrations/` makes. */
export interface Tables {
  readonly customer: CustomerTable;
  readonly contract: ContractTable;
  readonly contract_holder: ContractHolderTable;
}

export interface CustomerTable extends IdentityColumns {
  readonly id: string;
}

/** A day is written as text and never read as such: drivers turn the type into a Date of the machine's own time zone. */
type Day<Written> = ColumnType<never, Written, Written>;

export interface ContractTable extends AddressColumns {
  readonly id: string;
  readonly supplier: string;
  readonly reference: string | null;
  readonly energy: EnergyKind;
  readonly meter: string | null;
  readonly started_on: Day<string>;
  readonly ended_on: Day<string | null>;
  readonly opened_by: string | null;
  readonly ended_by: string | null;
}

export interface ContractHolderTable {
  readonly contract_id: string;
  readonly customer_id: string;
  readonly position: number;
}
