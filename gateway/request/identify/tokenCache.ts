import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import { CLOCK_TOLERANCE_SECONDS, KEYS_MAX_AGE_MS, MAX_TOKEN_LENGTH, type VerifiedBearer } from './verifyToken.ts';

/** What is added to the token's own length: the objects read from it, by measurement about 2 kB. */
const ENTRY_BYTES = 2048;

export interface TokenCacheOptions<Token extends VerifiedBearer, Entry> {
  /** Memory for verified tokens. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly verify: (token: string) => Promise<Token>;
  /** What is kept beside a verified token, made once. */
  readonly toEntry: (token: Token) => Entry;
}

interface Kept<Entry> {
  readonly token: VerifiedBearer;
  readonly entry: Entry;
  readonly verifiedAtMs: number;
}

/**
 * Remembers verified tokens, since one signature check (100-290 us) costs more than the rest of a request and a hit 1 us. The key
 * is the whole token, so that nothing that was not verified to the last character is ever answered from here. Every hit checks
 * the token's times anew, and none is older than the issuer's key set may be: a key that was rotated out ends its tokens.
 * One verification under way is shared by all who present that token. Failures are not kept.
 */
export function createTokenCache<Token extends VerifiedBearer, Entry>({
  maxBytes,
  clock,
  verify,
  toEntry,
}: TokenCacheOptions<Token, Entry>): (token: string) => Entry | Promise<Entry> {
  const cache = new LRUCache<string, Kept<Entry>>({
    maxSize: maxBytes,
    sizeCalculation: (_kept, token) => token.length + ENTRY_BYTES,
  });
  const underWay = new Map<string, Promise<Entry>>();

  return (token) => {
    // Before anything is done with it: even a lookup hashes every character.
    if (token.length > MAX_TOKEN_LENGTH) throw new HubError('HUB_TOKEN_INVALID', { detail: 'too long' });
    const kept = cache.get(token);
    if (kept !== undefined) {
      const nowMs = clock();
      requireInForce(kept.token, nowMs);
      if (nowMs - kept.verifiedAtMs < KEYS_MAX_AGE_MS) return kept.entry;
    }
    return underWay.get(token) ?? start(token);
  };

  function start(token: string): Promise<Entry> {
    const verifiedAtMs = clock();
    const running = verify(token)
      .then((verified) => {
        const entry = toEntry(verified);
        cache.set(token, { token: verified, entry, verifiedAtMs });
        return entry;
      })
      .catch((fault: unknown) => {
        cache.delete(token);
        throw fault;
      })
      .finally(() => underWay.delete(token));
    underWay.set(token, running);
    return running;
  }
}

function requireInForce({ expiresAtMs, notBeforeMs }: VerifiedBearer, nowMs: number): void {
  const toleranceMs = CLOCK_TOLERANCE_SECONDS * 1000;
  if (expiresAtMs <= nowMs - toleranceMs) throw new HubError('HUB_TOKEN_EXPIRED');
  if (notBeforeMs > nowMs + toleranceMs) throw new HubError('HUB_TOKEN_INVALID', { detail: 'nbf' });
}
