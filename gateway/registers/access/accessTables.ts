/** Columns as in platform/database/migrations. Hashes are SHA-256 in base64url; instants ISO 8601 in UTC. */
export interface AccessTables {
  access_records: {
    chain_id: string;
    seq: number;
    prev_hash: string;
    hash: string;
    /** Null for the row that opens a chain. */
    subject: string | null;
    at: string;
    entry: string;
  };
  access_chains: { chain_id: string; opened_at: string };
}
