import { MAX_PULL, type StatusOfEvent } from '../../../schema/declaration.ts';
import type { Clock } from '../agencyModule.ts';
import { describeDefect, type KitLog } from '../log.ts';
import type { HubLine } from './hubLine.ts';
import type { InboxStore } from './inboxStore.ts';
import type { DeclarationOpener, DeclarationRefusal, OpenedDeclaration } from './openDeclaration.ts';
import { backoffMs, UNTIL_OPEN_MS } from './repeat.ts';

export interface PullerOptions {
  readonly store: InboxStore;
  readonly line: HubLine;
  readonly open: DeclarationOpener;
  readonly take: (
    opened: OpenedDeclaration,
    way: { readonly pulled: boolean },
  ) => Promise<readonly StatusOfEvent[] | DeclarationRefusal>;
  readonly clock: Clock;
  readonly log: KitLog;
  readonly everyMs: number;
}

/**
 * Takes what waits at the hub, in order, each event in the transaction that moves the cursor past it. One that is refused stops the pull there: passing
 * over it would lose it, and turn the order about. Returns when to pull again, ms since the epoch.
 */
export function createPuller(options: PullerOptions): () => Promise<number> {
  const { store, line, open, take, clock, log, everyMs } = options;
  let failures = 0;

  async function pullOnce(): Promise<'MORE' | 'ALL'> {
    const { events } = await line.pull(await store.cursor());
    for (const { event, sealed } of events) {
      const opened = await open(sealed, { ...event });
      const refused = opened.refused ?? (await refusalOf(opened));
      if (refused === undefined) continue;
      log.error({ refused }, 'declaration refused');
      throw new Error('a pulled event was refused');
    }
    return events.length === MAX_PULL ? 'MORE' : 'ALL';
  }

  async function refusalOf(opened: OpenedDeclaration): Promise<DeclarationRefusal | undefined> {
    const taken = await take(opened, { pulled: true });
    return typeof taken === 'string' ? taken : undefined;
  }

  return async () => {
    if (!line.isOpen()) return clock() + UNTIL_OPEN_MS;
    try {
      while ((await pullOnce()) === 'MORE');
      failures = 0;
      return clock() + everyMs;
    } catch (thrown) {
      log.warn(describeDefect(thrown), 'nothing was pulled');
      failures += 1;
      return clock() + backoffMs(failures - 1);
    }
  };
}
