import type { PostgresPool } from 'kysely';
import type { Lease, LeaseOptions } from './leaseThread.ts';

/** Who listens to a channel; a caller that keeps copies of rows must treat all of them as old between `onLost` and `onRestored`. */
export interface ChannelListener {
  readonly onNotify: (payload: string) => void;
  /** Notifications may be missed from now on. Never called by the embedded database, whose only writer is this process. */
  readonly onLost: () => void;
  readonly onRestored: () => void;
}

/** What the embedded database and a PostgreSQL server have in common; known to this room alone. */
export interface Backend {
  readonly kind: 'embedded' | 'server';
  /** Makes the owner's schema if it is not there. */
  createOwner(owner: string): Promise<void>;
  /** Makes a second schema of the owner's if it is not there, for tables that a library makes and names. */
  createSecondSchema(owner: string, schema: string): Promise<void>;
  /** Connections whose search path is the owner's schema. */
  poolFor(owner: string): PostgresPool;
  /** Resolves when listening; returns what ends it. */
  listen(channel: string, listener: ChannelListener): Promise<() => Promise<void>>;
  /** A lease of this node's on a topic (changeFeed.ts); the embedded database has one process and needs none. */
  readonly openLease?: (options: LeaseOptions) => Promise<Lease>;
  close(): Promise<void>;
}
