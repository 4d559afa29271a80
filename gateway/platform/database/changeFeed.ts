import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { type Database, notify } from './database.ts';
import {
  type LeaseTables,
  acknowledge,
  appendChange,
  countWaiting,
  dropLease,
  forgetOldChanges,
  renewLease,
} from './leaseStatements.ts';

/** A node holds its lease for so long in the database, and for a little less in its own eyes: no clock is compared with another. */
export const LEASE_MS = 2_000;
const OWN_LEASE_MS = 1_900;
const RENEW_EVERY_MS = 500;
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
 * Why that holds. A node counts its lease from before it asks for it, and with the lease reads every announced change that it has not acknowledged.
 * So a renewal that was begun after a change was committed brings that change, and one that was begun before ends within LEASE_MS of it: `settle` waits
 * for acknowledgements, and no longer than that. A node whose lease had run out forgets everything before it holds one again.
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
  readonly database: Pick<Database, 'listen'> & Partial<Pick<Database, 'kind'>>;
  readonly db: Kysely<never>;
  /** Name of the register, and of its channel: small letters and underscores. */
  readonly topic: string;
  readonly listener: ChangeListener;
}

/** Listens, and holds a lease when it resolves. Rejects when the database does not answer. */
export async function openChangeFeed({ database, db, topic, listener }: ChangeFeedOptions): Promise<ChangeFeed> {
  const isAlone = database.kind !== 'server';
  const leases = db as unknown as Kysely<LeaseTables>;
  const nodeId = randomBytes(9).toString('base64url');
  const lease = createLeaseClock();
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

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
    if (change !== '' && !isAlone) await acknowledge(leases, nodeId, [change]);
  }

  async function renew(): Promise<void> {
    const asked = lease.now();
    const unknown = await renewLease(leases, { nodeId, topic, leaseMs: LEASE_MS });
    if (lease.isHeld()) for (const { about } of unknown) await listener.forget(about);
    else await listener.forgetAll();
    lease.hold(asked);
    if (unknown.length > 0)
      await acknowledge(
        leases,
        nodeId,
        unknown.map(({ changeId }) => changeId),
      );
  }

  async function renewForever(): Promise<void> {
    // A renewal that fails is tried again; meanwhile the lease runs out, and the node refuses.
    await renew().catch(() => undefined);
    if (!closed) timer = setTimeout(() => void renewForever(), RENEW_EVERY_MS).unref();
  }

  if (!isAlone) {
    await renew();
    timer = setTimeout(() => void renewForever(), RENEW_EVERY_MS).unref();
  }

  return {
    holdsLease: () => isAlone || lease.isHeld(),
    tell: (transaction, about) => notify(transaction, `${topic}_changed`, `${about}\n`),
    async announce(transaction, about) {
      const change = await appendChange(transaction as unknown as Kysely<LeaseTables>, topic, about);
      await notify(transaction, `${topic}_changed`, `${about}\n${change}`);
      return change as ChangeId;
    },
    async settle(change) {
      if (isAlone) return;
      const endsAt = performance.now() + LEASE_MS;
      while (performance.now() < endsAt) {
        const waiting = await countWaiting(leases, { nodeId, topic, change }).catch(() => Infinity);
        if (waiting === 0) break;
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
      void forgetOldChanges(leases).catch(() => undefined);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await stopListening();
      if (!isAlone) await dropLease(leases, nodeId).catch(() => undefined);
    },
  };
}

/**
 * Two clocks: the steady one does not jump with the time of day, the other goes on while the machine sleeps. The lease is held as long as
 * both say so.
 */
function createLeaseClock() {
  const now = () => ({ steady: performance.now(), wall: Date.now() });
  let heldFrom = { steady: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY };
  return {
    now,
    isHeld: () =>
      performance.now() - heldFrom.steady < OWN_LEASE_MS && Math.abs(Date.now() - heldFrom.wall) < OWN_LEASE_MS,
    hold(from: { readonly steady: number; readonly wall: number }) {
      heldFrom = from;
    },
  };
}
