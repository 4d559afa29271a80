import { buildSubgraph } from '@apollo/federation-internals';
import { parse, type DocumentNode } from 'graphql';
import { agencySdl } from '../../subgraphs/kit/schemaText.ts';
import { checkDescriptions } from './checkDescriptions.ts';
import { checkIds } from './checkIds.ts';
import { checkRules } from './checkRules.ts';
import { checkScopes } from './checkScopes.ts';
import { viewSchema, type SubgraphPart } from './schemaView.ts';

export interface CheckedSchema {
  /** Whole, with the directives' definitions; undefined when it is too faulty to be read. */
  readonly document: DocumentNode | undefined;
  /** Sentences that name the place and what to do; none when the schema may join. */
  readonly faults: readonly string[];
}

/** Everything that is checked of one schema by itself: header and links first, since without them rules are mere decoration. */
export function checkSchema({ name, url, typeDefs }: SubgraphPart): CheckedSchema {
  let document: DocumentNode;
  try {
    document = parse(agencySdl(typeDefs, `${name}/schema.graphql`));
    // Unknown directives, unbound look-alikes and wrong arguments: the federation library's own validation, in its words.
    buildSubgraph(name, url, document);
  } catch (fault) {
    return { document: undefined, faults: messagesOf(fault) };
  }
  try {
    const schema = viewSchema(name, document);
    const faults = [...checkRules(schema), ...checkScopes(schema), ...checkIds(schema), ...checkDescriptions(schema)];
    return { document, faults };
  } catch (fault) {
    return { document, faults: messagesOf(fault) };
  }
}

function messagesOf(fault: unknown): readonly string[] {
  const { causes, message } = fault as Error & { causes?: readonly Error[] };
  return causes ? causes.map((cause) => cause.message) : [message];
}
