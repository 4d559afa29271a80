import type { Clock } from './agencyModule.ts';
import { isEcJwk, shortThumbprint, type EcJwk } from './grantKeys.ts';

/** The hub's public keys, by thumbprint (shortThumbprint). */
export interface HubKeys {
  /** Throws when the keys cannot be had at all: that is a failure, not a refusal of the grant. */
  find(thumbprint: string): Promise<EcJwk | undefined>;
}

/** Keys known beforehand: under `npm start` hub and agencies live in one process. */
export function fixedHubKeys(keys: readonly EcJwk[]): HubKeys {
  const byThumbprint = indexed(keys);
  return { find: (thumbprint) => Promise.resolve(byThumbprint.get(thumbprint)) };
}

export interface RemoteHubKeysOptions {
  /** The hub's `/.well-known/jwks.json`. */
  readonly url: string;
  readonly clock: Clock;
  /** How long a set is used before it is fetched anew, so that a withdrawn key goes out of use, ms [600000]. */
  readonly maxAgeMs?: number;
  /** Least time between two fetches, however many unknown keys are named, ms [10000]. */
  readonly cooldownMs?: number;
  /** Time for one fetch, ms [2000]. */
  readonly timeoutMs?: number;
}

/** The hub's keys from its address: cached, refetched for an unknown key at most once per cooldown, one fetch at a time. */
export function createRemoteHubKeys(options: RemoteHubKeysOptions): HubKeys {
  const { url, clock, maxAgeMs = 600_000, cooldownMs = 10_000, timeoutMs = 2_000 } = options;
  let known: ReadonlyMap<string, EcJwk> | undefined;
  let fetchedAtMs = Number.NEGATIVE_INFINITY;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | undefined;

  const refresh = async (): Promise<void> => {
    triedAtMs = clock();
    known = indexed(await fetchKeys(url, timeoutMs));
    fetchedAtMs = clock();
  };

  return {
    async find(thumbprint) {
      const stale = clock() - fetchedAtMs > maxAgeMs;
      const wanted = stale || !known?.has(thumbprint);
      if (wanted && (fetching || clock() - triedAtMs >= cooldownMs)) {
        fetching ??= refresh().finally(() => (fetching = undefined));
        await fetching;
      }
      if (!known || clock() - fetchedAtMs > maxAgeMs) throw new Error(`the hub's keys cannot be had from ${url}`);
      return known.get(thumbprint);
    },
  };
}

const MAX_JWKS_CHARACTERS = 65_536;

async function fetchKeys(url: string, timeoutMs: number): Promise<readonly EcJwk[]> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  const text = await response.text();
  if (!response.ok || text.length > MAX_JWKS_CHARACTERS) throw new Error(`the hub's keys: status ${response.status}`);
  const { keys } = JSON.parse(text) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error("the hub's keys: not a JWKS");
  return keys.filter(isEcJwk);
}

function indexed(keys: readonly EcJwk[]): ReadonlyMap<string, EcJwk> {
  // A key that signs (receipts, tokens) agrees on nothing.
  const forExchange = keys.filter((key) => (key as { use?: string }).use !== 'sig');
  return new Map(forExchange.map((key) => [shortThumbprint(key), key]));
}
