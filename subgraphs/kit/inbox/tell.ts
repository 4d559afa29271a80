import { MAX_STATUSES } from '../../../schema/declaration.ts';
import type { Clock } from '../agencyModule.ts';
import { describeDefect, type KitLog } from '../log.ts';
import type { HubLine } from './hubLine.ts';
import type { InboxStore } from './inboxStore.ts';
import { backoffMs, UNTIL_OPEN_MS } from './repeat.ts';

/** Statuses of one message to the hub, so that one call stays small. */
const BATCH = Math.min(100, MAX_STATUSES);

/**
 * Tells the hub what it has not been told, in order; what it does not take waits and is told again, at least once in all. Returns when there is
 * more to tell, ms since the epoch; undefined when there is nothing.
 */
export function createTeller({
  store,
  line,
  clock,
  log,
}: {
  readonly store: InboxStore;
  readonly line: HubLine;
  readonly clock: Clock;
  readonly log: KitLog;
}): () => Promise<number | undefined> {
  return async () => {
    if (!line.isOpen()) return clock() + UNTIL_OPEN_MS;
    try {
      for (;;) {
        const untold = await store.untold(iso(clock()), BATCH);
        if (untold.length === 0) break;
        const ids = untold.map(({ statusId }) => statusId);
        try {
          await line.tell(untold.map(({ statusId: _id, attempts: _attempts, ...status }) => status));
        } catch (thrown) {
          log.warn({ ...describeDefect(thrown), statuses: ids.length }, 'the hub was not told');
          await store.postpone(ids, iso(clock() + backoffMs(Math.max(...untold.map(({ attempts }) => attempts)))));
          break;
        }
        await store.markTold(ids, iso(clock()));
      }
      const due = await store.nextDue();
      return due === undefined ? undefined : Date.parse(due);
    } catch (thrown) {
      log.error(describeDefect(thrown), 'statuses could not be read');
      return clock() + backoffMs(3);
    }
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
