import { setTimeout as pause } from 'node:timers/promises';
import type { StatusOfEvent } from '../../../schema/declaration.ts';
import { type Clock, dayInParis } from '../../platform/clock.ts';
import { type Database, type Kysely, notify } from '../../platform/database/database.ts';
import type { JobQueue } from '../../platform/database/jobQueue.ts';
import { HubError } from '../../platform/errors.ts';
import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import type { Log } from '../../platform/log.ts';
import {
  type Attempt,
  beginAttempt,
  beginPull,
  endAttempt,
  findEvent,
  inFlightUntil,
  isPaused,
  recordStatus,
  replay,
  setAside,
  setPaused,
} from './attemptStore.ts';
import { adoptJobs } from './jobAdoptionStore.ts';
import { findMove, listMoves, subjectsOf } from './moveStore.ts';
import { eraseOf, eraseOverdue } from './erasureStore.ts';
import type { DeclaredMove, Move, MoveChange, MoveReference, MoveRegister } from './move.ts';
import { amendMove, cancelMove, confirmMember, declareMove } from './moveActs.ts';
import type { MoveMessage, MoveRecipients } from './moveMessages.ts';
import type { MoveTables } from './moveTables.ts';

/** The register, and what its own deliveries need of it. */
export interface RunningMoveRegister extends MoveRegister {
  readonly recipients: MoveRecipients;
  readonly messageFor: MoveMessage;
  readonly deliveries: Deliveries;
  /** Erases what has been kept long enough; returns how many declarations. There may be more. */
  eraseOverdue(): Promise<number>;
  close(): Promise<void>;
}

/** What becomes of events, for those who send them and those who say how they stand. */
export interface Deliveries {
  readonly jobs: JobQueue;
  begin(eventId: string, untilMs: number): Promise<Attempt | undefined>;
  end(eventId: string): Promise<void>;
  pull(
    agency: AgencyId,
    page: { readonly after: number; readonly limit: number; readonly untilMs: number },
  ): Promise<readonly Attempt[]>;
  /** What an agency says of its events; what is about another's is left out. */
  record(agency: AgencyId, statuses: readonly StatusOfEvent[]): Promise<void>;
  setAside(eventId: string): Promise<void>;
  isPaused(agency: AgencyId): Promise<boolean>;
  setPaused(agency: AgencyId, paused: boolean): Promise<void>;
  /** Tries again what was set aside; returns how many declarations it concerns. */
  replay(agency: AgencyId): Promise<number>;
  /** Called when there may be something to deliver, whichever node wrote it. Returns what ends it. */
  onQueued(listener: () => void): () => void;
}

export interface MoveRegisterOptions {
  readonly database: Database;
  readonly db: Kysely<MoveTables>;
  readonly jobs: JobQueue;
  readonly recipients: MoveRecipients;
  readonly messageFor: MoveMessage;
  /** Days after which what a declaration says of people is erased, counted from the last thing that happened to it. */
  readonly retentionDays: number;
  readonly clock: Clock;
  readonly log: Log;
}

const CHANGED = 'move_changed';
const ASK_AGAIN_MS = 20;

