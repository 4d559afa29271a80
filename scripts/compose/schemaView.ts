import {
  Kind,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type NamedTypeNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type TypeNode,
} from 'graphql';
import { readSchemaRules, type SchemaRules } from '../../subgraphs/kit/rules.ts';

/** One subgraph that is to be composed. */
export interface SubgraphPart {
  /** Agency id. */
  readonly name: string;
  /** Where the gateway finds it. */
  readonly url: string;
  /** Text of its schema, without the directives' definitions. */
  readonly typeDefs: string;
}

/** An agency's schema as the checks look at it. */
export interface SchemaView {
  readonly name: string;
  readonly document: DocumentNode;
  readonly rules: SchemaRules;
  /** Object types with the fields of all their definitions and extensions. */
  readonly objects: ReadonlyMap<string, readonly FieldDefinitionNode[]>;
  readonly inputs: readonly InputObjectTypeDefinitionNode[];
  /** Object types that have a key: reachable by `_entities`, from whatever path. */
  readonly entities: ReadonlySet<string>;
  /** Concrete object types that a field of this type may return; empty for scalars and enums. */
  objectsBehind(type: TypeNode): readonly string[];
}

export const ROOT_TYPES: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

export function viewSchema(name: string, document: DocumentNode): SchemaView {
  const objects = new Map<string, FieldDefinitionNode[]>();
  const entities = new Set<string>();
  const behind = new Map<string, string[]>();
  const inputs: InputObjectTypeDefinitionNode[] = [];
  const put = (abstract: string, concrete: string): void => {
    behind.set(abstract, [...(behind.get(abstract) ?? []), concrete]);
  };
  for (const type of document.definitions) {
    if (isObject(type)) {
      objects.set(type.name.value, [...(objects.get(type.name.value) ?? []), ...(type.fields ?? [])]);
      if (type.directives?.some((used) => used.name.value === 'key')) entities.add(type.name.value);
      for (const implemented of type.interfaces ?? []) put(implemented.name.value, type.name.value);
    }
    if (type.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const member of type.types ?? []) put(type.name.value, member.name.value);
    }
    if (type.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) inputs.push(type);
  }
  return {
    name,
    document,
    // The hub judges its own subgraph's policies before it is asked.
    rules: readSchemaRules(document, name === 'hub' ? 'judged-before' : 'refused'),
    objects,
    inputs,
    entities,
    objectsBehind: (type) => {
      const named = namedType(type);
      return objects.has(named) ? [named] : (behind.get(named) ?? []);
    },
  };
}

export function isObject(
  node: DocumentNode['definitions'][number],
): node is ObjectTypeDefinitionNode | ObjectTypeExtensionNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
}

/** The name inside lists and non-nulls. */
export function namedType(type: TypeNode): string {
  let inner: TypeNode = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return (inner satisfies NamedTypeNode).name.value;
}

export function hasDirective(
  node: { readonly directives?: readonly { readonly name: { readonly value: string } }[] },
  name: string,
): boolean {
  return node.directives?.some((used) => used.name.value === name) ?? false;
}
