import { Kind, type DocumentNode, type ObjectTypeDefinitionNode } from 'graphql';
import { directivesNamed, readAgencyNames } from './supergraphFacts.ts';

/** Unions of which agencies know different members, and what each agency can say of the members it knows. */
export interface UnionMembers {
  /** `agency|Union` -> members the agency knows; only for unions that agencies know differently. */
  readonly membersOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether the agency resolves the field by itself, without key and without anything required. */
  resolves(agency: string, typeName: string, fieldName: string): boolean;
}

export function readUnionMembers(supergraph: DocumentNode): UnionMembers {
  const agencies = readAgencyNames(supergraph);
  const membersOf = new Map<string, Set<string>>();
  const types = new Map<string, ObjectTypeDefinitionNode>();
  for (const definition of supergraph.definitions) {
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION) types.set(definition.name.value, definition);
    if (definition.kind !== Kind.UNION_TYPE_DEFINITION) continue;
    const union = definition.name.value;
    const known = directivesNamed(definition.directives, 'join__unionMember');
    const everywhere = directivesNamed(definition.directives, 'join__type').map(({ graph }) => {
      return [graph, new Set(known.filter((one) => one.graph === graph).map(({ member }) => String(member)))] as const;
    });
    if (everywhere.every(([, members]) => members.size === (definition.types ?? []).length)) continue;
    for (const [graph, members] of everywhere) membersOf.set(`${agencies.get(String(graph))}|${union}`, members);
  }

  return {
    membersOf,
    resolves(agency, typeName, fieldName) {
      const type = types.get(typeName);
      const field = type?.fields?.find(({ name }) => name.value === fieldName);
      if (!field) return false;
      const joins = directivesNamed(field.directives, 'join__field');
      const own = (joins.length > 0 ? joins : directivesNamed(type?.directives, 'join__type')).filter(
        ({ graph }) => agencies.get(String(graph)) === agency,
      );
      return own.some(
        (join) =>
          join.external !== true &&
          join.requires === undefined &&
          join.usedOverridden !== true &&
          join.override === undefined,
      );
    },
  };
}
