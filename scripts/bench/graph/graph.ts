import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse, print, visit, type DocumentNode } from 'graphql';
import { AGENCY_SCHEMA_HEADER } from '../../../schema/directives.ts';

/** The bench's agencies; their names are those of the product's own, so that scopes have the holders of the treaty. */
export const AGENCY_NAMES = ['civil-status', 'family', 'income', 'address'] as const;
export type AgencyName = (typeof AGENCY_NAMES)[number];

/** Where each agency listens: `http://127.0.0.1:<port>/graphql`. */
export type AgencyUrls = Readonly<Record<AgencyName, string>>;

export interface Subgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

const PLAIN_HEADER =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])';

/**
 * The graph as peers serve it: the same types and fields, no rule, and `Query.me` answered by civil status, since a peer has no
 * hub of its own to answer it. Every operation asks civil status first, so this costs no target a call more than another.
 */
export function plainSubgraphs(urls: AgencyUrls): readonly Subgraph[] {
  return AGENCY_NAMES.map((name) => {
    const withoutRules = visit(readSdl(name), {
      Directive: (node) => (node.name.value === 'key' ? undefined : null),
    });
    const entryPoint = name === 'civil-status' ? '\ntype Query { "Who asks." me: Citizen }\n' : '';
    return { name, url: urls[name], sdl: `${PLAIN_HEADER}\n${print(withoutRules)}${entryPoint}` };
  });
}

/** The graph with its rules, as the hub's own composition takes it, without the hub's subgraph. `sdl` has no directive definitions. */
export function ruledSubgraphs(urls: AgencyUrls): readonly Subgraph[] {
  return AGENCY_NAMES.map((name) => ({
    name,
    url: urls[name],
    sdl: `${AGENCY_SCHEMA_HEADER}\n${print(readSdl(name))}`,
  }));
}

/** Supergraph SDL; throws an Error that names every fault of composition. */
export function composeSupergraph(subgraphs: readonly Subgraph[]): string {
  const result = composeServices(subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
  if (result.errors) throw new Error(`bench graph: ${result.errors.map((error) => error.message).join('; ')}`);
  return result.supergraphSdl;
}

function readSdl(name: AgencyName): DocumentNode {
  return parse(readFileSync(new URL(`./${name}.graphql`, import.meta.url), 'utf8'));
}
