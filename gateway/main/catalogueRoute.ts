import type { AgencyManifest } from '../../schema/agencyManifest.ts';
import { PURPOSES } from '../../schema/purposes.ts';
import type { Clock } from '../platform/clock.ts';
import type { Graph } from '../platform/graph/graph.ts';
import type { AgencyId } from '../platform/ids.ts';
import { createAgencyHealth } from '../registers/catalogue/agencyHealth.ts';
import { buildCatalogue, type Catalogue } from '../registers/catalogue/buildCatalogue.ts';
import type { Route } from '../request/receive/httpServer.ts';
import { HEADERS } from '../request/reply/reply.ts';

export interface CatalogueSources {
  /** The graph in service: what was published a moment ago is in the next answer. */
  readonly graph: () => Graph;
  readonly manifests?: readonly AgencyManifest[];
  readonly urls: () => ReadonlyMap<AgencyId, string>;
  readonly clock: Clock;
}

/** `GET /catalogue.json`: what can be asked of this hub, of whom, and by what right; how the agencies are. Nobody's data, for everybody. */
export function catalogueRoute({ graph, manifests = [], urls, clock }: CatalogueSources): Route {
  const built = new WeakMap<Graph, Catalogue>();
  const health = createAgencyHealth(urls, clock);
  return async () => {
    const current = graph();
    const catalogue = built.get(current) ?? buildCatalogue(current, manifests);
    built.set(current, catalogue);
    const body = {
      version: current.version,
      ...catalogue,
      purposes: PURPOSES,
      health: Object.fromEntries(await health()),
    };
    return { status: 200, headers: HEADERS['application/json'], body: JSON.stringify(body), encoding: 'utf8' };
  };
}
