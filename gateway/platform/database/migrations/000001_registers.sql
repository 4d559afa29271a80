-- The hub's own registers. Ledger and log are append-only: the trigger refuses what would change or remove a row, whoever asks.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TABLE services (
  client_id text PRIMARY KEY,
  name text NOT NULL,
  siret text NOT NULL CHECK (siret ~ '^[0-9]{14}$')
);

CREATE TABLE service_credentials (
  issuer text NOT NULL,
  credential_client_id text NOT NULL,
  client_id text NOT NULL REFERENCES services,
  PRIMARY KEY (issuer, credential_client_id)
);

-- Each change of what a service may ask is a new version; what it could ask on a day in the past stays readable.
CREATE TABLE habilitations (
  id text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  client_id text NOT NULL REFERENCES services,
  purpose text NOT NULL,
  scopes json NOT NULL,
  legal_basis text NOT NULL,
  retention_months integer NOT NULL CHECK (retention_months >= 0),
  minimum_acr text NOT NULL,
  -- Days in Paris, YYYY-MM-DD, both included.
  first_day text NOT NULL,
  last_day text NOT NULL,
  PRIMARY KEY (id, version)
);
CREATE TRIGGER habilitations_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON habilitations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One row per act on a consent; what a consent is now follows from its rows, oldest first.
CREATE TABLE consent_events (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  consent_id text NOT NULL,
  type text NOT NULL,
  -- ISO 8601 instants in UTC.
  at text NOT NULL,
  subject text NOT NULL,
  client_id text NOT NULL,
  purpose text NOT NULL,
  kind text NOT NULL,
  legal_basis text NOT NULL,
  scopes json NOT NULL,
  expires_at text NOT NULL
);
CREATE INDEX consent_events_by_subject ON consent_events (subject, client_id, purpose);
CREATE INDEX consent_events_by_consent ON consent_events (consent_id);
-- A consent begins once; this also makes the sandbox's seeds safe to load twice.
CREATE UNIQUE INDEX consent_events_first ON consent_events (consent_id) WHERE type = 'GIVEN';
CREATE TRIGGER consent_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- `entry` holds the exact text that was hashed (type json keeps it, jsonb would not); the other columns exist to find it.
CREATE TABLE access_records (
  chain_id text NOT NULL,
  seq bigint NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  -- The hub's own key of the person; null for the rows that open a chain.
  subject text,
  at text NOT NULL,
  entry json NOT NULL,
  PRIMARY KEY (chain_id, seq)
);
CREATE INDEX access_records_by_subject ON access_records (subject, at DESC, chain_id DESC, seq DESC)
  WHERE subject IS NOT NULL;
CREATE TRIGGER access_records_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_records
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE access_chains (
  chain_id text PRIMARY KEY,
  opened_at text NOT NULL
);
CREATE TRIGGER access_chains_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_chains
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
