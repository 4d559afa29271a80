import type { Generated } from 'kysely';

/** What can happen to a consent; each is one row, and no row is ever changed. A notice is objected to, a consent withdrawn. */
export type ConsentEventType = 'GIVEN' | 'WITHDRAWN' | 'OBJECTED';

/** Columns as in platform/database/migrations; `scopes` is written as JSON text and read as a list. Instants are ISO 8601 in UTC. */
export interface ConsentTables {
  consent_events: {
    event_id: Generated<number>;
    consent_id: string;
    type: ConsentEventType;
    at: string;
    subject: string;
    client_id: string;
    purpose: string;
    kind: string;
    legal_basis: string;
    scopes: string;
    expires_at: string;
  };
}
