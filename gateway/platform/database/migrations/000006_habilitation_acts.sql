-- What happened to a service's request for a habilitation; its state follows from the rows, oldest first. What was validated is a row of `habilitations`.
CREATE TABLE habilitation_acts (
  act_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  habilitation_id text NOT NULL,
  type text NOT NULL,
  -- ISO 8601 instant in UTC.
  at text NOT NULL,
  -- Who did it: the agent's reference, body and role.
  actor json NOT NULL,
  -- What is asked from then on; null where the act changes nothing of it.
  terms json,
  reason text
);
CREATE INDEX habilitation_acts_by_habilitation ON habilitation_acts (habilitation_id);
CREATE INDEX habilitation_acts_revoked ON habilitation_acts (habilitation_id) WHERE type = 'REVOKED';
CREATE TRIGGER habilitation_acts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON habilitation_acts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
