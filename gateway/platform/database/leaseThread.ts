import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, type MessagePort, type Worker } from 'node:worker_threads';
import { startThread } from '../thread.ts';
import { isWithin, LEASE_STATE_BYTES, NEVER, readLeaseState, type LeaseState } from './leaseState.ts';

/** A node holds its lease for so long in the database, and for a little less in its own eyes: no clock is compared with another. */
export const LEASE_MS = 2_000;
export const OWN_LEASE_MS = 1_900;
/** A lease so young needs no look at what the thread has written since. */
const YOUNG_MS = 250;
const TRY_AGAIN_MS = 250;

export interface LeaseOptions {
  /** Whose tables hold the leases: a schema's name. */
  readonly owner: string;
  readonly topic: string;
  /** A change that was read with the lease; a promise when it takes time to forget. */
  readonly forget: (about: string) => void | Promise<void>;
  /** The lease had run out: changes may have been missed. */
  readonly forgetAll: () => void | Promise<void>;
}

/** One node's lease for one topic. */
export interface Lease {
  readonly nodeId: string;
  isHeld(): boolean;
  /** Gives it back. */
  close(): Promise<void>;
}

export interface LeaseThread {
  /** Resolves when the lease is held; rejects when the database does not answer. */
  open(options: LeaseOptions): Promise<Lease>;
  close(): Promise<void>;
}

/** To the thread, for each lease. */
export interface LeaseOrder {
  readonly nodeId: string;
  readonly owner: string;
  readonly topic: string;
  readonly port: MessagePort;
  readonly state: SharedArrayBuffer;
}

/** From the thread: what was read with a renewal, before it counts. `lapsed`: the lease had run out. */
export interface LeaseNews {
  readonly lapsed: boolean;
  readonly changes: readonly { readonly changeId: string; readonly about: string }[];
}

export type LeaseSays = LeaseNews | { readonly opened: true } | { readonly failed: string } | { readonly closed: true };
export type LeaseAsks = { readonly acknowledge: readonly string[] } | { readonly close: true };

/**
 * Renews leases in a thread, on connections of its own: a node whose event loop is busy for seconds, or whose other connections are, keeps what it holds. But a
 * lease promises that every change announced before its renewal is forgotten here, and a busy loop has heard of none. So the thread first hands over
 * what it has read, then counts it, and only then dates the lease. Here a newer date is believed once all that was counted is forgotten, for which messages that
 * wait are taken out at once; until then the date before it is the lease's. A thread that ends is replaced; what it held runs out meanwhile.
 */
export function createLeaseThread(url: string, startWorker = startThread): LeaseThread {
  const followers = new Set<Follower>();
  let worker: Worker | undefined;
  let isClosed = false;

  function start(): Worker {
    const started = startWorker(join(import.meta.dirname, 'leaseWorker.ts'), { workerData: { url } });
    started.on('error', () => undefined);
    started.on('exit', () => {
      if (isClosed || worker !== started) return;
      worker = undefined;
      setTimeout(() => followers.forEach(connect), TRY_AGAIN_MS).unref();
    });
    started.unref();
    return started;
  }

  function connect(follower: Follower): void {
    if (isClosed) return;
    worker ??= start();
    const order = follower.connect();
    worker.postMessage(order, [order.port]);
  }

  return {
    open: (options) =>
      new Promise((resolve, reject) => {
        let isOpen = false;
        const follower = followLease(options, (fault) => {
          if (fault === undefined) {
            isOpen = true;
            resolve(lease);
          } else if (isOpen) {
            // A thread that was begun anew found no database: the lease is taken when there is one again.
            setTimeout(() => followers.has(follower) && connect(follower), TRY_AGAIN_MS).unref();
          } else {
            followers.delete(follower);
            reject(fault);
          }
        });
        const lease: Lease = {
          nodeId: follower.nodeId,
          isHeld: follower.isHeld,
          close() {
            followers.delete(follower);
            return follower.close();
          },
        };
        followers.add(follower);
        connect(follower);
      }),
    async close() {
      isClosed = true;
      await worker?.terminate();
    },
  };
}

interface Follower extends Lease {
  /** A new line to a thread that is to renew the lease. */
  connect(): LeaseOrder;
}

function followLease(options: LeaseOptions, onOpened: (fault?: Error) => void): Follower {
  const nodeId = randomBytes(9).toString('base64url');
  let line: { readonly port: MessagePort; readonly state: LeaseState; heard: number } | undefined;
  let confirmed = NEVER;
  /** News that are being forgotten. */
  let forgetting = 0;
  let settled: Promise<void> = Promise.resolve();
  let onClosed: (() => void) | undefined;

  function forget({ lapsed, changes }: LeaseNews): Promise<void> | undefined {
    const waits = lapsed ? [options.forgetAll()] : changes.map(({ about }) => options.forget(about));
    const later = waits.filter((wait) => wait instanceof Promise);
    return later.length === 0 ? undefined : Promise.all(later).then(() => undefined);
  }

  /** What could not be read anew may not be answered: it is tried again, and until then no newer date is believed. */
  async function forgetLater(news: LeaseNews, first: Promise<void>): Promise<void> {
    for (let trying: Promise<void> | undefined = first; trying !== undefined;) {
      try {
        await trying;
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS).unref());
        trying = forget(news);
      }
    }
  }

  function take(news: LeaseNews, port: MessagePort): void {
    const acknowledge = news.changes.map(({ changeId }) => changeId);
    const done = (): void => {
      forgetting -= 1;
      if (acknowledge.length > 0) port.postMessage({ acknowledge } satisfies LeaseAsks);
    };
    forgetting += 1;
    const waits = forget(news);
    if (waits === undefined) done();
    else settled = forgetLater(news, waits).then(done);
  }

  return {
    nodeId,
    connect() {
      const { port1: port, port2: theirs } = new MessageChannel();
      const buffer = new SharedArrayBuffer(LEASE_STATE_BYTES);
      line = { port, state: readLeaseState(buffer), heard: 0 };
      port.on('message', (said: LeaseSays) => hear(said, port));
      // A node that has nothing else to do may end.
      port.unref();
      const { owner, topic } = options;
      return { nodeId, owner, topic, port: theirs, state: buffer };
    },
    isHeld() {
      if (isWithin(confirmed, YOUNG_MS)) return true;
      const { port, state } = line!;
      // The date first: what was counted before it was written is then seen to be counted.
      const dated = state.dated();
      while (line!.heard < state.counted()) {
        const found = receiveMessageOnPort(port) as { readonly message: LeaseSays } | undefined;
        if (found === undefined) break;
        hear(found.message, port);
      }
      if (forgetting === 0 && line!.heard === state.counted()) confirmed = dated;
      return isWithin(confirmed, OWN_LEASE_MS);
    },
    close() {
      return new Promise((resolve) => {
        const { port } = line!;
        const close = (): void => {
          port.close();
          resolve();
        };
        onClosed = close;
        // The thread has ended before.
        setTimeout(close, LEASE_MS).unref();
        port.postMessage({ close: true } satisfies LeaseAsks);
      });
    },
  };

  function hear(said: LeaseSays, port: MessagePort): void {
    if ('changes' in said) {
      if (port === line?.port) line.heard += 1;
      take(said, port);
    } else if ('opened' in said) void settled.then(() => onOpened());
    else if ('failed' in said) onOpened(new Error(said.failed));
    else onClosed?.();
  }
}
