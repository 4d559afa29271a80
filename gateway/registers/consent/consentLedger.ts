import { LRUCache } from 'lru-cache';
import { expandScopes, type ScopeName } from '../../../schema/scopes.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, type Kysely, notify } from '../../platform/database/database.ts';
import { HubError } from '../../platform/errors.ts';
import { type ClientId, type SubjectKey, createConsentId } from '../../platform/ids.ts';
import type { Consent, ConsentLedger, GiveConsent, OpenConsents } from './consent.ts';
import { foldConsents, openScopes } from './consentState.ts';
import { appendEvent, readEvents, readEventsOf } from './consentStore.ts';
import type { ConsentTables } from './consentTables.ts';
import { lockEntries, needsNotice } from './noticeStore.ts';
import { createOpenConsentsCache } from './openConsentsCache.ts';
import { createRequestActs, subjectOf } from './requestActs.ts';

export interface RunningConsentLedger extends ConsentLedger {
  /**
   * Informs the subject, once, of what the law lets a service read (CRPA L114-8). Writes nothing, and resolves to undefined, when a living notice says as
   * much already or the subject has objected. Two at once write one.
   */
  giveNotice(input: Omit<GiveConsent, 'kind'>): Promise<Consent | undefined>;
  /** Grows with every change that this node has heard of. What was decided under an older number may not be decided so now. */
  version(): number;
  close(): Promise<void>;
}

const CHANNEL = 'consent_changed';
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
  readonly database: Pick<Database, 'listen'>;
  readonly db: Kysely<ConsentTables>;
  readonly clock: Clock;
}): Promise<RunningConsentLedger> {
  const { db, clock } = options;
  const intern = createInterner();
  let version = 0;

  const cache = createOpenConsentsCache({
    clock,
    async load(subject, clientId, purpose) {
      const events = await answering(readEvents(db, subject, { clientId, purpose }));
      const { scopes, validUntilMs } = openScopes(foldConsents(events, clock()));
      return { ...intern(scopes), validUntilMs };
    },
  });

  function changed(payload: string): void {
    version += 1;
    const [subject, clientId, purpose] = payload.split('\n');
    cache.forget(subject as SubjectKey, clientId as ClientId, purpose!);
  }

  const stopListening = await options.database.listen(CHANNEL, {
    onNotify: changed,
    onLost() {
      version += 1;
      cache.suspend();
    },
    onRestored() {
      version += 1;
      cache.resume();
    },
  });

  /** Writes and tells everybody, this node first; in doubt (no answer to the commit) the entry is forgotten too. */
  async function write<Result>(about: string, act: (transaction: Kysely<ConsentTables>) => Promise<Result>) {
    try {
      return await answering(
        db.transaction().execute(async (transaction) => {
          const result = await act(transaction);
          await notify(transaction as unknown as Kysely<never>, CHANNEL, about);
          return result;
        }),
      );
    } finally {
      changed(about);
    }
  }

  return {
    openConsents: (subject, clientId, purpose) => cache.get(subject, clientId, purpose),

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
      if (consent?.status !== 'ACTIVE') return consent;
      return write(subjectOf(consent), async (transaction) => {
        const events = await readEventsOf(transaction, subject, id);
        const type = consent.kind === 'NOTICE' ? ('OBJECTED' as const) : ('WITHDRAWN' as const);
        const event = { type, at: new Date(clock()).toISOString(), consent };
        // Two withdrawals at once leave two rows; the first to be read ended it, the second changes nothing.
        await appendEvent(transaction, event);
        return foldConsents([...events, event], clock())[0]!;
      });
    },

    ...createRequestActs({ db, clock, write, answering }),

    version: () => version,
    close: stopListening,
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
