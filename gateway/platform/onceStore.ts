import type { Clock } from './clock.ts';
import type { Kysely } from './database/database.ts';
import { HubError } from './errors.ts';

export interface OnceTables {
  used_once: { key: string; until: number };
}

export interface OnceStore {
  /** Resolves to true the first time, false while `untilMs` of an earlier use has not come. HubError HUB_LEDGER_UNAVAILABLE when the database does not answer. */
  use(key: string, untilMs: number): Promise<boolean>;
  close(): void;
}

const SWEEP_MS = 60_000;

/** What may be presented once, over all nodes and over restarts: one insert, which the second presenter loses. */
export function createOnceStore(options: { readonly db: Kysely<OnceTables>; readonly clock: Clock }): OnceStore {
  const { db, clock } = options;
  const timer = setInterval(() => {
    // A sweep that fails is made up for by the next one.
    db.deleteFrom('used_once')
      .where('until', '<', clock())
      .execute()
      .catch(() => {});
  }, SWEEP_MS).unref();

  return {
    async use(key, untilMs) {
      try {
        const result = await db
          .insertInto('used_once')
          .values({ key, until: Math.ceil(untilMs) })
          .onConflict((known) =>
            known
              .column('key')
              .doUpdateSet({ until: Math.ceil(untilMs) })
              .where('used_once.until', '<', clock()),
          )
          .executeTakeFirst();
        return result.numInsertedOrUpdatedRows === 1n;
      } catch (cause) {
        throw new HubError('HUB_LEDGER_UNAVAILABLE', { detail: 'used_once', cause });
      }
    },
    close: () => clearInterval(timer),
  };
}
