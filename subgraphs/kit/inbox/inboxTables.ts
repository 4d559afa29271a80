import type { ColumnType, Generated } from 'kysely';
import type { DeclarationEventType, DeliveryStatus } from '../../../schema/declaration.ts';

/** What `migrations/` makes in the agency's own schema. */
export interface InboxTables {
  readonly inbox_event: InboxEventTable;
  readonly inbox_status: InboxStatusTable;
  readonly inbox_cursor: { readonly only_row: Generated<boolean>; readonly sequence: string };
}

/** Written as ISO 8601 text; read through `to_char`, since drivers make a Date of it. */
type Instant = ColumnType<unknown, string, string>;

export interface InboxEventTable {
  readonly source: string;
  readonly event_id: string;
  readonly delivery: string;
  readonly type: DeclarationEventType;
  readonly sequence: string;
  readonly said_at: Instant;
  readonly digest: string;
  /** Written as JSON text; null once erased (`erase.ts`). */
  readonly data: ColumnType<unknown, string, null>;
  readonly received_at: Instant;
}

export interface InboxStatusTable {
  readonly id: Generated<number>;
  readonly source: string;
  readonly event_id: string;
  readonly status: DeliveryStatus;
  readonly reason_fr: string | null;
  readonly reason_en: string | null;
  readonly said_at: Instant;
  readonly told_at: ColumnType<unknown, string | null, string>;
  readonly attempts: ColumnType<number, never, number>;
  readonly next_attempt_at: Instant;
}
