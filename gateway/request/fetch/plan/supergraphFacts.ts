import {
  Kind,
  parse,
  valueFromASTUntyped,
  type DirectiveNode,
  type DocumentNode,
  type SelectionSetNode,
} from 'graphql';

/** What compiling needs to know of a supergraph beyond its types, read from its `join__` directives. */
export interface SupergraphFacts {
  /** Plain key fields of an entity in one agency: `agency|Type` -> field names that stand alone in a resolvable key. */
  readonly keysOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** Interfaces that some agency knows as one object type (`@interfaceObject`). */
  readonly interfaceObjects: ReadonlySet<string>;
  /** Names of fields that some `@requires` asks for without arguments. */
  readonly requiredPlain: ReadonlySet<string>;
  /** Selection text of `@requires`: `agency|Type.field` -> text. */
  readonly requires: ReadonlyMap<string, string>;
}

/** Reads the facts from a supergraph's document (join specification, https://specs.apollo.dev/join/v0.5). */
export function readSupergraphFacts(supergraph: DocumentNode): SupergraphFacts {
  const agencies = readAgencyNames(supergraph);
  const keysOf = new Map<string, Set<string>>();
  const interfaceObjects = new Set<string>();
  const requiredPlain = new Set<string>();
  const requires = new Map<string, string>();

  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const joinType of directivesNamed(definition.directives, 'join__type')) {
      if (joinType.isInterfaceObject === true) interfaceObjects.add(definition.name.value);
      if (typeof joinType.key !== 'string' || joinType.resolvable === false) continue;
      const place = `${agencies.get(String(joinType.graph))}|${definition.name.value}`;
      const keys = keysOf.get(place) ?? new Set<string>();
      for (const name of plainFields(joinType.key)) keys.add(name);
      keysOf.set(place, keys);
    }
    for (const field of definition.fields ?? []) {
      for (const joinField of directivesNamed(field.directives, 'join__field')) {
        if (typeof joinField.requires !== 'string') continue;
        const agency = agencies.get(String(joinField.graph));
        requires.set(`${agency}|${definition.name.value}.${field.name.value}`, joinField.requires);
        collectPlain(parseFieldSet(joinField.requires), requiredPlain);
      }
    }
  }
  return { keysOf, interfaceObjects, requiredPlain, requires };
}

/** A federation field set (`id address { city }`) as a selection set. */
export function parseFieldSet(text: string): SelectionSetNode {
  const definition = parse(`{${text}}`, { noLocation: true }).definitions[0]!;
  if (definition.kind !== Kind.OPERATION_DEFINITION) throw new TypeError(`not a field set: ${text}`);
  return definition.selectionSet;
}

/** Arguments of every use of one directive, as plain values. */
export function directivesNamed(
  directives: readonly DirectiveNode[] | undefined,
  name: string,
): readonly Readonly<Record<string, unknown>>[] {
  return (directives ?? [])
    .filter((directive) => directive.name.value === name)
    .map((directive) =>
      Object.fromEntries(
        (directive.arguments ?? []).map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]),
      ),
    );
}

/** Names of agencies by the value of `join__Graph` that stands for them. */
export function readAgencyNames(supergraph: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const value of definition.values ?? []) {
      const [graph] = directivesNamed(value.directives, 'join__graph');
      names.set(value.name.value, String(graph?.name ?? value.name.value));
    }
  }
  return names;
}

function plainFields(fieldSet: string): string[] {
  return parseFieldSet(fieldSet).selections.flatMap((selection) =>
    selection.kind === Kind.FIELD && !selection.selectionSet ? [selection.name.value] : [],
  );
}

function collectPlain(selectionSet: SelectionSetNode, names: Set<string>): void {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD && (selection.arguments ?? []).length === 0) names.add(selection.name.value);
    if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) {
      collectPlain(selection.selectionSet, names);
    }
  }
}
