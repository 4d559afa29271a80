import type { AgencyId } from '../ids.ts';

/**
 * Throws a TypeError when an agency of a supergraph would answer somewhere else than it does now, unless the operator has allowed the host: whoever can
 * write the supergraph's file must not be able to send citizens' data elsewhere. `allowedHosts`: `name` for any port, or `name:port`.
 */
export function refuseForeignHosts(
  next: ReadonlyMap<AgencyId, string>,
  inService: ReadonlyMap<AgencyId, string>,
  allowedHosts: ReadonlySet<string>,
): void {
  for (const [agency, url] of next) {
    if (inService.get(agency) === url) continue;
    const { protocol, host, hostname } = readUrl(url, agency);
    const isAllowed = allowedHosts.has(host) || allowedHosts.has(hostname);
    if (isAllowed && (protocol === 'https:' || protocol === 'http:')) continue;
    throw new TypeError(
      `supergraph: expected ${agency} where it is, or at a host of HUB_SUBGRAPH_HOSTS, got ${host || protocol}`,
    );
  }
}

function readUrl(url: string, agency: string): URL {
  if (URL.canParse(url)) return new URL(url);
  throw new TypeError(`supergraph: expected a URL for ${agency}, got none`);
}
