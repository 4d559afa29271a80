import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { loadGraph } from '../../gateway/platform/graph/loadGraph.ts';
import type { Graph } from '../../gateway/platform/graph/graph.ts';
import { HUB_DIRECTIVES, HUB_DIRECTIVES_SDL, HUB_SPEC_URL } from '../../schema/directives.ts';

const FEDERATION = [
  '@key',
  '@shareable',
  '@external',
  '@requires',
  '@provides',
  '@override',
  '@inaccessible',
  '@interfaceObject',
  '@composeDirective',
  '@context',
  '@fromContext',
  '@authenticated',
  '@requiresScopes',
  '@policy',
];

/** What opens every subgraph of a test: Apollo's directives and the hub's, all imported under their own names. */
export const TEST_HEADER = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ${JSON.stringify(FEDERATION)})
    @link(url: "${HUB_SPEC_URL}", import: ${JSON.stringify(HUB_DIRECTIVES.map((name) => `@${name}`))})
    ${HUB_DIRECTIVES.map((name) => `@composeDirective(name: "@${name}")`).join(' ')}
  ${HUB_DIRECTIVES_SDL}
`;

/** Composes subgraphs (name -> SDL without header). Throws an Error with composition's own words when they do not compose. */
export function composeTest(subgraphs: Readonly<Record<string, string>>, header: string = TEST_HEADER): string {
  const result = composeServices(
    Object.entries(subgraphs).map(([name, sdl]) => ({
      name,
      url: `http://127.0.0.1/${name}`,
      typeDefs: parse(header + sdl),
    })),
  );
  if (result.errors) throw new Error(result.errors.map((error) => error.message).join('\n'));
  return result.supergraphSdl;
}

export function testGraph(subgraphs: Readonly<Record<string, string>>, header?: string): Graph {
  return loadGraph(composeTest(subgraphs, header));
}
