import type { ColumnType } from 'kysely';
import type { OnceTables } from '../platform/onceStore.ts';

/** Columns as in platform/database/migrations; lists are written as JSON text and read as lists. Times are milliseconds since the epoch. */
export interface SessionTables extends OnceTables {
  session_clients: {
    client_id: string;
    method: string;
    secret_hash: string | null;
    second_secret_hash: ColumnType<string | null, string | null | undefined>;
    /** ISO 8601 instants in UTC. */
    secret_since: ColumnType<string | null, string | null | undefined>;
    second_secret_since: ColumnType<string | null, string | null | undefined>;
    jwks: string | null;
  };
  citizen_sessions: {
    session_id: string;
    client_id: string;
    subject: string;
    purpose: string;
    scopes: string;
    acr: string;
    sealed_identity: string;
    jkt: string | null;
    started_at: number;
    ends_at: number;
    revoked_at: number | null;
  };
  refresh_tokens: {
    token_hash: string;
    session_id: string;
    used_at: number | null;
  };
}
