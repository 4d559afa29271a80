-- What people said goes when it has served; that something was said, to whom, and how it went stays, without anything of a person in it.

ALTER TABLE moves
  ALTER COLUMN content DROP NOT NULL,
  -- ISO 8601 instant in UTC.
  ADD COLUMN erased_at text,
  ADD CHECK ((content IS NULL) = (erased_at IS NOT NULL));
CREATE INDEX moves_to_erase ON moves (effective_date) WHERE erased_at IS NULL;

-- An append-only row lets go of one column, named by the trigger, and of nothing else.
CREATE FUNCTION refuse_all_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) || jsonb_build_object(TG_ARGV[0], NULL) THEN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;

-- What a recipient wrote to the citizen.
DROP TRIGGER move_steps_append_only ON move_steps;
CREATE TRIGGER move_steps_append_only BEFORE DELETE OR TRUNCATE ON move_steps
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER move_steps_erasure BEFORE UPDATE ON move_steps
  FOR EACH ROW EXECUTE FUNCTION refuse_all_but_erasure('reason');

-- What a service noted for itself beside its question.
DROP TRIGGER consent_requests_append_only ON consent_requests;
CREATE TRIGGER consent_requests_append_only BEFORE DELETE OR TRUNCATE ON consent_requests
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_requests_erasure BEFORE UPDATE ON consent_requests
  FOR EACH ROW EXECUTE FUNCTION refuse_all_but_erasure('state');
DROP TRIGGER consent_links_append_only ON consent_links;
CREATE TRIGGER consent_links_append_only BEFORE DELETE OR TRUNCATE ON consent_links
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_links_erasure BEFORE UPDATE ON consent_links
  FOR EACH ROW EXECUTE FUNCTION refuse_all_but_erasure('state');
