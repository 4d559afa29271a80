import type { Generated } from 'kysely';
import type { ConsentActType } from './consent.ts';

/** Columns as in platform/database/migrations; `scopes` is written as JSON text and read as a list. Instants are ISO 8601 in UTC. */
export interface ConsentTables {
  consent_events: {
    event_id: Generated<number>;
    consent_id: string;
    type: ConsentActType;
    at: string;
    subject: string;
    client_id: string;
    purpose: string;
    kind: string;
    legal_basis: string;
    scopes: string;
    expires_at: string;
    /** JSON text as `scopes`; null = the person's own data. */
    subjects: string | null;
  };
  consent_requests: { consent_id: string; return_url: string; state: string | null };
  consent_links: {
    consent_id: string;
    client_id: string;
    purpose: string;
    kind: string;
    legal_basis: string;
    scopes: string;
    expires_at: string;
    return_url: string;
    state: string | null;
    asked_at: string;
  };
  consent_link_persons: { consent_id: string; subject: string };
}
