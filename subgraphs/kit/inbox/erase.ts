import type { Clock } from '../agencyModule.ts';
import { describeDefect, type KitLog } from '../log.ts';
import type { InboxStore } from './inboxStore.ts';

/**
 * How long an agency can look up what a declaration said after it was applied, days: a month of its own work, in which somebody notices that something is
 * wrong. What it holds of the person after that are its own tables, under its own rules.
 */
export const KEEP_DATA_DAYS = 30;
const DAY_MS = 86_400_000;
const EVERY_MS = 3_600_000;

/** Erases what was declared from events that are done with, now and then (`repeat.ts`). Never rejects. */
export function createEraser(options: { readonly store: InboxStore; readonly clock: Clock; readonly log: KitLog }) {
  const { store, clock, log } = options;
  return async (): Promise<number> => {
    try {
      const before = new Date(clock() - KEEP_DATA_DAYS * DAY_MS).toISOString();
      const erased = await store.eraseApplied(before);
      if (erased > 0) log.info({ erased }, 'declarations erased');
    } catch (thrown) {
      log.error(describeDefect(thrown), 'declarations could not be erased, tried again');
    }
    return clock() + EVERY_MS;
  };
}