/** The register of moves on the hub's own schema. Whatever keeps the database from answering is HUB_LEDGER_UNAVAILABLE, and then nothing was declared. */
export async function openMoveRegister(options: MoveRegisterOptions): Promise<RunningMoveRegister> {
  const { database, db, jobs, recipients, clock, log } = options;
  const queues = { jobs, isPushed: (agency: AgencyId) => recipients.get(agency)?.delivery === 'push' };
  const acts = { db, queues, recipients, messageFor: options.messageFor, now: () => new Date(clock()).toISOString() };
  // Before anything can be declared: a job for a queue that is not there would be lost.
  for (const agency of recipients.keys()) if (queues.isPushed(agency)) await jobs.createQueue(agency);
  for (const agency of recipients.keys()) if (queues.isPushed(agency)) await adoptJobs(db, agency, queues);
  const erasure = {
    ...{ db, retentionDays: options.retentionDays, now: acts.now },
    today: () => dayInParis(clock()),
  };
  const changeListeners = new Set<(change: MoveChange | undefined) => void>();
  const queueListeners = new Set<() => void>();
  const tellQueued = () => queueListeners.forEach((listener) => listener());
  const stopHearingJobs = jobs.onReady(tellQueued);

  async function heardChange(reference: MoveReference): Promise<void> {
    if (changeListeners.size === 0) return;
    const subjects = await subjectsOf(db, reference);
    if (subjects.length > 0) for (const listener of changeListeners) listener({ reference, subjects });
  }
  const nothing = () => undefined;
  const stops = [
    await database.listen(CHANGED, {
      onNotify: (reference) =>
        void heardChange(reference as MoveReference).catch(() => log.warn('moves: a change could not be told')),
      onLost: nothing,
      onRestored: () => changeListeners.forEach((listener) => listener(undefined)),
    }),
  ];

  /** One transaction; who listens hears of it when it commits. */
  async function write(act: (transaction: Kysely<MoveTables>) => Promise<readonly MoveReference[]>): Promise<void> {
    try {
      await db.transaction().execute(async (transaction) => {
        const changed = await act(transaction);
        const told = transaction as unknown as Kysely<never>;
        for (const reference of changed) await notify(told, CHANGED, reference);
      });
    } catch (cause) {
      throw cause instanceof HubError ? cause : new HubError('HUB_LEDGER_UNAVAILABLE', { detail: 'moves', cause });
    }
  }

  async function change(
    act: (transaction: Kysely<MoveTables>) => Promise<MoveReference | undefined>,
  ): Promise<Move | undefined> {
    let changed: MoveReference | undefined;
    await write(async (transaction) => {
      changed = await act(transaction);
      return changed === undefined ? [] : [changed];
    });
    return changed === undefined ? undefined : answering(findMove(db, changed));
  }

  /** No attempt of what counts no more is under way any longer. */
  async function settle(reference: MoveReference): Promise<void> {
    while ((await answering(inFlightUntil(db, reference))) > clock()) await pause(ASK_AGAIN_MS);
  }

  async function record(agency: AgencyId, statuses: readonly StatusOfEvent[]): Promise<void> {
    const now = new Date(clock()).toISOString();
    for (const said of statuses) {
      const event = await answering(findEvent(db, said.event, agency));
      if (event === undefined) continue;
      // A recipient's clock that runs ahead would keep what it says next from counting.
      const at = said.at > now ? now : said.at;
      await write(async (transaction) => {
        await recordStatus(transaction, { ...said, at, agency, declarant: event.declarant }, queues);
        return [event.reference];
      });
    }
  }

  return {
    recipients,
    messageFor: options.messageFor,
    declare: async (move: DeclaredMove) => (await change((transaction) => declareMove(transaction, move, acts)))!,
    amend: (reference, move) => change((transaction) => amendMove(transaction, reference, move, acts)),
    async cancel(declarant, reference) {
      const cancelled = await change((transaction) => cancelMove(transaction, { declarant, reference }, acts));
      if (cancelled !== undefined) await settle(reference);
      return cancelled;
    },
    confirm: (adult, reference, accept) =>
      change((transaction) => confirmMember(transaction, { ...adult, reference, accept }, acts)),
    list: (subject: SubjectKey) => answering(listMoves(db, subject)),
    find: (reference) => answering(findMove(db, reference)),
    erase: (subject) => answering(eraseOf(subject, erasure)),
    eraseOverdue: () => answering(eraseOverdue(erasure)),
    onMoveChanged: (listener) => subscribe(changeListeners, listener),
    deliveries: {
      jobs,
      begin: (eventId, untilMs) => beginAttempt(db, eventId, untilMs),
      end: (eventId) => endAttempt(db, eventId),
      pull: (agency, page) => answering(beginPull(db, agency, page)),
      record,
      setAside: (eventId) =>
        write(async (transaction) => {
          const reference = await setAside(transaction, eventId, acts.now(), queues);
          return reference === undefined ? [] : [reference];
        }),
      isPaused: (agency) => isPaused(db, agency),
      async setPaused(agency, paused) {
        await answering(setPaused(db, agency, paused ? acts.now() : null));
        tellQueued();
      },
      async replay(agency) {
        let references: readonly MoveReference[] = [];
        await write(async (transaction) => (references = await replay(transaction, agency, acts.now(), queues)));
        return references.length;
      },
      onQueued: (listener) => subscribe(queueListeners, listener),
    },
    async close() {
      changeListeners.clear();
      queueListeners.clear();
      stopHearingJobs();
      for (const stop of stops) await stop();
    },
  };
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

async function answering<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    throw new HubError('HUB_LEDGER_UNAVAILABLE', { detail: 'moves', cause });
  }
}
