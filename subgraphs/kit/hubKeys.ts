import type { Clock } from './agencyModule.ts';
import { isEcJwk, shortThumbprint, thumbprint, type EcJwk } from './grantKeys.ts';

/** The hub's public keys. Every method throws when they cannot be had at all: that is a failure, not a refusal of what was sent. */
export interface HubKeys {
  /** The key to agree on keys with, by shortThumbprint. */
  find(shortName: string): Promise<EcJwk | undefined>;
  /** The key that signs (`use: sig`), by its whole thumbprint. */
  findSigning(name: string): Promise<EcJwk | undefined>;
  /** The key to seal to the hub with: of those published the oldest, which every node of it has. */
  sealTo(): Promise<EcJwk>;
}

/** Keys known beforehand, as a JWKS lists them, newest first: under `npm start` hub and agencies live in one process. */
export function fixedHubKeys(keys: readonly EcJwk[]): HubKeys {
  const known = indexed(keys);
  return {
    find: (shortName) => Promise.resolve(known.exchange.get(shortName)),
    findSigning: (name) => Promise.resolve(known.signing.get(name)),
    sealTo: () => Promise.resolve(oldestOf(known)),
  };
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
  let known: IndexedKeys | undefined;
  let fetchedAtMs = Number.NEGATIVE_INFINITY;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | undefined;

  const refresh = async (): Promise<void> => {
    triedAtMs = clock();
    known = indexed(await fetchKeys(url, timeoutMs));
    fetchedAtMs = clock();
  };

  /** Those in hand, read anew first when they are too old or `isMissing` one. */
  const upToDate = async (isMissing: (keys: IndexedKeys) => boolean): Promise<IndexedKeys> => {
    const wanted = clock() - fetchedAtMs > maxAgeMs || !known || isMissing(known);
    if (wanted && (fetching || clock() - triedAtMs >= cooldownMs)) {
      fetching ??= refresh().finally(() => (fetching = undefined));
      await fetching;
    }
    if (!known || clock() - fetchedAtMs > maxAgeMs) throw new Error(`the hub's keys cannot be had from ${url}`);
    return known;
  };

  return {
    find: async (shortName) => (await upToDate(({ exchange }) => !exchange.has(shortName))).exchange.get(shortName),
    findSigning: async (name) => (await upToDate(({ signing }) => !signing.has(name))).signing.get(name),
    sealTo: async () => oldestOf(await upToDate(() => false)),
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

interface IndexedKeys {
  readonly exchange: ReadonlyMap<string, EcJwk>;
  readonly signing: ReadonlyMap<string, EcJwk>;
}

/** A key that signs (receipts, declarations) agrees on nothing, nor does one that agrees sign. */
function indexed(keys: readonly EcJwk[]): IndexedKeys {
  const isSigning = (key: EcJwk): boolean => (key as { use?: string }).use === 'sig';
  return {
    exchange: new Map(keys.filter((key) => !isSigning(key)).map((key) => [shortThumbprint(key), key])),
    signing: new Map(keys.filter(isSigning).map((key) => [thumbprint(key), key])),
  };
}

function oldestOf({ exchange }: IndexedKeys): EcJwk {
  const oldest = [...exchange.values()].at(-1);
  if (!oldest) throw new Error('the hub publishes no key to seal to');
  return oldest;
}
