import pg from 'pg';
import type { Log } from '../log.ts';
import type { Backend, ChannelListener } from './backend.ts';
import { ROW_PARSERS } from './rowTypes.ts';

/** A server that does not take a connection within this time is not there: the hub refuses rather than waits. */
const CONNECT_TIMEOUT_MS = 3_000;
/** A statement that runs longer is ended by the server; the longest of ours takes 5 ms on 10 million rows. */
const STATEMENT_TIMEOUT_MS = 5_000;
const CONNECTIONS_PER_OWNER = 5;
const RECONNECT_MS = 250;

const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && ROW_PARSERS[oid]) ||
    pg.types.getTypeParser(
      oid as (typeof pg.types.builtins)['BOOL'],
      format as 'text',
    )) as typeof pg.types.getTypeParser,
};

/** Connects to a PostgreSQL server; rejects when it does not answer. The login must be allowed to create schemas. */
export async function openServer(url: string, log: Log | undefined): Promise<Backend> {
  const pools: pg.Pool[] = [];
  const listeners: (() => Promise<void>)[] = [];
  const admin = await connect(url, log);

  /** Two gateways may start at once; IF NOT EXISTS alone lets the second fail (PostgreSQL checks, then inserts). */
  async function createSchema(schema: string): Promise<void> {
    await admin.query('SELECT pg_advisory_lock(7263001)');
    try {
      await admin.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    } finally {
      await admin.query('SELECT pg_advisory_unlock(7263001)');
    }
  }

  return {
    kind: 'server',
    createOwner: createSchema,
    createSecondSchema: (_owner, schema) => createSchema(schema),
    poolFor(owner) {
      const pool = new pg.Pool({
        connectionString: url,
        types,
        max: CONNECTIONS_PER_OWNER,
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
        keepAlive: true,
        options: `-c search_path=${owner} -c timezone=UTC -c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
      });
      pool.on('error', (error) => log?.warn({ err: error, owner }, 'database connection lost'));
      // The pool hears of its idle connections alone: one that is lost between two statements of a transaction would end the process.
      pool.on('connect', (client) => client.on('error', () => undefined));
      pools.push(pool);
      return pool;
    },
    async listen(channel, listener) {
      const stop = await listenForever(url, channel, listener, log);
      listeners.push(stop);
      return stop;
    },
    async close() {
      const open = pools.filter((pool) => !pool.ended);
      await Promise.allSettled([admin.end(), ...listeners.map((stop) => stop()), ...open.map((pool) => pool.end())]);
    },
  };
}

async function connect(url: string, log: Log | undefined): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    types,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  client.on('error', (error) => log?.warn({ err: error }, 'database connection lost'));
  await client.connect();
  return client;
}

/** Listens on a connection of its own and takes a new one when it breaks, until stopped. */
async function listenForever(
  url: string,
  channel: string,
  listener: ChannelListener,
  log: Log | undefined,
): Promise<() => Promise<void>> {
  let stopped = false;
  let current = await subscribe();

  async function subscribe(): Promise<pg.Client> {
    const client = await connect(url, log);
    client.on('notification', (message) => listener.onNotify(message.payload ?? ''));
    await client.query(`LISTEN "${channel}"`);
    client.on('end', () => {
      if (stopped) return;
      listener.onLost();
      void resubscribe();
    });
    return client;
  }

  async function resubscribe(): Promise<void> {
    while (!stopped) {
      try {
        current = await subscribe();
        listener.onRestored();
        return;
      } catch (error) {
        log?.warn({ err: error, channel }, 'database does not answer; listening again later');
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
      }
    }
  }

  return async () => {
    if (stopped) return;
    stopped = true;
    await current.end();
  };
}
