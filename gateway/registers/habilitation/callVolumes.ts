import { randomBytes } from 'node:crypto';
import { createBuckets } from '../../platform/buckets.ts';
import type { Clock } from '../../platform/clock.ts';
import { notify, type Database, type Kysely } from '../../platform/database/database.ts';
import { HubError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { Habilitation } from './habilitation.ts';

type Approved = Pick<Habilitation, 'clientId' | 'purpose' | 'callsPerMinute'>;

export interface CallVolumes {
  /** Counts one call of that service for that purpose. Throws HubError HUB_HABILITATION_VOLUME_EXCEEDED, and counts nothing, when there is none left. */
  count(habilitation: Approved): void;
  /** Tells other nodes at once what they have not been told. Never rejects: who cannot be told lets a little more through. */
  tell(): Promise<void>;
  close(): Promise<void>;
}

const CHANNEL = 'habilitation_calls';
const TELL_EVERY_MS = 1_000;
/** A service and a purpose take some 60 bytes, 150 at most; a notification holds 8,000. */
const LINES_PER_NOTIFICATION = 50;
const MOST_HABILITATIONS = 20_000;

/**
 * Holds services to the calls a minute that they were approved for (DataPass, "volumetrie"). A service has a bucket for each purpose, filled evenly: a
 * minute's worth at once, and no more over time.
 *
 * On several nodes each has the whole bucket, so that a service that always meets the same node is not cut short, and says once a second what it let
 * through; the others take that off theirs. So a burst on n nodes may reach n times a minute's worth before they have heard of each other, and is
 * made up for by what their buckets lack after it. A share of the bucket for each node would be exact, and refuse services what they were promised.
 */
export async function openCallVolumes(options: {
  readonly database: Pick<Database, 'listen' | 'kind'>;
  readonly db: Kysely<never>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}): Promise<CallVolumes> {
  const { database, db, log } = options;
  const node = randomBytes(9).toString('base64url');
  const buckets = createBuckets({ maxHolders: MOST_HABILITATIONS, clock: options.clock });
  const isAlone = database.kind !== 'server';
  /** Since others were last told, by service and purpose. */
  let untold = new Map<string, { calls: number; readonly perMinute: number }>();

  function heard(payload: string): void {
    const [from, ...lines] = payload.split('\n');
    if (from === node) return;
    for (const line of lines) {
      const [clientId, purpose, perMinute, calls] = line.split(' ');
      buckets.takeOff(`${clientId} ${purpose}`, Number(perMinute), Number(calls));
    }
  }

  async function tell(): Promise<void> {
    const lines = [...untold].map(([holder, { perMinute, calls }]) => `${holder} ${perMinute} ${calls}`);
    untold = new Map();
    try {
      for (let at = 0; at < lines.length; at += LINES_PER_NOTIFICATION) {
        await notify(db, CHANNEL, [node, ...lines.slice(at, at + LINES_PER_NOTIFICATION)].join('\n'));
      }
    } catch (fault) {
      log.warn({ err: fault }, 'other nodes could not be told of calls');
    }
  }

  const stopListening = isAlone
    ? undefined
    : await database.listen(CHANNEL, { onNotify: heard, onLost: () => {}, onRestored: () => {} });
  const timer = isAlone ? undefined : setInterval(() => void tell(), TELL_EVERY_MS).unref();

  return {
    count({ clientId, purpose, callsPerMinute: perMinute }) {
      if (perMinute === undefined) return;
      const holder = `${clientId} ${purpose}`;
      const retryAfterSeconds = buckets.take(holder, perMinute);
      if (retryAfterSeconds > 0) {
        throw new HubError('HUB_HABILITATION_VOLUME_EXCEEDED', {
          extensions: { limit: 'callsPerMinute', limitValue: perMinute, retryAfterSeconds },
        });
      }
      if (isAlone) return;
      const known = untold.get(holder);
      if (known) known.calls += 1;
      else untold.set(holder, { calls: 1, perMinute });
    },
    tell,
    async close() {
      clearInterval(timer);
      await stopListening?.();
    },
  };
}
