import type { TakenDeclaration } from '../../../schema/agencyManifest.ts';
import { MOVE_CANCELLED, type StatusOfEvent } from '../../../schema/declaration.ts';
import type { AgencyDatabase, AgencyDefinition, Clock } from '../agencyModule.ts';
import type { AuthorityOptions } from '../authority.ts';
import { createDayKeys } from '../dayKeys.ts';
import { describeDefect, type KitLog } from '../log.ts';
import { openKitTables } from '../openTables.ts';
import { applyDeclaration } from './applyDeclaration.ts';
import type { DeclarationHandler, DeclarationOutcome } from './handler.ts';
import { createEraser } from './erase.ts';
import { createHubLine } from './hubLine.ts';
import { createInboxStore, type NewStatus } from './inboxStore.ts';
import { findMovers } from './movers.ts';
import { createDeclarationOpener, type DeclarationRefusal, type OpenedDeclaration } from './openDeclaration.ts';
import { createPuller } from './pull.ts';
import { repeat } from './repeat.ts';
import { createTeller } from './tell.ts';

export interface InboxOptions extends Pick<AgencyDefinition, 'findPersons' | 'matches'> {
  readonly agency: string;
  readonly takes: TakenDeclaration;
  readonly handler: DeclarationHandler;
  readonly database: AgencyDatabase;
  readonly authority: AuthorityOptions;
  readonly clock: Clock;
  readonly log: KitLog;
  /** Origin of the hub; undefined while it is not known yet. */
  readonly hubOrigin: () => string | undefined;
  /** Pause between two pulls, ms [5000]. */
  readonly pullEveryMs?: number;
}

/** Takes what citizens declare once, and tells the hub what became of it. */
export interface Inbox {
  /** Where messages are posted; undefined for an agency that pulls. */
  readonly path: string | undefined;
  /** Answers a message: the sealed statuses, or nothing with 401 (refused) or 503 (later). Never rejects. */
  receive(sealed: string, attributes: Readonly<Record<string, unknown>>): Promise<InboxAnswer>;
  /** Tells the hub now what it has not been told, erases what is due, and pulls, where the agency pulls: for tests, which have no time. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

export interface InboxAnswer {
  /** HTTP status. */
  readonly status: 200 | 401 | 503;
  readonly body: string;
}

/** The time in which the agency's file answers who somebody is, ms. */
const FIND_TIMEOUT_MS = 10_000;

/** Opens the inbox on tables of its own in the agency's schema, and goes on with what a process before it left. */
export async function openInbox(options: InboxOptions): Promise<Inbox> {
  const { agency, takes, handler, database, clock, log } = options;
  const { ownKeys, hubKeys } = options.authority;
  await openKitTables(database, import.meta.url, 'inbox');
  const store = createInboxStore(database);
  const dayKeys = createDayKeys(ownKeys, hubKeys);
  const open = createDeclarationOpener({ agency, takes, dayKeys, hubKeys, clock });
  const line = createHubLine({ agency, ownKeys, hubKeys, dayKeys, clock, hubOrigin: options.hubOrigin });

  const telling = repeat(createTeller({ store, line, clock, log }), clock);
  const pulls = takes.delivery === 'pull';
  const everyMs = options.pullEveryMs ?? 5_000;
  const pulling = pulls ? repeat(createPuller({ store, line, open, take, clock, log, everyMs }), clock) : undefined;
  const erasing = repeat(createEraser({ store, clock, log }), clock);
  telling.wake();
  pulling?.wake();
  erasing.wake();

  /**
   * Applies an event that was not received before, and keeps what was said of it, in one transaction: a process that ends in the middle leaves nothing, one
   * that ends afterwards answers the same when the message comes again. `pulled`: nobody waits for the answer, and the cursor moves on with it.
   */
  async function take(
    opened: OpenedDeclaration,
    { pulled }: { readonly pulled: boolean },
  ): Promise<readonly StatusOfEvent[] | DeclarationRefusal> {
    const { event, data, digest } = opened;
    const now = new Date(clock()).toISOString();
    const scope = { clock, log, signal: AbortSignal.timeout(FIND_TIMEOUT_MS) };
    const known = await store.find({ source: event.source, id: event.id }, now);
    // Before the transaction: the agency's file is read by its own way, which an embedded database could not serve inside it.
    const movers = known || event.type === MOVE_CANCELLED ? undefined : await findMovers(options, data, scope);

    const statuses = await store.about(event.subject, async (inbox) => {
      if (pulled) await inbox.moveCursor(event.sequence);
      if (!(await inbox.write(opened, now))) {
        const before = (await inbox.find({ source: event.source, id: event.id }, now))!;
        return before.digest === digest ? before.statuses : 'OTHER_CONTENT';
      }
      const overtaken = await inbox.isOvertaken(opened);
      if (!overtaken) await inbox.dropLaterStatuses(event.subject, now);
      const powers = { database: inbox.transaction, clock };
      const outcome: DeclarationOutcome = overtaken
        ? { status: 'RECEIVED' }
        : await applyDeclaration(opened, movers, { handler, takes, powers });
      const said = statusesOf(event.id, outcome, now, pulled);
      await inbox.say(event.source, said, now);
      log.info({ event: event.id, type: event.type, status: outcome.status, overtaken }, 'declaration taken');
      return said.filter(({ at }) => at <= now);
    });
    telling.wake();
    return statuses;
  }

  return {
    path: pulls ? undefined : takes.inboxPath,
    async receive(sealed, attributes) {
      try {
        const opened = await open(sealed, attributes);
        if (opened.refused !== undefined) return refuse(opened.refused);
        const taken = await take(opened, { pulled: false });
        if (typeof taken === 'string') return refuse(taken);
        const statuses = taken.map(({ event, status, reason, at }) => ({
          event,
          status,
          ...(reason && { reason }),
          at,
        }));
        return { status: 200, body: await line.sealStatuses(statuses, opened.kid) };
      } catch (thrown) {
        log.error(describeDefect(thrown), 'a declaration could not be taken');
        return { status: 503, body: '' };
      }
    },
    async catchUp() {
      await pulling?.runNow();
      await telling.runNow();
      await erasing.runNow();
    },
    async close() {
      await Promise.all([telling.stop(), pulling?.stop(), erasing.stop()]);
    },
  };

  function refuse(refused: DeclarationRefusal): InboxAnswer {
    log.warn({ refused }, 'declaration refused');
    return { status: 401, body: '' };
  }
}

/** The first is told in the answer, unless nobody waits for one; what follows by itself waits for its time. */
function statusesOf(event: string, outcome: DeclarationOutcome, now: string, pulled: boolean): readonly NewStatus[] {
  const reason = 'reason' in outcome ? outcome.reason : undefined;
  const first: NewStatus = { event, status: outcome.status, ...(reason && { reason }), at: now, told: !pulled };
  const later = 'later' in outcome ? outcome.later : undefined;
  return later ? [first, { event, status: later.status, at: later.at, told: false }] : [first];
}
