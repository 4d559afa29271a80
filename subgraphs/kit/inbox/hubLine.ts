import { randomBytes } from 'node:crypto';
import {
  MAX_PULL,
  PULL_PATH,
  STATUS_INFO_PREFIX,
  STATUS_PATH,
  type PulledEvents,
  type PullRequest,
  type StatusMessage,
  type StatusOfEvent,
} from '../../../schema/declaration.ts';
import type { AgencyKeys } from '../agencyKeys.ts';
import type { Clock } from '../agencyModule.ts';
import type { DayKeys } from '../dayKeys.ts';
import { shortThumbprint } from '../grantKeys.ts';
import type { HubKeys } from '../hubKeys.ts';
import { sealUnder } from '../sealed.ts';
import { parsePulled } from './declarationClaims.ts';

/** What the agency says to the hub of its own accord, sealed: the hub knows by the key who speaks. */
export interface HubLine {
  /** Whether there is anybody to speak to yet. */
  isOpen(): boolean;
  /** A sealed StatusMessage, under the key that `kid` names: the answer to a message. */
  sealStatuses(statuses: readonly StatusOfEvent[], kid: string): Promise<string>;
  /** Rejects when the hub does not take them. */
  tell(statuses: readonly StatusOfEvent[]): Promise<void>;
  /** Events after that sequence, each sealed as an inbox would get it. Rejects when the hub does not answer. */
  pull(after: string): Promise<PulledEvents>;
}

export interface HubLineOptions {
  readonly agency: string;
  readonly ownKeys: AgencyKeys;
  readonly hubKeys: HubKeys;
  readonly dayKeys: DayKeys;
  readonly clock: Clock;
  /** Origin of the hub; undefined while it is not known yet. */
  readonly hubOrigin: () => string | undefined;
  /** Time for one call, ms [5000]. */
  readonly timeoutMs?: number;
}

export function createHubLine(options: HubLineOptions): HubLine {
  const { agency, ownKeys, hubKeys, dayKeys, clock, hubOrigin, timeoutMs = 5_000 } = options;

  const opening = (): Pick<StatusMessage, 'iss' | 'aud' | 'jti' | 'iat'> => ({
    iss: agency,
    aud: 'hub',
    jti: randomBytes(16).toString('base64url'),
    iat: Math.floor(clock() / 1000),
  });

  async function seal(message: StatusMessage | PullRequest, kid: string): Promise<string> {
    const key = await dayKeys.find(kid, STATUS_INFO_PREFIX + agency);
    if (!key) throw new Error('no key to seal to the hub with');
    return sealUnder(key, kid, message);
  }

  async function todaysKid(): Promise<string> {
    const day = new Date(clock()).toISOString().slice(0, 10);
    return `${shortThumbprint(await hubKeys.sealTo())}.${ownKeys.publicJwks.keys[0]!.kid}.${day}`;
  }

  async function post(path: string, message: StatusMessage | PullRequest, expectedStatus: number): Promise<Response> {
    const origin = hubOrigin();
    if (origin === undefined) throw new Error('the hub is not known yet');
    const response = await fetch(new URL(path, origin), {
      method: 'POST',
      headers: { 'content-type': 'application/jose' },
      body: await seal(message, await todaysKid()),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== expectedStatus) throw new Error(`the hub answers ${path} with ${response.status}`);
    return response;
  }

  return {
    isOpen: () => hubOrigin() !== undefined,
    sealStatuses: (statuses, kid) => seal({ ...opening(), statuses }, kid),
    async tell(statuses) {
      await post(STATUS_PATH, { ...opening(), statuses }, 204);
    },
    async pull(after) {
      const response = await post(PULL_PATH, { ...opening(), after, limit: MAX_PULL }, 200);
      const pulled = parsePulled(await response.json());
      if (!pulled) throw new Error('the hub answers a pull with something else');
      return pulled;
    },
  };
}
