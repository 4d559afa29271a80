import { composeServices } from '@apollo/composition';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { loadGraph } from '../../gateway/platform/graph/loadGraph.ts';
import type { AgencyManifest } from '../../schema/agencyManifest.ts';
import { buildCatalogue, checkNotes } from '../../gateway/registers/catalogue/buildCatalogue.ts';
import { checkSchema } from './checkSchema.ts';
import type { SubgraphPart } from './schemaView.ts';

/** The generated files of `schema/composed/`, by name. */
export type ComposedFiles = Readonly<Record<'supergraph.graphql' | 'api.graphql' | 'catalogue.json', string>>;

/** What keeps the graph from being composed: each a line that names the subgraph and says what to do. */
export class CompositionRefused extends Error {
  override readonly name = 'CompositionRefused';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`composition refused:\n  ${faults.join('\n  ')}`);
    this.faults = faults;
  }
}

/**
 * Checks every subgraph, composes them and derives the public schema and the catalogue from the supergraph as the hub itself reads it.
 * The same parts give the same bytes. Throws CompositionRefused with all faults at once.
 */
export function composeGraph(parts: readonly SubgraphPart[], manifests: readonly AgencyManifest[]): ComposedFiles {
  const checked = parts.map((part) => ({ part, ...checkSchema(part) }));
  const faults = checked.flatMap(({ part, faults: own }) => own.map((fault) => `${part.name}: ${fault}`));
  if (faults.length > 0) throw new CompositionRefused(faults);

  const composed = composeServices(
    checked.map(({ part: { name, url }, document }) => ({ name, url, typeDefs: document! })),
  );
  if (composed.errors) throw new CompositionRefused(composed.errors.map((error) => error.message));
  const graph = loadGraph(composed.supergraphSdl);
  const catalogue = buildCatalogue(graph, manifests);
  checkNotes(catalogue, manifests);
  return {
    'supergraph.graphql': withNewline(composed.supergraphSdl),
    'api.graphql': withNewline(printSchema(lexicographicSortSchema(graph.apiSchema))),
    'catalogue.json': withNewline(JSON.stringify(catalogue, null, 2)),
  };
}

function withNewline(text: string): string {
  return `${text.trimEnd()}\n`;
}
