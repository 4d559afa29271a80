import { LRUCache } from 'lru-cache';
import type { PurposeName } from '../../../schema/purposes.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ClientId, SubjectKey } from '../../platform/ids.ts';
import type { OpenConsents } from './consent.ts';

/** What is open for one (subject, service, purpose), remembered until it changes or its first consent ends. */
export interface OpenConsentsCache {
  get(subject: SubjectKey, clientId: ClientId, purpose: PurposeName): OpenConsents | Promise<OpenConsents>;
  /** After this returns nothing that was read before it is answered any more, reads under way included. */
  forget(subject: SubjectKey, clientId: ClientId, purpose: PurposeName): void;
  forgetAll(): void;
  /** Remember nothing and forget all, until resumed. */
  suspend(): void;
  resume(): void;
}

/** About 300 bytes each, 60 MB when full: 50 requests a second of people who have not asked for an hour. */
const MAX_ENTRIES = 200_000;

interface Reading {
  readonly promise: Promise<OpenConsents>;
}

export function createOpenConsentsCache(options: {
  readonly clock: Clock;
  readonly load: (subject: SubjectKey, clientId: ClientId, purpose: PurposeName) => Promise<OpenConsents>;
}): OpenConsentsCache {
  const known = new LRUCache<string, OpenConsents>({ max: MAX_ENTRIES });
  /** Reads under way, shared by those who ask meanwhile; a read that is no longer here when it ends is not remembered. */
  const readings = new Map<string, Reading>();
  let suspended = false;

  function read(key: string, subject: SubjectKey, clientId: ClientId, purpose: PurposeName): Promise<OpenConsents> {
    const reading: Reading = {
      promise: options
        .load(subject, clientId, purpose)
        .then((open) => {
          if (readings.get(key) === reading) known.set(key, open);
          return open;
        })
        .finally(() => {
          if (readings.get(key) === reading) readings.delete(key);
        }),
    };
    if (!suspended) readings.set(key, reading);
    return reading.promise;
  }

  function forgetAll(): void {
    known.clear();
    readings.clear();
  }

  return {
    get(subject, clientId, purpose) {
      const key = keyOf(subject, clientId, purpose);
      const open = known.get(key);
      if (open !== undefined && options.clock() < open.validUntilMs) return open;
      return readings.get(key)?.promise ?? read(key, subject, clientId, purpose);
    },
    forget(subject, clientId, purpose) {
      const key = keyOf(subject, clientId, purpose);
      known.delete(key);
      readings.delete(key);
    },
    forgetAll,
    suspend() {
      suspended = true;
      forgetAll();
    },
    resume() {
      forgetAll();
      suspended = false;
    },
  };
}

function keyOf(subject: SubjectKey, clientId: ClientId, purpose: PurposeName): string {
  return `${subject}\n${clientId}\n${purpose}`;
}
