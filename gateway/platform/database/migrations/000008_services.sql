-- What a service's own page changes: up to two secrets at a time, so that one can be replaced without a failed request.
ALTER TABLE session_clients
  ADD COLUMN second_secret_hash text,
  -- ISO 8601 instants in UTC.
  ADD COLUMN secret_since text,
  ADD COLUMN second_secret_since text;
ALTER TABLE session_clients ADD CHECK (second_secret_hash IS NULL OR secret_hash IS NOT NULL);

-- Who registered or changed a service, and what; never a secret.
CREATE TABLE service_acts (
  act_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  client_id text NOT NULL REFERENCES services,
  type text NOT NULL,
  -- ISO 8601 instant in UTC.
  at text NOT NULL,
  -- The agent's reference, body and role; the operator's command has a role alone.
  actor json NOT NULL,
  -- What it became: an address, a contact.
  about text
);
CREATE INDEX service_acts_by_service ON service_acts (client_id);
CREATE TRIGGER service_acts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON service_acts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A question that a service puts to whoever has its link: it names nobody until one person has answered it.
CREATE TABLE consent_links (
  consent_id text PRIMARY KEY,
  client_id text NOT NULL REFERENCES services,
  purpose text NOT NULL,
  kind text NOT NULL,
  legal_basis text NOT NULL,
  scopes json NOT NULL,
  expires_at text NOT NULL,
  return_url text NOT NULL,
  state text,
  asked_at text NOT NULL
);
CREATE TRIGGER consent_links_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_links
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- The key lets one person in, whoever comes second in the same moment.
CREATE TABLE consent_link_persons (
  consent_id text PRIMARY KEY REFERENCES consent_links,
  subject text NOT NULL
);
CREATE TRIGGER consent_link_persons_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_link_persons
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
