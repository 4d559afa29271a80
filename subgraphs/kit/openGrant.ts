import type { KeyObject } from 'node:crypto';
import { compactDecrypt, CompactEncrypt, decodeProtectedHeader, errors } from 'jose';
import { GRANT_INFO_PREFIX, GRANT_TTL_SECONDS, splitGrant, type Grant } from '../../schema/grant.ts';
import { MET_PERSON_INFO_PREFIX, MET_PERSON_PREFIX, type MetPersonClaims } from '../../schema/metPerson.ts';
import type { AgencyKeys } from './agencyKeys.ts';
import type { Clock } from './agencyModule.ts';
import { CLOCK_TOLERANCE_SECONDS, isGrantInTime, parseGrant } from './grantClaims.ts';
import { deriveDayKey, digestOf, isDayInUse, parseKid, type EcJwk } from './grantKeys.ts';
import type { HubKeys } from './hubKeys.ts';
import { createNonces } from './nonces.ts';
import type { SealMet } from './persons.ts';

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
    const payload = await decrypt(split.sealedGrant, key);
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
      const sealed = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
        .encrypt(metKey!);
      return MET_PERSON_PREFIX + sealed;
    };
    return { grant, head: split.head, sealMet };
  };
}

const DAY_WINDOW = {
  overlapSeconds: GRANT_TTL_SECONDS + CLOCK_TOLERANCE_SECONDS,
  toleranceSeconds: CLOCK_TOLERANCE_SECONDS,
};

/** The header holds `alg`, `enc` and `kid` and nothing else: no `zip`, no `crit`, no key material of the sender's own. */
function kidOf(sealedGrant: string): string | undefined {
  try {
    const { alg, enc, kid, ...others } = decodeProtectedHeader(sealedGrant);
    const plain = alg === 'dir' && enc === 'A256GCM' && Object.keys(others).length === 0;
    return plain && typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}

async function decrypt(sealedGrant: string, key: KeyObject): Promise<Uint8Array | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealedGrant, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      maxDecompressedLength: 0,
    });
    return plaintext;
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError) return undefined;
    throw thrown;
  }
}

interface DayKeys {
  /** The derived key that `kid` names; undefined when hub or agency has no such key. The day has been checked. */
  find(kid: string, info: string): Promise<KeyObject | undefined>;
}

/** More than a day's keys of a hub and an agency that both rotate; the oldest goes first. */
const MAX_DERIVED_KEYS = 64;

function createDayKeys(ownKeys: AgencyKeys, hubKeys: HubKeys): DayKeys {
  const derived = new Map<string, { readonly key: KeyObject; readonly hubKey: EcJwk }>();
  return {
    async find(kid, info) {
      const named = parseKid(kid)!;
      const own = ownKeys.find(named.agency);
      // Asked each time: a hub key that is withdrawn must not live on in what was derived from it.
      const hubKey = own && (await hubKeys.find(named.hub));
      if (!own || !hubKey) return undefined;
      const name = `${kid} ${info}`;
      const cached = derived.get(name);
      if (cached?.hubKey === hubKey) return cached.key;
      const key = deriveDayKey(own, hubKey, named.day, info);
      if (derived.size >= MAX_DERIVED_KEYS) derived.delete(derived.keys().next().value!);
      derived.set(name, { key, hubKey });
      return key;
    },
  };
}
