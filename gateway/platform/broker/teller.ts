import type { Kysely } from '../database/database.ts';
import { type Notice, type OutboxTables, claimNotices, markTold } from '../database/jobOutbox.ts';
import type { Log } from '../log.ts';
import { createRests } from '../rests.ts';
import type { Broker, BrokerLink } from './link.ts';
import { readySubject, tellOf } from './stream.ts';

export interface Teller {
  wake(): void;
  /** Resolves when what is under way is done. */
  close(): Promise<void>;
}

const BATCH = 500;
/** What a node wrote and did not live to tell is found after that time, and the few seconds of its claim. */
const LOOK_EVERY_MS = 1_000;

/**
 * Tells the broker what the outbox holds: what was committed a moment ago, and whatever another node was about to tell when it died. Several may do so at
 * once: each claims its own, and what is told twice the broker takes for once.
 */
export function startTeller({
  db,
  link,
  stream,
  log,
}: {
  readonly db: Kysely<OutboxTables>;
  readonly link: BrokerLink;
  readonly stream: string;
  readonly log: Log;
}): Teller {
  const rests = createRests();
  let isWoken = false;

  async function tellAll(broker: Broker): Promise<void> {
    for (let claimed = BATCH; claimed === BATCH && !rests.isOver;) {
      const notices = await claimNotices(db, BATCH);
      claimed = notices.length;
      if (claimed === 0) return;
      const told = await tellEach(broker, notices);
      if (told.length > 0) await markTold(db, told);
      if (told.length > 0) broker.connection.publish(readySubject(stream));
      if (told.length < claimed) return;
    }
  }

  /** Returns those that the broker has. */
  async function tellEach(broker: Broker, notices: readonly Notice[]): Promise<readonly Notice[]> {
    const outcomes = await Promise.allSettled(notices.map((notice) => tellOf(broker.client, stream, notice)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) link.leave(broker, failed.reason);
    return notices.filter((_notice, index) => outcomes[index]!.status === 'fulfilled');
  }

  async function run(): Promise<void> {
    while (!rests.isOver) {
      isWoken = false;
      const broker = link.current();
      try {
        if (broker !== undefined) await tellAll(broker);
      } catch (fault) {
        log.warn({ detail: (fault as Error).name }, 'broker: what waits could not be told, tried again');
      }
      if (!isWoken) await rests.rest(LOOK_EVERY_MS, true);
    }
  }
  const running = run();

  return {
    wake() {
      isWoken = true;
      rests.wake();
    },
    async close() {
      rests.end();
      await running;
    },
  };
}
