import {
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import type { AgencyId } from '../ids.ts';

/**
 * Which agency owns `Type.field`, from the join directives (https://specs.apollo.dev/join/v0.5). A field that several serve alike is
 * left out (it belongs to the agency of the field above it), except on root types, which have nothing above.
 */
export function readAgencies(document: DocumentNode, schema: GraphQLSchema): ReadonlyMap<string, AgencyId> {
  const names = graphNames(document);
  const owners = new Map<string, AgencyId>();
  const rootTypes = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const roots = new Set(rootTypes.map((type) => type?.name));
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const [field, graphs] of ownersByField(type)) {
      const graph = graphs.length === 1 || roots.has(type.name.value) ? graphs[0] : undefined;
      const agency = graph === undefined ? undefined : names.get(graph);
      if (agency !== undefined) owners.set(`${type.name.value}.${field}`, agency);
    }
  }
  handDown(owners, schema);
  return owners;
}

/** `join__Graph` value -> the subgraph's name, which is the agency's id. */
function graphNames(document: DocumentNode): ReadonlyMap<string, AgencyId> {
  const names = new Map<string, AgencyId>();
  for (const type of document.definitions) {
    if (type.kind !== Kind.ENUM_TYPE_DEFINITION || type.name.value !== 'join__Graph') continue;
    for (const value of type.values ?? []) {
      const name = uses(value.directives, 'join__graph')[0]?.name;
      if (typeof name === 'string') names.set(value.name.value, name as AgencyId);
    }
  }
  return names;
}

function ownersByField(
  type: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode,
): readonly (readonly [string, readonly string[]])[] {
  const ofType = uses(type.directives, 'join__type').map((use) => use.graph as string);
  return (type.fields ?? []).map((field) => {
    const joins = uses(field.directives, 'join__field');
    const owning = joins.filter((use) => use.external !== true && use.usedOverridden !== true);
    const graphs = owning.flatMap((use) => (typeof use.graph === 'string' ? [use.graph] : []));
    return [field.name.value, [...new Set(joins.length === 0 ? ofType : graphs)]] as const;
  });
}

/** A field that an interface object brings bears no graph on the implementing types. */
function handDown(owners: Map<string, AgencyId>, schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const interfaceType of type.getInterfaces()) {
      for (const field of Object.keys(interfaceType.getFields())) {
        const owner = owners.get(`${interfaceType.name}.${field}`);
        const coordinate = `${type.name}.${field}`;
        if (owner !== undefined && !owners.has(coordinate)) owners.set(coordinate, owner);
      }
    }
  }
}

function uses(directives: readonly ConstDirectiveNode[] | undefined, name: string): readonly Record<string, unknown>[] {
  return (directives ?? [])
    .filter((directive) => directive.name.value === name)
    .map((directive) =>
      Object.fromEntries((directive.arguments ?? []).map((one) => [one.name.value, valueFromASTUntyped(one.value)])),
    );
}
