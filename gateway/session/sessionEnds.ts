import type { Clock } from '../platform/clock.ts';
import type { Database, Kysely } from '../platform/database/database.ts';
import { HubError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import type { CitizenSession } from './citizenSession.ts';
import { deleteEndedSessions, endSession, readRevoked, REVOKED_CHANNEL } from './sessionStore.ts';
import type { SessionTables } from './sessionTables.ts';

export type EndSession = (session: Pick<CitizenSession, 'id' | 'endsAtMs'>) => Promise<void>;

/** How sessions end before their time, and which did: in memory, since every request asks. */
export interface SessionEnds {
  /** Throws HubError HUB_LEDGER_UNAVAILABLE while this node may have missed one: fail closed. */
  isRevoked(sessionId: string): boolean;
  /** Durable and known to this node when it resolves; the other nodes hear of it from the database. */
  end: EndSession;
  close(): Promise<void>;
}

const SWEEP_MS = 60_000;
const RETRY_MS = 500;
/** A session that is over is kept this much longer: its last token may be in use, and clocks differ. */
const KEPT_AFTER_END_MS = 10 * 60_000;

export async function openSessionEnds(options: {
  readonly database: Pick<Database, 'listen'>;
  readonly db: Kysely<SessionTables>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}): Promise<SessionEnds> {
  const { db, clock, log } = options;
  const revoked = new Map<string, number>();
  let isComplete = false;
  let isClosed = false;
  let losses = 0;

  async function load(): Promise<void> {
    const lossesBefore = losses;
    for (const { id, endsAtMs } of await readRevoked(db, clock())) revoked.set(id, endsAtMs);
    // Lost again while reading: what was read may be old already.
    isComplete = losses === lossesBefore;
  }

  async function reload(): Promise<void> {
    while (!isClosed && !isComplete) {
      await load().catch(async (err: unknown) => {
        log.warn({ err }, 'revoked sessions could not be read; hub tokens are refused meanwhile');
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      });
    }
  }

  // Listening begins before reading, so that nothing falls between the two.
  const stopListening = await options.database.listen(REVOKED_CHANNEL, {
    onNotify(payload) {
      const [id, endsAt] = payload.split(' ');
      revoked.set(id!, Number(endsAt));
    },
    onLost() {
      losses += 1;
      isComplete = false;
    },
    onRestored: () => void reload(),
  });
  await load();

  const timer = setInterval(() => {
    const beforeMs = clock() - KEPT_AFTER_END_MS;
    for (const [id, endsAtMs] of revoked) if (endsAtMs < beforeMs) revoked.delete(id);
    deleteEndedSessions(db, beforeMs).catch((err: unknown) => log.warn({ err }, 'ended sessions could not be removed'));
  }, SWEEP_MS).unref();

  return {
    isRevoked(sessionId) {
      if (!isComplete) throw new HubError('HUB_LEDGER_UNAVAILABLE', { detail: 'revocations' });
      return revoked.has(sessionId);
    },
    async end({ id, endsAtMs }) {
      await endSession(db, id, clock());
      revoked.set(id, endsAtMs);
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      await stopListening();
    },
  };
}
