import { LRUCache } from 'lru-cache';
import { expandScopes, type ScopeName } from '../../../schema/scopes.ts';
import type { Clock } from '../../platform/clock.ts';
import { openChangeFeed } from '../../platform/database/changeFeed.ts';
import type { Database, Kysely } from '../../platform/database/database.ts';
import { HubError } from '../../platform/errors.ts';
import { createWatchers } from '../../platform/watchers.ts';
import { type ClientId, type SubjectKey, createConsentId } from '../../platform/ids.ts';
import type { Consent, ConsentLedger, GiveConsent, OpenConsents } from './consent.ts';
import { foldConsents, openScopes } from './consentState.ts';
import { appendEvent, readEvents, readEventsOf } from './consentStore.ts';
import type { ConsentTables } from './consentTables.ts';
import { createLinkActs } from './linkActs.ts';
import { lockEntries, needsNotice } from './noticeStore.ts';
import { createOpenConsentsCache } from './openConsentsCache.ts';
import { createRequestActs, subjectOf } from './requestActs.ts';

/** Some consent of a person to that service for that purpose has changed. */
export interface ConsentChange {
  readonly clientId: ClientId;
  readonly purpose: string;
}

export interface RunningConsentLedger extends ConsentLedger {
  /**
   * Informs the subject, once, of what the law lets a service read (CRPA L114-8). Writes nothing, and resolves to undefined, when a living notice says as
   * much already or the subject has objected. Two at once write one.
   */
  giveNotice(input: Omit<GiveConsent, 'kind'>): Promise<Consent | undefined>;
  /**
   * Grows with every change that this node has heard of. What was decided under an older number may not be decided so now: before each fetch, when it
   * has grown, ask `openConsents` again and compare `scopes` by identity.
   */
  version(): number;
  /** Whether this node may answer; one whose lease has ended refuses, since changes may have passed it by. Ask before each fetch. */
  holdsLease(): boolean;
  /** Calls the listener with each change about that person, on whatever node it was made; with undefined when some may have been missed. Returns what ends it. */
  watch(subject: SubjectKey, listener: (change: ConsentChange | undefined) => void): () => void;
  close(): Promise<void>;
}

/** A ledger that takes longer than this is taken for one that does not answer. */
const TIMEOUT_MS = 5_000;
/** Different sets of scopes worth remembering as one object; a habilitation has a handful. */
const MAX_SCOPE_SETS = 10_000;

/**
 * The consent ledger: append-only rows, answered from memory where that is safe. A change empties the entry it concerns before its promise resolves on
 * this node, and on others by NOTIFY from the same transaction; while notifications may be missed nothing is answered from memory. Rejects when the
 * database does not answer.
 */
