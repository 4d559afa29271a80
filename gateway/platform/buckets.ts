import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';

/** Buckets of so many a minute, one for each holder, filled evenly: a minute's worth may be taken at once, and over time no more than that. */
export interface Buckets {
  /** Takes one. 0 when there was one; else nothing is taken, and it is the seconds (1 or more) until there is. */
  take(holder: string, perMinute: number): number;
  /** Takes what has been used elsewhere already; that may leave less than nothing, which is filled up first. */
  takeOff(holder: string, perMinute: number, count: number): void;
}

interface Bucket {
  left: number;
  filledAtMs: number;
}

/** `maxHolders` are remembered; whoever is forgotten begins with a full bucket. */
export function createBuckets({ maxHolders, clock }: { readonly maxHolders: number; readonly clock: Clock }): Buckets {
  const buckets = new LRUCache<string, Bucket>({ max: maxHolders });

  function filled(holder: string, perMinute: number): Bucket {
    const nowMs = clock();
    const bucket = buckets.get(holder) ?? { left: perMinute, filledAtMs: nowMs };
    bucket.left = Math.min(perMinute, bucket.left + (Math.max(0, nowMs - bucket.filledAtMs) * perMinute) / 60_000);
    bucket.filledAtMs = nowMs;
    buckets.set(holder, bucket);
    return bucket;
  }

  return {
    take(holder, perMinute) {
      const bucket = filled(holder, perMinute);
      if (bucket.left < 1) return Math.ceil(((1 - bucket.left) * 60) / perMinute);
      bucket.left -= 1;
      return 0;
    },
    takeOff(holder, perMinute, count) {
      filled(holder, perMinute).left -= count;
    },
  };
}
