import type { Generated } from 'kysely';

/** Columns as in platform/database/migrations. JSON is written as text and read as what it says; instants are ISO 8601 in UTC. */
export interface MoveTables {
  moves: {
    reference: string;
    declarant: string;
    state: 'DECLARED' | 'CANCELLED';
    content: string | null;
    effective_date: string;
    declared_at: string;
    changed_at: string | null;
    erased_at: Generated<string | null>;
  };
  move_members: {
    reference: string;
    subject: string;
    position: number;
    role: 'CHILD' | 'ADULT';
    state: 'INCLUDED' | 'AWAITING_CONFIRMATION' | 'DECLINED';
    identity: string | null;
  };
  move_deliveries: {
    delivery: string;
    reference: string;
    agency: string;
    status: string;
    reason: string | null;
    status_at: string;
    current_event: string | null;
    sha256: string | null;
    promised_days: number;
  };
  move_recipients: { agency: string; last_sequence: Generated<number>; paused_at: string | null };
  move_events: {
    event_id: string;
    delivery: string;
    declarant: string;
    agency: string;
    sequence: number;
    type: string;
    at: string;
    content: string | null;
    state: Generated<'PENDING' | 'ACKNOWLEDGED' | 'SUPERSEDED' | 'SET_ASIDE'>;
    attempts: Generated<number>;
    in_flight_until: Generated<number>;
    job_id: string | null;
  };
  move_steps: {
    step_id: Generated<number>;
    delivery: string;
    event_id: string | null;
    at: string;
    status: string;
    reason: string | null;
  };
}
