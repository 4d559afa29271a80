import type { Generated } from 'kysely';

/** Columns as in platform/database/migrations. Hashes are SHA-256 in base64url; instants ISO 8601 in UTC. */
export interface AccessTables {
  /** The log's lines. */
  access_records: {
    /** Over all chains, in the order of writing. */
    id: Generated<number>;
    chain_id: string;
    seq: number;
    prev_hash: string;
    hash: string;
    at: string;
    /** The line's text: accessLine.ts. */
    entry: string;
  };
  /** Under whom a line is filed: everybody of whom it holds a record. */
  access_subjects: { subject: string; line: number };
  access_chains: { chain_id: string; opened_at: string };
}
