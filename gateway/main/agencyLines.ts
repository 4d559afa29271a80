import type { AgencyKeys } from '../platform/agencyKeys.ts';
import type { AgencyId } from '../platform/ids.ts';
import type { AgencySend } from '../request/fetch/agencyPort.ts';
import type { Agencies } from '../request/fetch/upstream/agencies.ts';

/** The lines to all agencies, to which a new supergraph may add. */
export interface AgencyLines {
  readonly send: AgencySend;
  /** Opens lines to agencies that are new, or answer elsewhere from now on, and reads their keys. Other lines stay as they are. */
  join(addresses: ReadonlyMap<AgencyId, string>): Promise<void>;
  close(): Promise<void>;
}

export interface AgencyLinesOptions {
  /** By agency; grows with those that join. */
  readonly addresses: Map<AgencyId, string>;
  readonly agencyKeys: Pick<AgencyKeys, 'reread'>;
  readonly open: (addresses: ReadonlyMap<AgencyId, string>) => Agencies;
}

export function openAgencyLines({ addresses, agencyKeys, open }: AgencyLinesOptions): AgencyLines {
  const first = open(addresses);
  const joined = new Map<AgencyId, Agencies>();
  const left: Agencies[] = [];
  return {
    send: (agency, body, options) => (joined.get(agency) ?? first).send(agency, body, options),
    async join(next) {
      const changed = [...next].filter(([agency, url]) => addresses.get(agency) !== url);
      for (const [agency, url] of changed) {
        addresses.set(agency, url);
        const before = joined.get(agency);
        // What is under way there comes to its end.
        if (before) left.push(before);
        joined.set(agency, open(new Map([[agency, url]])));
      }
      await Promise.all(changed.map(([agency]) => agencyKeys.reread(agency)));
    },
    async close() {
      await Promise.all([first, ...joined.values(), ...left].map((agencies) => agencies.close()));
    },
  };
}