export async function createConsentLedger(options: {
  readonly database: Pick<Database, 'listen' | 'kind'>;
  readonly db: Kysely<ConsentTables>;
  readonly clock: Clock;
}): Promise<RunningConsentLedger> {
  const { db, clock } = options;
  const intern = createInterner();
  let version = 0;
  const watchers = createWatchers<SubjectKey, ConsentChange>();

  const cache = createOpenConsentsCache({
    clock,
    async load(subject, clientId, purpose) {
      const events = await answering(readEvents(db, subject, { clientId, purpose }));
      const { scopes, ...others } = openScopes(foldConsents(events, clock()));
      return { ...intern(scopes), ...others };
    },
  });

  function changed(about: string): void {
    version += 1;
    const [subject, clientId, purpose] = about.split('\n');
    cache.forget(subject as SubjectKey, clientId as ClientId, purpose!);
    watchers.tell(subject as SubjectKey, { clientId: clientId as ClientId, purpose: purpose! });
  }

  const feed = await openChangeFeed({
    database: options.database,
    db: db as unknown as Kysely<never>,
    topic: 'consent',
    listener: {
      forget: changed,
      forgetAll() {
        version += 1;
        cache.forgetAll();
        watchers.tellAll();
      },
      suspend() {
        version += 1;
        cache.suspend();
      },
      resume() {
        version += 1;
        cache.resume();
        watchers.tellAll();
      },
    },
  });

  /**
   * Writes and tells everybody, this node first; in doubt (no answer to the commit) the entry is forgotten too. What closes something resolves when no
   * node can answer with what was open before.
   */
  async function write<Result>(
    about: string,
    act: (transaction: Kysely<ConsentTables>) => Promise<Result>,
    does: 'opens' | 'closes' = 'opens',
  ): Promise<Result> {
    const written = db.transaction().execute(async (transaction) => {
      const result = await act(transaction);
      const told = transaction as unknown as Kysely<never>;
      if (does === 'closes') return { result, change: await feed.announce(told, about) };
      await feed.tell(told, about);
      return { result, change: undefined };
    });
    const { result, change } = await answering(written).finally(() => changed(about));
    if (change !== undefined) await feed.settle(change);
    return result;
  }

  return {
    openConsents(subject, clientId, purpose) {
      if (!feed.holdsLease()) throw new HubError('HUB_LEDGER_UNAVAILABLE', { detail: 'this node has no lease' });
      return cache.get(subject, clientId, purpose);
    },

    async listConsents(subject) {
      return foldConsents(await answering(readEvents(db, subject)), clock());
    },

    async giveConsent(input) {
      const scopes = [...expandScopes(input.scopes)].sort();
      const consent = { ...input, scopes, id: createConsentId() };
      const event = { type: 'GIVEN', at: new Date(clock()).toISOString(), consent } as const;
      await write(subjectOf(consent), (transaction) => appendEvent(transaction, event));
      return foldConsents([event], clock())[0]!;
    },

    async giveNotice(input) {
      const scopes = [...expandScopes(input.scopes)].sort();
      // Nearly always it has been given: nothing is locked and nobody told for that.
      if (!(await answering(needsNotice(db, input, scopes, clock())))) return undefined;
      return write(subjectOf(input), async (transaction) => {
        await lockEntries(transaction, subjectOf(input));
        if (!(await needsNotice(transaction, input, scopes, clock()))) return undefined;
        const consent = { ...input, kind: 'NOTICE', scopes, id: createConsentId() } as const;
        const event = { type: 'GIVEN', at: new Date(clock()).toISOString(), consent } as const;
        await appendEvent(transaction, event);
        return foldConsents([event], clock())[0]!;
      });
    },

    async withdrawConsent(subject, id) {
      const [consent] = foldConsents(await answering(readEventsOf(db, subject, id)), clock());
      if (consent === undefined) return undefined;
      // Ended by somebody a moment ago: this answer, too, comes when every node knows.
      if (consent.status !== 'ACTIVE') return write(subjectOf(consent), () => Promise.resolve(consent), 'closes');
      const withdraw = async (transaction: Kysely<ConsentTables>) => {
        const events = await readEventsOf(transaction, subject, id);
        const type = consent.kind === 'NOTICE' ? ('OBJECTED' as const) : ('WITHDRAWN' as const);
        const event = { type, at: new Date(clock()).toISOString(), consent };
        // Two withdrawals at once leave two rows; the first to be read ended it, the second changes nothing.
        await appendEvent(transaction, event);
        return foldConsents([...events, event], clock())[0]!;
      };
      return write(subjectOf(consent), withdraw, 'closes');
    },

    ...createRequestActs({ db, clock, write, answering }),
    ...createLinkActs({ db, clock, write, answering }),

    version: () => version,
    holdsLease: feed.holdsLease,
    watch: watchers.watch,
    close: feed.close,
  };
}

/** Fail closed: whatever keeps the ledger from answering, and silence too, is HUB_LEDGER_UNAVAILABLE. */
async function answering<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, silence]);
  } catch (cause) {
    throw cause instanceof HubError ? cause : new HubError('HUB_LEDGER_UNAVAILABLE', { cause });
  } finally {
    clearTimeout(timer);
  }
}

function createInterner(): (scopes: readonly ScopeName[]) => Pick<OpenConsents, 'scopes' | 'key'> {
  const sets = new LRUCache<string, Pick<OpenConsents, 'scopes' | 'key'>>({ max: MAX_SCOPE_SETS });
  return (scopes) => {
    const key = scopes.join(' ');
    const known = sets.get(key) ?? { scopes: new Set(scopes), key };
    sets.set(key, known);
    return known;
  };
}
