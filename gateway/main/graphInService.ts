import type { Config } from '../platform/config.ts';
import { refuseForeignHosts } from '../platform/graph/foreignHosts.ts';
import type { Graph } from '../platform/graph/graph.ts';
import { loadGraphBeside } from '../platform/graph/loadGraph.ts';
import { replaceGraph } from '../platform/graph/replaceGraph.ts';
import type { AgencyId } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import { createRejudge } from '../request/decide/rejudge.ts';
import type { Engine } from '../request/fetch/engine.ts';
import type { Understand } from '../request/understand/understand.ts';
import { agencyAddresses } from './agencies.ts';
import type { AgencyLines } from './agencyLines.ts';

/** The one graph that new requests are understood on. */
export interface GraphInService {
  current(): Graph;
  /**
   * Takes another supergraph while requests go on: those under way stay on the graph they began on, and new ones come to the new graph when what is asked
   * most has been read, planned and compiled for it. Rejects with a TypeError, or with GraphQL's own error for what is no SDL, and keeps the graph in
   * service: broken or look-alike rules, rules lost, an agency at a host that is neither its own nor allowed.
   */
  replace(supergraphSdl: string, served: ServedOn): Promise<void>;
}

/** What has to be ready for a graph before it is served. */
export interface ServedOn {
  readonly understand: Pick<Understand, 'adopt'>;
  readonly engine: Pick<Engine, 'adopt'>;
  readonly lines: Pick<AgencyLines, 'join'>;
  readonly addresses: ReadonlyMap<AgencyId, string>;
  readonly config: Config;
  readonly log: Log;
}

export function createGraphInService(first: Graph): GraphInService {
  let graph = first;
  let last: Promise<void> = Promise.resolve();

  async function take(supergraphSdl: string, served: ServedOn): Promise<void> {
    const { understand, engine, lines, addresses, config, log } = served;
    const next = await loadGraphBeside(supergraphSdl);
    if (next.version === graph.version) return;
    if (next.rules.empty) throw new TypeError('supergraph: expected rules as in the one in service, got none');
    replaceGraph(graph, next);
    const asked = agencyAddresses(supergraphSdl, config);
    refuseForeignHosts(asked, addresses, readHosts(config));
    await lines.join(asked);
    const operations = await understand.adopt(next);
    await engine.adopt(next, createRejudge(next, operations));
    graph = next;
    log.info({ version: next.version, agencies: asked.size, ready: operations.size }, 'supergraph taken');
  }

  return {
    current: () => graph,
    replace(supergraphSdl, served) {
      // One after the other; one that was refused keeps nobody waiting.
      const taken = last.catch(() => undefined).then(() => take(supergraphSdl, served));
      last = taken;
      return taken;
    },
  };
}

/** What the settings say about an agency's address is the operator's word as well. */
function readHosts({ subgraphHosts, subgraphUrls }: Config): ReadonlySet<string> {
  const listed = subgraphHosts.split(',').map((host) => host.trim());
  const configured = [...(subgraphUrls?.values() ?? [])].map((url) => new URL(url).host);
  return new Set([...listed, ...configured].filter((host) => host !== ''));
}
