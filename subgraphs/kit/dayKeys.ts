import type { KeyObject } from 'node:crypto';
import type { AgencyKeys } from './agencyKeys.ts';
import { deriveDayKey, parseKid, type EcJwk } from './grantKeys.ts';
import type { HubKeys } from './hubKeys.ts';

/** Keys agreed with the hub for a day. */
export interface DayKeys {
  /** The derived key that `kid` names; undefined when hub or agency has no such key. The day has been checked. */
  find(kid: string, info: string): Promise<KeyObject | undefined>;
}

/** More than a day's keys of a hub and an agency that both rotate; the oldest goes first. */
const MAX_DERIVED_KEYS = 64;

export function createDayKeys(ownKeys: AgencyKeys, hubKeys: HubKeys): DayKeys {
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
