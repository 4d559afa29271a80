-- What came from the hub, each event once, with no field beyond the agency's manifest. Written in one transaction with what was applied.
create table inbox_event (
  source text not null,
  event_id text not null,
  -- Reference of the delivery: the same for a declaration, its amendments and its cancellation.
  delivery text not null,
  type text not null,
  sequence text not null,
  said_at timestamptz not null,
  -- SHA-256 of the payload: an event that comes again is the same one.
  digest text not null,
  data jsonb not null,
  received_at timestamptz not null,
  primary key (source, event_id)
);
create index inbox_event_of_delivery on inbox_event (delivery, sequence desc);

-- What the agency said of it, and what the hub has still to be told.
create table inbox_status (
  id bigint generated always as identity primary key,
  source text not null,
  event_id text not null,
  status text not null check (status in ('RECEIVED', 'IN_PROGRESS', 'NEEDS_CITIZEN', 'DONE', 'REFUSED')),
  reason_fr text,
  reason_en text,
  -- In the future for one that follows by itself.
  said_at timestamptz not null,
  told_at timestamptz,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  foreign key (source, event_id) references inbox_event (source, event_id)
);
create index inbox_status_of_event on inbox_status (source, event_id);
create index inbox_status_to_tell on inbox_status (next_attempt_at, id) where told_at is null;

-- Where an agency that pulls goes on; one row, or none before the first time.
create table inbox_cursor (
  only_row boolean primary key default true check (only_row),
  sequence text not null
);
