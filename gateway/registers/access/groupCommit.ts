import { HubError } from '../../platform/errors.ts';
import type { AccessEntry } from './accessRecord.ts';

export interface GroupCommit {
  /** Resolves when all of them are committed, rejects with HUB_AUDIT_UNAVAILABLE. */
  append(entries: readonly AccessEntry[]): Promise<void>;
  /** Commits what waits; afterwards append rejects. */
  close(): Promise<void>;
}

interface Waiting {
  readonly entries: readonly AccessEntry[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Entries of one commit at most, unless one append has more: a line stays small enough to be read for the sake of one record in it. */
const MAX_GROUP = 400;

/**
 * Many appends, one commit: a commit costs about the same for one record and for fifty. Commits start `groupMs` apart at the earliest, so an append to an idle log
 * is committed at the end of this turn of the event loop, and a busy log takes what has come together. One commit runs at a time, since each links to the one
 * before; an append is never split over two.
 */
export function createGroupCommit(options: {
  readonly groupMs: number;
  readonly maxWaiting: number;
  readonly commit: (entries: readonly AccessEntry[]) => Promise<void>;
}): GroupCommit {
  let waiting: Waiting[] = [];
  let waitingCount = 0;
  let isScheduled = false;
  let lastStartMs = -Infinity;
  let running: Promise<void> | undefined;
  let isClosed = false;

  function schedule(): void {
    if (isScheduled || running !== undefined || waiting.length === 0) return;
    isScheduled = true;
    const waitMs = waitingCount >= MAX_GROUP ? 0 : lastStartMs + options.groupMs - performance.now();
    if (waitMs <= 0) setImmediate(start);
    else setTimeout(start, waitMs);
  }

  function start(): void {
    isScheduled = false;
    lastStartMs = performance.now();
    const group = takeGroup();
    running = commitGroup(group).finally(() => {
      running = undefined;
      schedule();
    });
  }

  function takeGroup(): readonly Waiting[] {
    let count = 0;
    let end = 0;
    while (end < waiting.length && (end === 0 || count + waiting[end]!.entries.length <= MAX_GROUP)) {
      count += waiting[end]!.entries.length;
      end += 1;
    }
    const group = waiting.slice(0, end);
    waiting = waiting.slice(end);
    waitingCount -= count;
    return group;
  }

  async function commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      await options.commit(group.flatMap(({ entries }) => entries));
      for (const { resolve } of group) resolve();
    } catch (cause) {
      for (const { reject } of group) reject(new HubError('HUB_AUDIT_UNAVAILABLE', { cause }));
    }
  }

  return {
    append(entries) {
      if (entries.length === 0) return Promise.resolve();
      if (isClosed || waitingCount + entries.length > options.maxWaiting) {
        const detail = isClosed ? 'the access log is closed' : `${waitingCount} records wait already`;
        return Promise.reject(new HubError('HUB_AUDIT_UNAVAILABLE', { detail }));
      }
      return new Promise((resolve, reject) => {
        waiting.push({ entries, resolve, reject });
        waitingCount += entries.length;
        schedule();
      });
    },
    async close() {
      isClosed = true;
      while (running !== undefined || waiting.length > 0) {
        await (running ?? new Promise((resolve) => setImmediate(resolve)));
      }
    },
  };
}
