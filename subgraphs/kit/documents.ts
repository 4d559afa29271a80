import {
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';

export type ReadDocument =
  { readonly document: DocumentNode; readonly refused?: undefined } | { readonly refused: readonly GraphQLError[] };

/** Parses and validates; the hub asks the same few hundred texts over and over, so what was found is kept. */
export interface Documents {
  /** Introspection is an operator's. */
  read(query: string, introspection: boolean): ReadDocument;
}

const MAX_DOCUMENTS = 500;
const MAX_KEPT_CHARACTERS = 20_000;
/** The hub sends machine-made documents of this size at most; it bounds the parser's work and depth. */
const MAX_TOKENS = 20_000;

export function createDocuments(schema: GraphQLSchema): Documents {
  const kept = new Map<string, ReadDocument>();
  return {
    read(query, introspection) {
      const name = `${introspection} ${query}`;
      const known = kept.get(name);
      if (known) return known;
      const read = readDocument(schema, query, introspection);
      if (query.length > MAX_KEPT_CHARACTERS) return read;
      if (kept.size >= MAX_DOCUMENTS) kept.delete(kept.keys().next().value!);
      kept.set(name, read);
      return read;
    },
  };
}

function readDocument(schema: GraphQLSchema, query: string, introspection: boolean): ReadDocument {
  try {
    const document = parse(query, { maxTokens: MAX_TOKENS });
    const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
    const faults = validate(schema, document, rules);
    return faults.length === 0 ? { document } : { refused: faults };
  } catch (thrown) {
    return { refused: [thrown as GraphQLError] };
  }
}

/** Whether the document asks for the schema and nothing else, which is all an operator may have without a grant. */
export function asksSchemaOnly(document: DocumentNode): boolean {
  return document.definitions.every(
    (definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ||
      (definition.kind === Kind.OPERATION_DEFINITION &&
        definition.operation === 'query' &&
        definition.selectionSet.selections.every(
          (selection) =>
            selection.kind === Kind.FIELD &&
            ['_service', '__schema', '__type', '__typename'].includes(selection.name.value),
        )),
  );
}
