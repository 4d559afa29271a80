import { GRANT_INFO_PREFIX, GRANT_TTL_SECONDS, splitGrant, type Grant } from '../../schema/grant.ts';
import { MET_PERSON_INFO_PREFIX, MET_PERSON_PREFIX, type MetPersonClaims } from '../../schema/metPerson.ts';
import type { AgencyKeys } from './agencyKeys.ts';
import type { Clock } from './agencyModule.ts';
import { CLOCK_TOLERANCE_SECONDS, isGrantInTime, parseGrant } from './grantClaims.ts';
import { createDayKeys } from './dayKeys.ts';
import { digestOf, isDayInUse, parseKid } from './grantKeys.ts';
import type { HubKeys } from './hubKeys.ts';
import { createNonces } from './nonces.ts';
import type { SealMet } from './persons.ts';
import { kidOf, openSealed, sealUnder } from './sealed.ts';

/** Why a grant was refused: for the agency's log, never for the one who sent it. */
export type GrantRefusal =
  | 'MISSING'
  | 'MALFORMED'
  | 'DAY_NOT_IN_USE'
  | 'KEY_UNKNOWN'
  | 'NOT_AUTHENTIC'
  | 'CLAIMS_MALFORMED'
  | 'OTHER_AUDIENCE'
  | 'OUT_OF_TIME'
  | 'OTHER_BODY'
  | 'REPLAYED';

export type OpenedGrant =
  | { readonly refused: GrantRefusal }
  | {
      readonly refused?: undefined;
      readonly grant: Grant;
      /** The authenticated part of the body. */
      readonly head: string;
      readonly sealMet: SealMet;
    };

/** Opens the grant at the end of a body. Rejects only when the hub's keys cannot be had. */
export type GrantOpener = (body: string) => Promise<OpenedGrant>;

export interface GrantOpenerOptions {
  /** Agency id: the only audience that is accepted. */
  readonly agency: string;
  readonly ownKeys: AgencyKeys;
  readonly hubKeys: HubKeys;
  readonly clock: Clock;
}

/**
 * Verifies grants as schema/grant.ts states them, in this order: form, key and day named by `kid`, decryption (`dir` and A256GCM alone),
 * claims, audience, time, the body's digest, and last the nonce, so that nothing but a whole grant uses one up.
 */
export function createGrantOpener({ agency, ownKeys, hubKeys, clock }: GrantOpenerOptions): GrantOpener {
  const dayKeys = createDayKeys(ownKeys, hubKeys);
  const nonces = createNonces(clock, (GRANT_TTL_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS) * 1000);

  return async (body) => {
    const split = splitGrant(body);
    if (!split) return { refused: 'MISSING' };
    const kid = kidOf(split.sealedGrant);
    const named = parseKid(kid);
    if (!kid || !named) return { refused: 'MALFORMED' };
    if (!isDayInUse(named.day, clock(), DAY_WINDOW)) return { refused: 'DAY_NOT_IN_USE' };

    const key = await dayKeys.find(kid, GRANT_INFO_PREFIX + agency);
    if (!key) return { refused: 'KEY_UNKNOWN' };
    const payload = await openSealed(split.sealedGrant, key);
    if (!payload) return { refused: 'NOT_AUTHENTIC' };

    const grant = parseGrant(payload);
    if (!grant) return { refused: 'CLAIMS_MALFORMED' };
    if (grant.aud !== agency) return { refused: 'OTHER_AUDIENCE' };
    if (!isGrantInTime(grant, clock())) return { refused: 'OUT_OF_TIME' };
    if (grant.digest !== digestOf(split.head)) return { refused: 'OTHER_BODY' };
    if (!nonces.accept(grant.jti)) return { refused: 'REPLAYED' };

    const sealMet: SealMet = async ({ identity, role }) => {
      const metKey = await dayKeys.find(kid, MET_PERSON_INFO_PREFIX + agency);
      const claims: MetPersonClaims = { iss: agency, aud: 'hub', grant: grant.jti, identity, ...(role && { role }) };
      return MET_PERSON_PREFIX + (await sealUnder(metKey!, kid, claims));
    };
    return { grant, head: split.head, sealMet };
  };
}

const DAY_WINDOW = {
  overlapSeconds: GRANT_TTL_SECONDS + CLOCK_TOLERANCE_SECONDS,
  toleranceSeconds: CLOCK_TOLERANCE_SECONDS,
};
