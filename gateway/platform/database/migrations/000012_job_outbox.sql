-- Jobs that go through a message broker (platform/broker). This table is what holds: the broker is told ids alone, and again when it may have lost them.
CREATE TABLE job_outbox (
  job_id uuid PRIMARY KEY,
  queue text NOT NULL,
  data json NOT NULL,
  -- How often it was handed out.
  attempts integer NOT NULL DEFAULT 0,
  -- When the broker is to be told of it (again).
  tell_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX job_outbox_by_time ON job_outbox (tell_at);
