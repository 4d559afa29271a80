import pg from 'pg';
import { ROW_PARSERS } from './rowTypes.ts';

/** A server that does not take a connection within this time is not there: the hub refuses rather than waits. */
export const CONNECT_TIMEOUT_MS = 3_000;
/** A statement that runs longer is ended by the server; the longest of ours takes 5 ms on 10 million rows. */
const STATEMENT_TIMEOUT_MS = 5_000;

export const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && ROW_PARSERS[oid]) ||
    pg.types.getTypeParser(
      oid as (typeof pg.types.builtins)['BOOL'],
      format as 'text',
    )) as typeof pg.types.getTypeParser,
};

/** Connections to a server whose search path is that owner's schema; `onLost` hears of those that break. */
export function createServerPool(
  url: string,
  { owner, connections, onLost }: { owner: string; connections: number; onLost: (error: Error) => void },
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    types,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    options: `-c search_path=${owner} -c timezone=UTC -c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
  });
  pool.on('error', onLost);
  // The pool hears of its idle connections alone: one that is lost between two statements of a transaction would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
