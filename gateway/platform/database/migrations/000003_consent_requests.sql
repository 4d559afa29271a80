-- Where a service may have citizens sent back to after their answer; compared letter by letter.
CREATE TABLE service_return_urls (
  client_id text NOT NULL REFERENCES services,
  url text NOT NULL,
  PRIMARY KEY (client_id, url)
);

-- What a service asked beside the terms, which are the consent's row of type REQUESTED.
CREATE TABLE consent_requests (
  consent_id text PRIMARY KEY,
  return_url text NOT NULL,
  -- The service's own, handed back unread.
  state text
);
CREATE TRIGGER consent_requests_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_requests
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
