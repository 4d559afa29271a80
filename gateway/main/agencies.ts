import type { Config } from '../platform/config.ts';
import { readAddresses } from '../platform/graph/addresses.ts';
import type { AgencyId } from '../platform/ids.ts';
import type { HttpAgencyConfig } from '../request/fetch/upstream/agencies.ts';
import type { GatewayOptions } from './options.ts';

/** The hub's own subgraph. */
export const HUB = 'hub' as AgencyId;
const DEFAULT_TIMEOUT_MS = 3000;

/** Every agency but the hub itself, at the address of the settings or else of the supergraph. */
export function agencyAddresses(supergraphSdl: string, { subgraphUrls }: Config): Map<AgencyId, string> {
  const composed = [...readAddresses(supergraphSdl)].filter(([agency]) => agency !== HUB);
  return new Map(composed.map(([agency, url]) => [agency, subgraphUrls?.get(agency) ?? url]));
}

export function httpAgencies(
  addresses: ReadonlyMap<AgencyId, string>,
  { timeoutsMs }: Pick<GatewayOptions, 'timeoutsMs'>,
): Record<string, HttpAgencyConfig> {
  const entries = [...addresses].map(([agency, url]) => {
    return [agency, { url, timeoutMs: timeoutsMs?.get(agency) ?? DEFAULT_TIMEOUT_MS }] as const;
  });
  return Object.fromEntries(entries);
}
