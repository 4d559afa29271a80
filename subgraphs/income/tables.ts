import type { ColumnType, Generated } from 'kysely';
import type { AddressColumns } from '../kit/addressTables.ts';
import type { IdentityColumns } from '../kit/identityTables.ts';
import type { Notice } from './notice.ts';

/** What `migrations/` makes. */
export interface Tables {
  readonly declarant: DeclarantTable;
  readonly assessment: AssessmentTable;
  readonly declared_residence: DeclaredResidenceTable;
}

export interface DeclarantTable extends IdentityColumns {
  readonly household: string;
  readonly position: 1 | 2;
}

export interface AssessmentTable {
  readonly household: string;
  readonly income_year: number;
  readonly format: Notice['format'];
  /** Written as JSON text. */
  readonly notice: ColumnType<Notice['notice'], string, string>;
}

/** A day is written as text and never read as such: drivers turn the type into a Date of the machine's own time zone. */
type Day = ColumnType<never, string, never>;

export interface DeclaredResidenceTable extends AddressColumns {
  readonly id: Generated<number>;
  readonly household: string;
  readonly position: 1 | 2;
  readonly delivery: string;
  readonly sequence: string;
  readonly declared_on: Day;
  readonly effective_on: Day;
}
