import type { Kysely } from 'kysely';
import { type Database, notify } from './database.ts';
import {
  type LeaseTables,
  acknowledge,
  appendChange,
  countWaiting,
  forgetOldChanges,
  schemaOf,
} from './leaseStatements.ts';
import { LEASE_MS, type Lease } from './leaseThread.ts';

const ASK_EVERY_MS = 15;

/** What a register does about changes that other nodes made. What returns a promise is done when it resolves. */
export interface ChangeListener {
  /** Nothing about this may be answered from memory any more. */
  readonly forget: (about: string) => void | Promise<void>;
  /** Nothing at all may: changes may have been missed. */
  readonly forgetAll: () => void | Promise<void>;
  /** Notifications may be missed from now on, until resumed: remember nothing meanwhile, or be content with a lease's delay. */
  readonly suspend: () => void;
  readonly resume: () => void;
}

/**
 * Changes of one register, told to every node on the same database (DESIGN, invariant 5). `tell` is for what opens something: others hear of it
 * soon. `announce` and `settle` are for what closes something: when `settle` resolves, every other node has forgotten what was before, or
 * refuses since its lease has ended.
 *
 * Why that holds. A node counts its lease from before it asks for it, and with the lease reads every announced change that it has not acknowledged; it has the
 * new lease when it has forgotten those (leaseThread.ts). So a renewal that was begun after a change was committed brings that change, and one that was
 * begun before ends within LEASE_MS of it: `settle` waits for acknowledgements, and no longer than that. A node whose lease had run out forgets everything
 * before it holds one again.
 */
export interface ChangeFeed {
  /** Whether this node may answer. Always in the embedded database, whose folder no other process can open. */
  holdsLease(): boolean;
  tell(transaction: Kysely<never>, about: string): Promise<void>;
  announce(transaction: Kysely<never>, about: string): Promise<ChangeId>;
  /** To be called when the announcing transaction is committed. Never rejects: what cannot be asked is waited out. */
  settle(change: ChangeId): Promise<void>;
  close(): Promise<void>;
}

export type ChangeId = string & { readonly changeId: unique symbol };

export interface ChangeFeedOptions {
  readonly database: Pick<Database, 'listen' | 'openLease'>;
  readonly db: Kysely<never>;
  /** Name of the register, and of its channel: small letters and underscores. */
  readonly topic: string;
  readonly listener: ChangeListener;
}

/** Listens, and holds a lease when it resolves. Rejects when the database does not answer. */
export async function openChangeFeed({ database, db, topic, listener }: ChangeFeedOptions): Promise<ChangeFeed> {
  const leases = db as unknown as Kysely<LeaseTables>;
  /** No lease in the embedded database, whose folder no other process can open. */
  const own: { lease?: Lease | undefined } = {};

  const stopListening = await database.listen(`${topic}_changed`, {
    onNotify(payload) {
      const end = payload.lastIndexOf('\n');
      void heard(payload.slice(0, end), payload.slice(end + 1)).catch(() => undefined);
    },
    onLost: () => listener.suspend(),
    onRestored: () => listener.resume(),
  });

  /** Forgets first, says so after. An acknowledgement that fails is made up for by the next renewal. */
  async function heard(about: string, change: string): Promise<void> {
    await listener.forget(about);
    if (change !== '' && own.lease) await acknowledge(leases, own.lease.nodeId, [change]);
  }

  const { forget, forgetAll } = listener;
  const lease = await database.openLease?.({ owner: await schemaOf(leases), topic, forget, forgetAll });
  own.lease = lease;

  return {
    holdsLease: () => lease === undefined || lease.isHeld(),
    tell: (transaction, about) => notify(transaction, `${topic}_changed`, `${about}\n`),
    async announce(transaction, about) {
      const change = await appendChange(transaction as unknown as Kysely<LeaseTables>, topic, about);
      await notify(transaction, `${topic}_changed`, `${about}\n${change}`);
      return change as ChangeId;
    },
    async settle(change) {
      if (lease === undefined) return;
      const { nodeId } = lease;
      const endsAt = performance.now() + LEASE_MS;
      while (performance.now() < endsAt) {
        const waiting = await countWaiting(leases, { nodeId, topic, change }).catch(() => Infinity);
        if (waiting === 0) break;
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
      void forgetOldChanges(leases).catch(() => undefined);
    },
    async close() {
      await stopListening();
      await lease?.close();
    },
  };
}
