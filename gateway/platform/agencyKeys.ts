import { setTimeout } from 'node:timers/promises';
import type { AgencyId } from './ids.ts';
import type { ExchangePublicJwk } from './keys.ts';
import type { Log } from './log.ts';

/** The public exchange keys of the agencies, read from the JWKS that each publishes (RFC 7517). */
export interface AgencyKeys {
  /**
   * The agency's key, the same object until the agency publishes another one; undefined while its JWKS could not be read. Asking for a
   * missing key starts a new attempt, at most one a second.
   */
  find(agency: AgencyId): ExchangePublicJwk | undefined;
  /**
   * The agency's key after its JWKS has been read anew: for an agency that refuses what was sealed to the one in use. At most four readings a second
   * and agency; whoever asks between two waits for the next.
   */
  reread(agency: AgencyId): Promise<ExchangePublicJwk | undefined>;
  /** Reads every JWKS once; resolves when each has answered or failed. */
  refreshAll(): Promise<void>;
  close(): void;
}

export interface AgencyKeysOptions {
  /** Address of each agency's graph; its JWKS is at `/.well-known/jwks.json` of the same origin. */
  readonly urls: ReadonlyMap<AgencyId, string>;
  readonly log: Log;
  /** How often keys are read again, milliseconds [60,000]: a rotated key is used within that time. */
  readonly refreshMs?: number;
}

const TIMEOUT_MS = 2000;
const RETRY_MS = 1000;
const REREAD_MS = 250;
const MAX_JWKS_CHARACTERS = 50_000;

export function createAgencyKeys({ urls, log, refreshMs = 60_000 }: AgencyKeysOptions): AgencyKeys {
  const keys = new Map<AgencyId, ExchangePublicJwk>();
  const attemptedAtMs = new Map<AgencyId, number>();
  const underWay = new Map<AgencyId, Promise<void>>();

  /** The reading under way, or a new one. */
  function refresh(agency: AgencyId, url: string, afterMs = 0): Promise<void> {
    const reading =
      underWay.get(agency) ??
      setTimeout(Math.max(0, afterMs))
        .then(() => read(agency, url))
        .finally(() => underWay.delete(agency));
    underWay.set(agency, reading);
    return reading;
  }

  async function read(agency: AgencyId, url: string): Promise<void> {
    attemptedAtMs.set(agency, performance.now());
    try {
      const key = await readKey(new URL('/.well-known/jwks.json', url));
      const known = keys.get(agency);
      if (known?.x !== key.x || known.y !== key.y) keys.set(agency, key);
    } catch (error) {
      log.warn({ agency, detail: (error as Error).name }, "an agency's keys could not be read");
    }
  }

  function sinceAttemptMs(agency: AgencyId): number {
    return performance.now() - (attemptedAtMs.get(agency) ?? -Infinity);
  }

  async function refreshAll(): Promise<void> {
    await Promise.all([...urls].map(([agency, url]) => refresh(agency, url)));
  }

  const timer = setInterval(() => void refreshAll(), refreshMs).unref();

  return {
    find(agency) {
      const key = keys.get(agency);
      const url = urls.get(agency);
      if (key === undefined && url !== undefined && sinceAttemptMs(agency) >= RETRY_MS) void refresh(agency, url);
      return key;
    },
    async reread(agency) {
      const url = urls.get(agency);
      if (url !== undefined) await refresh(agency, url, REREAD_MS - sinceAttemptMs(agency));
      return keys.get(agency);
    },
    refreshAll,
    close: () => clearInterval(timer),
  };
}

async function readKey(url: URL): Promise<ExchangePublicJwk> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new TypeError(`status ${response.status}`);
  const text = await response.text();
  if (text.length > MAX_JWKS_CHARACTERS) throw new TypeError('JWKS too long');
  const { keys } = JSON.parse(text) as { readonly keys?: readonly Partial<ExchangePublicJwk>[] };
  const key = keys?.find((jwk) => jwk.kty === 'EC' && jwk.crv === 'P-256' && jwk.use !== 'sig');
  if (typeof key?.x !== 'string' || typeof key.y !== 'string') throw new TypeError('no EC key on P-256');
  return { kty: 'EC', crv: 'P-256', x: key.x, y: key.y };
}
