import type { ColumnType, Generated } from 'kysely';
import type { AddressColumns } from '../kit/addressTables.ts';
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

export interface DeclaredAddressTable extends AddressColumns {
  readonly id: Generated<string>;
  readonly person_id: string;
  readonly usage: 'MAIN' | 'SECONDARY' | 'POSTAL';
  readonly holder: string;
  readonly declared_on: Day;
  readonly effective_on: Day;
  /** Null for what was taken down here, not through the hub. */
  readonly delivery: ColumnType<string | null, string | undefined, never>;
  readonly sequence: Generated<string>;
  readonly recorded_at: Generated<Date>;
}
