import {
  extendSchema,
  Kind,
  visit,
  type DirectiveDefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

/** Where a client may write a directive (GraphQL specification, 3.13). */
const EXECUTABLE: ReadonlySet<string> = new Set([
  'QUERY',
  'MUTATION',
  'FIELD',
  'FRAGMENT_DEFINITION',
  'FRAGMENT_SPREAD',
  'INLINE_FRAGMENT',
  'VARIABLE_DEFINITION',
]);

/**
 * The public schema with the directives that agencies have composed for clients (`@composeDirective`), which the federation library
 * leaves out of it. They may be written and go no further: no agency is told of them.
 */
export function withExecutableDirectives(apiSchema: GraphQLSchema, supergraph: DocumentNode): GraphQLSchema {
  const definitions = supergraph.definitions.filter(
    (one): one is DirectiveDefinitionNode =>
      one.kind === Kind.DIRECTIVE_DEFINITION &&
      apiSchema.getDirective(one.name.value) == null &&
      one.locations.some(({ value }) => EXECUTABLE.has(value)) &&
      namesPublicTypes(one, apiSchema),
  );
  if (definitions.length === 0) return apiSchema;
  return extendSchema(apiSchema, { kind: Kind.DOCUMENT, definitions }, { assumeValid: true });
}

function namesPublicTypes(definition: DirectiveDefinitionNode, apiSchema: GraphQLSchema): boolean {
  let isPublic = true;
  visit(definition, {
    NamedType(type) {
      isPublic &&= apiSchema.getType(type.name.value) !== undefined;
    },
  });
  return isPublic;
}
