import type { ColumnType } from 'kysely';
import type { IdentityColumns } from '../kit/identityTables.ts';
import type { Notice } from './notice.ts';

/** What `migrations/` makes. */
export interface Tables {
  readonly declarant: DeclarantTable;
  readonly assessment: AssessmentTable;
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
