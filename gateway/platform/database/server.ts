import pg from 'pg';
import type { Log } from '../log.ts';
import type { Backend, ChannelListener } from './backend.ts';
import { createLeaseThread } from './leaseThread.ts';
import { CONNECT_TIMEOUT_MS, createServerPool, types } from './serverPool.ts';

const CONNECTIONS_PER_OWNER = 5;
const RECONNECT_MS = 250;

/** Connects to a PostgreSQL server; rejects when it does not answer. The login must be allowed to create schemas. */
export async function openServer(url: string, log: Log | undefined): Promise<Backend> {
  const pools: pg.Pool[] = [];
  const listeners: (() => Promise<void>)[] = [];
  const leases = createLeaseThread(url);
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
      const pool = createServerPool(url, {
        owner,
        connections: CONNECTIONS_PER_OWNER,
        onLost: (error) => log?.warn({ err: error, owner }, 'database connection lost'),
      });
      pools.push(pool);
      return pool;
    },
    async listen(channel, listener) {
      const stop = await listenForever(url, channel, listener, log);
      listeners.push(stop);
      return stop;
    },
    openLease: (options) => leases.open(options),
    async close() {
      await leases.close();
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
