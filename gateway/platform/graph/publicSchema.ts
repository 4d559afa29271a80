import { Supergraph } from '@apollo/federation-internals';
import type { DocumentNode, GraphQLSchema } from 'graphql';

/** The schema that clients see, of a supergraph without rules. Throws what the federation library throws for a supergraph that is none. */
export function publicSchema(planning: DocumentNode): GraphQLSchema {
  return Supergraph.build(planning).apiSchema().toGraphQLJSSchema();
}
