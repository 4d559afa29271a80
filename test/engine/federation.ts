import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@apollo/composition';
import { execute, parse, type GraphQLSchema } from 'graphql';
import type { AgencySend } from '../../gateway/request/fetch/agencyPort.ts';
import { AgencyFault } from '../../gateway/request/fetch/agencyPort.ts';
import type { Graph, GraphRules, Judgement } from '../../gateway/request/exchange.ts';
import { loadGraph } from '../../gateway/platform/graph/loadGraph.ts';
import { allowAll } from '../../gateway/request/decide/allowAll.ts';
import { buildOperation } from '../../gateway/request/understand/operation.ts';

export type Resolvers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One agency in memory: its schema as an agency writes it, without the `@link` header, and its resolvers. */
export interface TestAgency {
  readonly name: string;
  readonly typeDefs: string;
  readonly resolvers: Resolvers;
}

const LINK = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject", "@tag"])`;

export interface TestFederation {
  readonly graph: Graph;
  readonly supergraphSdl: string;
  readonly send: AgencySend;
  /** Bodies by agency, in the order they were asked. */
  readonly asked: { readonly agency: string; readonly body: { query: string; variables: Record<string, unknown> } }[];
}

/** Composes the agencies and lets them answer in this process. */
export function federate(agencies: readonly TestAgency[], rules: Partial<GraphRules> = {}): TestFederation {
  const composed = composeServices(
    agencies.map(({ name, typeDefs }) => ({ name, url: `http://${name}.test`, typeDefs: parse(withLink(typeDefs)) })),
  );
  if (!composed.supergraphSdl) throw new Error(composed.errors?.map(String).join('\n'));
  const { supergraphSdl } = composed;
  const graph = loadGraph(supergraphSdl);
  const schemas = new Map(
    agencies.map(({ name, typeDefs, resolvers }): [string, GraphQLSchema] => [
      name,
      buildSubgraphSchema([{ typeDefs: parse(withLink(typeDefs)), resolvers: resolvers as never }]),
    ]),
  );
  const asked: TestFederation['asked'] = [];
  return {
    supergraphSdl,
    asked,
    graph: { ...graph, rules: { ...graph.rules, ...rules } },
    async send(agency, body) {
      const request = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
      asked.push({ agency, body: request });
      const schema = schemas.get(agency);
      if (!schema) throw new AgencyFault('UNAVAILABLE');
      const result = await execute({ schema, document: parse(request.query), variableValues: request.variables });
      return JSON.stringify(result);
    },
  };
}

function withLink(typeDefs: string): string {
  return typeDefs.includes('@link(') || typeDefs.includes('# fed1') ? typeDefs : `${LINK}\n${typeDefs}`;
}

/** The judgement of the unprotected way, for a graph with rules as well. */
export function allowAny(graph: Graph, query: string, operationName?: string): Judgement {
  const open = { ...graph, rules: { ...graph.rules, empty: true } };
  return allowAll(open, buildOperation(parse(query), operationName, graph.apiSchema));
}
