import { parentPort, workerData } from 'node:worker_threads';
import { Kysely, PostgresDialect } from 'kysely';
import { isWithin, NEVER, readLeaseState } from './leaseState.ts';
import { acknowledge, dropLease, renewLease, type LeaseTables } from './leaseStatements.ts';
import { LEASE_MS, OWN_LEASE_MS, type LeaseAsks, type LeaseOrder, type LeaseSays } from './leaseThread.ts';
import { createServerPool } from './serverPool.ts';

/* The other side of leaseThread.ts: renews every lease it is given, until it is told to give it back. */

const RENEW_EVERY_MS = 500;
/** One for the renewals of both registers, one for what is acknowledged meanwhile. */
const CONNECTIONS = 2;

const { url } = workerData as { readonly url: string };
const databases = new Map<string, Kysely<LeaseTables>>();

function databaseOf(owner: string): Kysely<LeaseTables> {
  const known = databases.get(owner);
  if (known) return known;
  const pool = createServerPool(url, { owner, connections: CONNECTIONS, onLost: () => undefined });
  const opened = new Kysely<LeaseTables>({ dialect: new PostgresDialect({ pool }) });
  databases.set(owner, opened);
  return opened;
}

parentPort!.on('message', (order: LeaseOrder) => void keep(order));

async function keep({ nodeId, owner, topic, port, state: buffer }: LeaseOrder): Promise<void> {
  const db = databaseOf(owner);
  const state = readLeaseState(buffer);
  const say = (said: LeaseSays): void => port.postMessage(said);
  /** Changes that the other side has been told of, and those of them that it has forgotten. */
  const told = new Set<string>();
  const forgotten = new Set<string>();
  let held = NEVER;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  port.on('message', (asked: LeaseAsks) => {
    if ('acknowledge' in asked) {
      for (const change of asked.acknowledge) forgotten.add(change);
      // One that fails is made up for by the next renewal.
      void acknowledge(db, nodeId, asked.acknowledge).catch(() => undefined);
      return;
    }
    isClosed = true;
    clearTimeout(timer);
    void dropLease(db, nodeId)
      .catch(() => undefined)
      .finally(() => {
        say({ closed: true });
        port.close();
      });
  });

  async function renew(): Promise<void> {
    const asked = state.now();
    const unknown = await renewLease(db, { nodeId, topic, leaseMs: LEASE_MS });
    const lapsed = !isWithin(held, OWN_LEASE_MS);
    const changes = unknown.filter(({ changeId }) => !told.has(changeId));
    for (const { changeId } of changes) told.add(changeId);
    // Handed over, then counted, then dated: in this order and no other.
    if (lapsed || changes.length > 0) {
      say({ lapsed, changes });
      state.count();
    }
    held = asked;
    state.date(asked);
    const late = unknown.filter(({ changeId }) => forgotten.has(changeId)).map(({ changeId }) => changeId);
    if (late.length > 0) await acknowledge(db, nodeId, late);
    const left = new Set(unknown.map(({ changeId }) => changeId));
    for (const change of told) {
      if (left.has(change)) continue;
      told.delete(change);
      forgotten.delete(change);
    }
  }

  async function renewForever(): Promise<void> {
    // A renewal that fails is tried again; meanwhile the lease runs out, and the node refuses.
    await renew().catch(() => undefined);
    if (!isClosed) timer = setTimeout(() => void renewForever(), RENEW_EVERY_MS);
  }

  try {
    await renew();
    say({ opened: true });
    timer = setTimeout(() => void renewForever(), RENEW_EVERY_MS);
  } catch (cause) {
    say({ failed: cause instanceof Error ? cause.message : 'no lease' });
    port.close();
  }
}
