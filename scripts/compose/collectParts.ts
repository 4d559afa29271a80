import { hubSubgraphSdl } from '../../gateway/registers/hubSubgraph.ts';
import type { AgencyManifest } from '../../schema/agencyManifest.ts';
import { discoverAgencies } from '../../subgraphs/kit/agencyFolder.ts';
import type { SubgraphPart } from './schemaView.ts';

/** The hub's own subgraph is called in process: nobody can dial this address. */
export const HUB_SUBGRAPH_URL = 'hub:in-process';

/** Everything that is composed: the agency folders, found unasked, and the hub's own subgraph. */
export async function collectParts(
  subgraphsDir: string,
): Promise<{ readonly parts: readonly SubgraphPart[]; readonly manifests: readonly AgencyManifest[] }> {
  const agencies = await discoverAgencies(subgraphsDir);
  refuseSharedPorts(agencies.map(({ manifest }) => manifest));
  const parts = agencies.map(({ manifest, typeDefs }) => ({
    name: manifest.name,
    url: `http://127.0.0.1:${manifest.port}/graphql`,
    typeDefs,
  }));
  return {
    parts: [...parts, { name: 'hub', url: HUB_SUBGRAPH_URL, typeDefs: hubSubgraphSdl() }],
    manifests: agencies.map(({ manifest }) => manifest),
  };
}

function refuseSharedPorts(manifests: readonly AgencyManifest[]): void {
  const byPort = new Map<number, string>();
  for (const { name, port } of manifests) {
    const other = byPort.get(port);
    if (other !== undefined)
      throw new TypeError(`${name}/agency.json: "port" must be its own, ${port} is that of "${other}"`);
    byPort.set(port, name);
  }
}
