import { setTimeout as pause } from 'node:timers/promises';
import { type DeclarationEvent, DECLARATION_TTL_SECONDS } from '../../../schema/declaration.ts';
import type { AgencyKeys } from '../../platform/agencyKeys.ts';
import { pauseAfter } from '../../platform/backoff.ts';
import type { Clock } from '../../platform/clock.ts';
import { SET_ASIDE, type TakenJob } from '../../platform/database/jobQueue.ts';
import type { AgencyMessages, DeclarationSealer } from '../../platform/declarationSeal.ts';
import type { AgencyId } from '../../platform/ids.ts';
import type { Log } from '../../platform/log.ts';
import { createRests } from '../../platform/rests.ts';
import type { Attempt } from './attemptStore.ts';
import type { MoveRecipients } from './moveMessages.ts';
import type { Deliveries } from './moveRegister.ts';
import { postToInbox } from './postToInbox.ts';

/** The source of every event of this hub: with the event's id, what recipients know it by. */
export const EVENT_SOURCE = 'urn:trait-dunion:hub';

export interface DelivererOptions {
  readonly deliveries: Deliveries;
  readonly recipients: MoveRecipients;
  /** Origin of each agency's graph, as of now: `http://127.0.0.1:4102`. */
  readonly originOf: (agency: AgencyId) => string | undefined;
  readonly agencyKeys: Pick<AgencyKeys, 'find' | 'reread'>;
  readonly seal: DeclarationSealer;
  readonly messages: Pick<AgencyMessages, 'openStatus'>;
  readonly clock: Clock;
  readonly log: Log;
  /** How long an inbox may take, ms. */
  readonly timeoutMs: number;
  /** The first pause after an agency did not answer, ms; each is twice the one before, with jitter. */
  readonly retryMs: number;
}

export interface Deliverer {
  /** Takes no more jobs, and resolves when those under way have ended, or been left to time out. */
  close(): Promise<void>;
}

/** Messages on their way to one agency at a time, from this node. */
const BATCH = 16;
/** Whatever no notification has told is found after that time. */
const POLL_MS = 1_000;
const CLOSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;

type Outcome = 'delivered' | 'unreachable' | 'refused';

/**
 * Carries events to the inboxes: a loop for each agency, so that one which is down, slow or paused never delays another. An agency that does not answer is
 * left alone for growing pauses, and then asked with one message, not with all that wait.
 */
