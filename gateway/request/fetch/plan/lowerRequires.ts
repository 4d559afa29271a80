import {
  Kind,
  print,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
  type StringValueNode,
  type TypeNode,
} from 'graphql';
import { directivesNamed, parseFieldSet } from './supergraphFacts.ts';

/** A field with arguments that a `@requires` asks for, under a name of its own. */
export interface Stand {
  readonly fieldName: string;
  /** The arguments as GraphQL text, with parentheses. */
  readonly argumentsText: string;
}

interface Use {
  readonly argumentsText: string;
  /** Value of `join__Graph`: the agency whose field requires it. */
  readonly graph: unknown;
}

interface Added {
  readonly name: string;
  readonly field: FieldDefinitionNode;
  readonly requirers: Set<unknown>;
}

export interface LoweredSupergraph {
  readonly document: DocumentNode;
  /** By stand-in name, unique in the supergraph. */
  readonly standIns: ReadonlyMap<string, Stand>;
}

/**
 * Gives every `@requires(fields: "price(currency: \"USD\")")` a field of its own, `price__0`, in the supergraph that is planned on.
 * Without it the planner writes both the client's `price(currency: "EUR")` and the required one under the key `price`, and one
 * overwrites the other (tried with @apollo/query-planner 2.14.4). Agencies never see the stand-in: requests say
 * `price__0: price(currency: "USD")` and representations say `price`.
 */
export function lowerRequires(supergraph: DocumentNode): LoweredSupergraph {
  const types = objectTypes(supergraph);
  const names = new Map<string, string>();
  const standIns = new Map<string, Stand>();
  const added = new Map<string, Added[]>();

  function standInFor(type: ObjectTypeDefinitionNode, field: FieldDefinitionNode, use: Use): string {
    const key = `${type.name.value}.${field.name.value}${use.argumentsText}`;
    const siblings = added.get(type.name.value) ?? [];
    added.set(type.name.value, siblings);
    const name = names.get(key) ?? `${field.name.value}__${standIns.size}`;
    if (!names.has(key)) {
      names.set(key, name);
      standIns.set(name, { fieldName: field.name.value, argumentsText: use.argumentsText });
      siblings.push({ name, field, requirers: new Set() });
    }
    siblings.find((one) => one.name === name)!.requirers.add(use.graph);
    return name;
  }

  function lowerSelection(selectionSet: SelectionSetNode, typeName: string, graph: unknown): SelectionSetNode {
    const type = types.get(typeName);
    return {
      ...selectionSet,
      selections: selectionSet.selections.map((selection) => {
        if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          const condition = selection.typeCondition?.name.value ?? typeName;
          return { ...selection, selectionSet: lowerSelection(selection.selectionSet, condition, graph) };
        }
        const field = type?.fields?.find((candidate) => candidate.name.value === selection.name.value);
        if (!type || !field) return selection;
        const nested = selection.selectionSet
          ? { selectionSet: lowerSelection(selection.selectionSet, namedType(field.type), graph) }
          : {};
        if (!selection.arguments?.length) return { ...selection, ...nested };
        const argumentsText = `(${selection.arguments.map(print).join(', ')})`;
        const name = standInFor(type, field, { argumentsText, graph });
        return { ...selection, ...nested, name: { kind: Kind.NAME, value: name }, arguments: [] };
      }),
    };
  }

  function lowerField(field: FieldDefinitionNode, typeName: string): FieldDefinitionNode {
    const directives = (field.directives ?? []).map((directive): ConstDirectiveNode => {
      const [join] = directivesNamed([directive], 'join__field');
      if (typeof join?.requires !== 'string') return directive;
      const lowered = (directive.arguments ?? []).map((argument) => {
        if (argument.name.value !== 'requires' || argument.value.kind !== Kind.STRING) return argument;
        const selection = lowerSelection(parseFieldSet(argument.value.value), typeName, join.graph);
        const text = selection.selections.map(print).join(' ');
        const value: StringValueNode = { kind: Kind.STRING, value: text };
        return { ...argument, value };
      });
      return { ...directive, arguments: lowered };
    });
    return { ...field, directives };
  }

  const lowered = visit(supergraph, {
    ObjectTypeDefinition: (type) => ({
      ...type,
      fields: (type.fields ?? []).map((field) => lowerField(field, type.name.value)),
    }),
  });
  if (standIns.size === 0) return { document: supergraph, standIns };

  const document = visit(lowered, {
    ObjectTypeDefinition: (type) => {
      const extra = added.get(type.name.value);
      return extra ? { ...type, fields: [...(type.fields ?? []), ...extra.map(toField)] } : undefined;
    },
  });
  return { document, standIns };
}

/** The stand-in as a field: where its field is resolved, and external where it is required. */
function toField({ name, field, requirers }: Added): FieldDefinitionNode {
  // The planner asks an agency for a field that is external there and that nothing there requires.
  const directives = (field.directives ?? []).filter((directive) => {
    const [join] = directivesNamed([directive], 'join__field');
    return join?.external !== true || requirers.has(join.graph);
  });
  return { ...field, name: { kind: Kind.NAME, value: name }, arguments: [], directives };
}

function objectTypes(supergraph: DocumentNode): ReadonlyMap<string, ObjectTypeDefinitionNode> {
  const types = new Map<string, ObjectTypeDefinitionNode>();
  for (const definition of supergraph.definitions) {
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION) types.set(definition.name.value, definition);
  }
  return types;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
