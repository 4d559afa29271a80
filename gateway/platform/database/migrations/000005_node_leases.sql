-- How a node that takes something away (a withdrawal, a revocation) knows that no other node still answers with what was before.

-- A node may answer from memory while its lease runs; whoever has none refuses.
CREATE TABLE node_leases (
  node_id text NOT NULL,
  topic text NOT NULL,
  ends_at timestamptz NOT NULL,
  PRIMARY KEY (node_id, topic)
);

CREATE TABLE node_changes (
  change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  about text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX node_changes_by_time ON node_changes (topic, at);

CREATE TABLE node_acknowledgements (
  change_id bigint NOT NULL REFERENCES node_changes ON DELETE CASCADE,
  node_id text NOT NULL,
  PRIMARY KEY (change_id, node_id)
);
