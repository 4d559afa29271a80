-- What the hub's token endpoint must not forget: shared by nodes, kept over restarts. Nothing here is a token that anybody could use.

-- How a service proves to the token endpoint that it is that service.
CREATE TABLE session_clients (
  client_id text PRIMARY KEY REFERENCES services,
  -- 'client_secret_post' | 'private_key_jwt'
  method text NOT NULL,
  -- SHA-256 of the secret, base64url. Secrets are random and long: no slow hash is needed.
  secret_hash text,
  -- Public keys of the service (RFC 7517).
  jwks json,
  CHECK ((method = 'client_secret_post' AND secret_hash IS NOT NULL AND jwks IS NULL)
      OR (method = 'private_key_jwt' AND jwks IS NOT NULL AND secret_hash IS NULL))
);

-- One row per exchange: a citizen's session with one service for one purpose, 30 minutes at most.
CREATE TABLE citizen_sessions (
  session_id text PRIMARY KEY,
  client_id text NOT NULL,
  subject text NOT NULL,
  purpose text NOT NULL,
  scopes json NOT NULL,
  acr text NOT NULL,
  -- The pivot identity as a JWE under the hub's key, which is not in this database.
  sealed_identity text NOT NULL,
  -- Thumbprint of the key to which its tokens are bound (RFC 9449); null for bearer tokens.
  jkt text,
  -- Milliseconds since the epoch.
  started_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  revoked_at bigint
);
CREATE INDEX citizen_sessions_by_end ON citizen_sessions (ends_at);

-- Refresh tokens by their SHA-256, base64url. A used one stays until its session is over: seen again, it ends the session.
CREATE TABLE refresh_tokens (
  token_hash text PRIMARY KEY,
  session_id text NOT NULL REFERENCES citizen_sessions ON DELETE CASCADE,
  used_at bigint
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- What may be presented once: client assertions (RFC 7523), DPoP proofs (RFC 9449).
CREATE TABLE used_once (
  key text PRIMARY KEY,
  until bigint NOT NULL
);
CREATE INDEX used_once_by_end ON used_once (until);
