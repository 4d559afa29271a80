-- What citizens declare once, and its journey to each recipient. A delivery is a declaration's place at one recipient; an event is one thing said there.

CREATE TABLE moves (
  reference text PRIMARY KEY,
  declarant text NOT NULL,
  state text NOT NULL CHECK (state IN ('DECLARED', 'CANCELLED')),
  -- The declarant's identity and both addresses.
  content json NOT NULL,
  -- Day in Paris, YYYY-MM-DD.
  effective_date text NOT NULL,
  -- ISO 8601 instants in UTC.
  declared_at text NOT NULL,
  changed_at text
);
CREATE INDEX moves_by_declarant ON moves (declarant);

CREATE TABLE move_members (
  reference text NOT NULL REFERENCES moves,
  subject text NOT NULL,
  position integer NOT NULL,
  role text NOT NULL CHECK (role IN ('CHILD', 'ADULT')),
  state text NOT NULL CHECK (state IN ('INCLUDED', 'AWAITING_CONFIRMATION', 'DECLINED')),
  -- Null until an adult has confirmed.
  identity json,
  PRIMARY KEY (reference, subject)
);
CREATE INDEX move_members_by_subject ON move_members (subject);

CREATE TABLE move_deliveries (
  delivery text PRIMARY KEY,
  reference text NOT NULL REFERENCES moves,
  agency text NOT NULL,
  status text NOT NULL,
  reason json,
  -- By the clock of whoever said the status.
  status_at text NOT NULL,
  -- The event that counts; null when nothing is to be said.
  current_event text,
  -- Of the content that was last said; null when the last word is a cancellation.
  sha256 text,
  promised_days integer NOT NULL,
  UNIQUE (reference, agency)
);

-- One row per agency that ever received something. Its lock is the order of events: whoever takes a number commits before the next one does.
CREATE TABLE move_recipients (
  agency text PRIMARY KEY,
  last_sequence bigint NOT NULL DEFAULT 0,
  paused_at text
);

CREATE TABLE move_events (
  event_id text PRIMARY KEY,
  delivery text NOT NULL REFERENCES move_deliveries,
  declarant text NOT NULL,
  agency text NOT NULL,
  sequence bigint NOT NULL,
  type text NOT NULL,
  at text NOT NULL,
  -- Exactly what is signed; forgotten when the recipient has it.
  content text,
  state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'ACKNOWLEDGED', 'SUPERSEDED', 'SET_ASIDE')),
  attempts integer NOT NULL DEFAULT 0,
  -- Milliseconds since the epoch: until then an attempt may still arrive.
  in_flight_until bigint NOT NULL DEFAULT 0,
  job_id text,
  UNIQUE (agency, sequence)
);
CREATE INDEX move_events_by_delivery ON move_events (delivery);
-- What one citizen still has to say to one recipient, in order.
CREATE INDEX move_events_pending ON move_events (declarant, agency, sequence) WHERE state = 'PENDING';
CREATE INDEX move_events_to_pull ON move_events (agency, sequence) WHERE state IN ('PENDING', 'SET_ASIDE');

CREATE TABLE move_steps (
  step_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  delivery text NOT NULL REFERENCES move_deliveries,
  event_id text,
  at text NOT NULL,
  status text NOT NULL,
  reason json,
  UNIQUE (event_id, status, at)
);
CREATE INDEX move_steps_by_delivery ON move_steps (delivery, step_id);
CREATE TRIGGER move_steps_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON move_steps
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