export function startDeliverer(options: DelivererOptions): Deliverer {
  const { deliveries, recipients } = options;
  const rests = createRests();
  const stopListening = deliveries.onQueued(() => rests.wake());
  const deliver = createDeliver(options);
  const pauses = { firstMs: options.retryMs, longestMs: LONGEST_PAUSE_MS };

  async function carry(agency: AgencyId): Promise<void> {
    let failures = 0;
    while (!rests.isOver) {
      const jobs = await take(agency, failures === 0 ? BATCH : 1);
      if (jobs.length === 0) {
        await rests.rest(POLL_MS, true);
        continue;
      }
      const outcomes = await Promise.all(jobs.map((job) => deliver(agency, job)));
      failures = outcomes.some((outcome) => outcome !== 'unreachable') ? 0 : failures + 1;
      if (failures > 0) await rests.rest(pauseAfter(failures, pauses), false);
    }
  }

  async function take(agency: AgencyId, atMost: number): Promise<readonly TakenJob[]> {
    try {
      return (await deliveries.isPaused(agency)) ? [] : await deliveries.jobs.take(agency, atMost);
    } catch {
      return [];
    }
  }

  /** What no attempt has brought to its recipient, for an operator to see to. */
  async function tellSetAside(): Promise<void> {
    while (!rests.isOver) {
      const jobs = await deliveries.jobs.take(SET_ASIDE, BATCH).catch(() => []);
      for (const { id, data } of jobs) {
        try {
          await deliveries.setAside(data['event']!);
          await deliveries.jobs.complete(SET_ASIDE, [id]);
        } catch (fault) {
          options.log.warn(
            { detail: (fault as Error).name },
            'moves: an event set aside could not be noted, tried again',
          );
        }
      }
      if (jobs.length === 0) await rests.rest(5 * POLL_MS, false);
    }
  }

  const pushed = [...recipients].filter(([, { delivery }]) => delivery === 'push').map(([agency]) => agency);
  const running = [...pushed.map(carry), tellSetAside()];

  return {
    async close() {
      stopListening();
      rests.end();
      // What an inbox keeps waiting is left to its own time: another node, or the next start, tries it again.
      await Promise.race([Promise.all(running), pause(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

function createDeliver(options: DelivererOptions): (agency: AgencyId, job: TakenJob) => Promise<Outcome> {
  const { deliveries, clock, log, timeoutMs } = options;
  const ttlSeconds = Math.min(DECLARATION_TTL_SECONDS, Math.ceil(timeoutMs / 1000) + 1);

  return async (agency, { id, data }) => {
    try {
      // What is sealed at the end of one second is taken until the end of the next: one more, for its beginning is rounded down.
      const attempt = await deliveries.begin(data['event']!, clock() + (ttlSeconds + 1) * 1000);
      if (attempt === undefined) {
        await deliveries.jobs.complete(agency, [id]);
        return 'delivered';
      }
      const outcome = await attemptOnce(attempt, options, ttlSeconds);
      await deliveries.end(attempt.eventId);
      // What was delivered has ended with the status that was noted.
      await (outcome === 'delivered' ? deliveries.jobs.release(agency, [id]) : deliveries.jobs.fail(agency, [id]));
      return outcome;
    } catch (fault) {
      // The database does not answer: the job's time ends by itself, and it is tried again.
      log.warn({ agency, detail: (fault as Error).name }, 'moves: a delivery could not be noted, tried again');
      return 'unreachable';
    }
  };
}

async function attemptOnce(attempt: Attempt, options: DelivererOptions, ttlSeconds: number): Promise<Outcome> {
  const { agency, eventId } = attempt;
  const { deliveries, recipients, originOf, agencyKeys, log, clock } = options;
  const origin = originOf(agency);
  const agencyKey = agencyKeys.find(agency);
  const taken = recipients.get(agency);
  if (origin === undefined || agencyKey === undefined || taken === undefined) return 'unreachable';

  const event = toCloudEvent(attempt);
  const atSeconds = clock() / 1000;
  const sealed = options.seal({ agency, agencyKey, event, content: attempt.content, atSeconds, ttlSeconds });
  const answer = await postToInbox(origin + taken.inboxPath, { event, sealed, timeoutMs: options.timeoutMs });
  if (answer.outcome !== 'answered') {
    // Perhaps it has another key by now, which the next attempt seals to.
    if (answer.outcome === 'refused') await agencyKeys.reread(agency);
    log.warn({ agency, event: eventId, detail: answer.detail }, 'moves: not delivered, tried again');
    return answer.outcome;
  }
  const message = options.messages.openStatus(answer.sealed, { agency, agencyKey, atSeconds: clock() / 1000 });
  const own = message?.statuses.filter((status) => status.event === eventId) ?? [];
  if (own.length === 0) {
    log.warn({ agency, event: eventId, detail: 'answer not its own' }, 'moves: not delivered, tried again');
    return 'refused';
  }
  await deliveries.record(agency, own);
  return 'delivered';
}

/** The attributes under which an event travels, the same at each attempt. */
export function toCloudEvent({ eventId, type, delivery, at, sequence }: Attempt): DeclarationEvent {
  return {
    specversion: '1.0',
    id: eventId,
    source: EVENT_SOURCE,
    type,
    subject: delivery,
    time: at,
    sequence: String(sequence).padStart(12, '0'),
  };
}
