import type { ColumnType, Generated } from 'kysely';
import type { IdentityColumns } from '../kit/identityTables.ts';

/** What `migrations/` makes. */
export interface Tables {
  readonly person: PersonTable;
  readonly declared_address: DeclaredAddressTable;
}

export interface PersonTable extends IdentityColumns {
  readonly id: string;
}

/** A day is written as text and never read as such: drivers turn the type into a Date of the machine's own time zone. */
type Day = ColumnType<never, string, never>;

export interface DeclaredAddressTable {
  readonly id: Generated<string>;
  readonly person_id: string;
  readonly usage: 'MAIN' | 'SECONDARY' | 'POSTAL';
  readonly holder: string;
  readonly declared_on: Day;
  readonly effective_on: Day;
  readonly recipient: string | null;
  readonly additional_info: string | null;
  readonly street_line: string | null;
  readonly locality: string | null;
  readonly post_code: string | null;
  readonly city: string | null;
  readonly insee_code: string | null;
  readonly country: string | null;
  readonly recorded_at: Generated<Date>;
}
