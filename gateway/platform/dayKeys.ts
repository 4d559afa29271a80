import { type KeyObject, createPublicKey, createSecretKey, diffieHellman, hkdfSync } from 'node:crypto';
import { type ExchangeKey, type ExchangePublicJwk, type HubKeys, thumbprintOf } from './keys.ts';

/** The content key of one agency for one day, and the header under which it seals (schema/grant.ts). */
export interface DayKey {
  /** UTC day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly agency: string;
  readonly hubKey: ExchangeKey;
  readonly key: KeyObject;
  readonly kid: string;
  /** base64url of the protected header, which is also the additional data. */
  readonly header: string;
  readonly additionalData: Buffer;
}

/** The day key of an agency at an instant, seconds since the epoch. The key object itself is the cache's key: hand in the same one each time. */
export type DayKeys = (agencyKey: ExchangePublicJwk, agency: string, atSeconds: number) => DayKey;

const THUMBPRINT_CHARACTERS = 16;
const SECONDS_PER_DAY = 86_400;

/**
 * Keys agreed with agencies for the day: static-static ECDH P-256, then HKDF-SHA256 with the day as salt and `infoPrefix` + agency id as info
 * (schema/grant.ts, schema/metPerson.ts). One is kept per agency key: the day's. About midnight two alternate for half a minute.
 */
export function createDayKeys({ exchangeKeys }: Pick<HubKeys, 'exchangeKeys'>, infoPrefix: string): DayKeys {
  const known = new WeakMap<ExchangePublicJwk, DayKey>();
  const newestFirst = exchangeKeys.toReversed();
  let today = '';
  let todayNumber = -1;

  /** A clock that is set back, before the first key: the first all the same. */
  function hubKeyAt(atSeconds: number): ExchangeKey {
    for (const key of newestFirst) if (key.usedFromSeconds <= atSeconds) return key;
    return exchangeKeys[0]!;
  }

  return (agencyKey, agency, atSeconds) => {
    const dayNumber = Math.floor(atSeconds / SECONDS_PER_DAY);
    if (dayNumber !== todayNumber) {
      today = new Date(dayNumber * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10);
      todayNumber = dayNumber;
    }
    const last = known.get(agencyKey);
    const hubKey = hubKeyAt(atSeconds);
    if (last?.day === today && last.agency === agency && last.hubKey === hubKey) return last;
    const made = deriveDayKey({ hubKey, agencyKey, agency, day: today, infoPrefix });
    known.set(agencyKey, made);
    return made;
  };
}

/** The key that hub and agency agree on for that day, with that prefix; not kept. */
export function deriveDayKey(of: {
  readonly hubKey: ExchangeKey;
  readonly agencyKey: ExchangePublicJwk;
  readonly agency: string;
  readonly day: string;
  readonly infoPrefix: string;
}): DayKey {
  const { hubKey, agencyKey, agency, day } = of;
  const publicKey = createPublicKey({ key: { ...agencyKey }, format: 'jwk' });
  const shared = diffieHellman({ privateKey: hubKey.privateKey, publicKey });
  const secret = hkdfSync('sha256', shared, day, `${of.infoPrefix}${agency}`, 32);
  const kid = `${shortName(hubKey.publicJwk)}.${shortName(agencyKey)}.${day}`;
  const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid })).toString('base64url');
  const key = createSecretKey(Buffer.from(secret));
  return { day, agency, hubKey, key, kid, header, additionalData: Buffer.from(header, 'ascii') };
}

/** A key as `kid` names it. */
export function shortName(jwk: ExchangePublicJwk): string {
  return thumbprintOf(jwk).slice(0, THUMBPRINT_CHARACTERS);
}
