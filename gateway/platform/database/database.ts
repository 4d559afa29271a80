import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Log } from '../log.ts';
import type { ChannelListener } from './backend.ts';
import { openEmbedded } from './embedded.ts';
import type { Lease, LeaseOptions } from './leaseThread.ts';
import { migrate } from './migrate.ts';
import { openServer } from './server.ts';

export type { ChannelListener } from './backend.ts';
export { FolderInUse } from './folderLock.ts';
export type { Kysely } from 'kysely';

/** One database; every owner (the hub, an agency that keeps its data in SQL) has a schema of its own in it. */
export interface Database {
  readonly kind: 'embedded' | 'server';
  /**
   * The owner's own query builder, bound to its schema, which is made if missing; the same one for the same owner. Owner: `hub`, or
   * `agency_` and the agency's id with `_` for `-`. In the embedded database it acts under a role that sees no other schema.
   */
  forOwner<Tables>(owner: string): Promise<Kysely<Tables>>;
  /** Brings the owner's schema up to the numbered SQL files of `folder`; throws when one fails. */
  migrate(owner: string, folder: string): Promise<void>;
  /** A second schema of the owner's, which is made if missing, for tables that a library makes and names: `owner`_`suffix`. Returns its name. */
  secondSchema(owner: string, suffix: string): Promise<string>;
  /** LISTEN: resolves when the channel is listened to; returns what ends it. */
  listen(channel: string, listener: ChannelListener): Promise<() => Promise<void>>;
  /** A lease of this node's on a topic (changeFeed.ts). Absent for the embedded database, which has one process. */
  readonly openLease?: (options: LeaseOptions) => Promise<Lease>;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  /** Ends connections; open transactions are lost. Not to be used afterwards. */
  close(): Promise<void>;
}

const OWNER = /^[a-z][a-z0-9_]{0,40}$/;

/**
 * Opens PostgreSQL at `url`, or else the embedded one in `dataDir` (in memory without either: tests). One process at a time may open an
 * embedded one: throws FolderInUse. The embedded one does not fsync: an acknowledged write survives `kill -9`, not a loss of power.
 */
export async function openDatabase(options: {
  readonly url?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly log?: Log;
}): Promise<Database> {
  const backend = options.url ? await openServer(options.url, options.log) : await openEmbedded(options.dataDir);
  const owners = new Map<string, Promise<Kysely<unknown>>>();

  async function createOwner(owner: string): Promise<Kysely<unknown>> {
    await backend.createOwner(owner);
    return new Kysely<unknown>({ dialect: new PostgresDialect({ pool: backend.poolFor(owner) }) });
  }

  function forOwner<Tables>(owner: string): Promise<Kysely<Tables>> {
    if (!OWNER.test(owner)) throw new TypeError(`database owner: expected ${OWNER.source}, got "${owner}"`);
    const known = owners.get(owner) ?? createOwner(owner);
    owners.set(owner, known);
    // A failed attempt is not remembered: the next caller tries again.
    known.catch(() => owners.delete(owner));
    return known as Promise<Kysely<Tables>>;
  }

  return {
    kind: backend.kind,
    forOwner,
    async migrate(owner, folder) {
      await migrate(await forOwner(owner), owner, folder);
    },
    async secondSchema(owner, suffix) {
      await forOwner(owner);
      const schema = `${owner}_${suffix}`;
      if (!OWNER.test(schema)) throw new TypeError(`database schema: expected ${OWNER.source}, got "${schema}"`);
      await backend.createSecondSchema(owner, schema);
      return schema;
    },
    listen: (channel, listener) => backend.listen(channel, listener),
    ...(backend.openLease && { openLease: backend.openLease }),
    async ping() {
      await sql`select 1`.execute(await forOwner('hub'));
    },
    async close() {
      const opened = await Promise.allSettled(owners.values());
      await Promise.allSettled(opened.map((owner) => owner.status === 'fulfilled' && owner.value.destroy()));
      await backend.close();
    },
  };
}

/** NOTIFY inside the caller's transaction: delivered when it commits, and only then. Payload: under 8,000 bytes, nothing personal. */
export async function notify(db: Kysely<never>, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(db);
}
