import { visit, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { directivesNamed } from './supergraphFacts.ts';

/**
 * Takes `@key(resolvable: false)` away from a type that has a resolvable key in the same agency. The planner (2.14.4) may choose any
 * of an agency's keys to come back to it for a computed field, and nobody resolves that one. Where it is a type's only key it stays:
 * there it says that the type is an entity elsewhere.
 */
export function dropUnresolvableKeys(supergraph: DocumentNode): DocumentNode {
  const keep = (directives: readonly ConstDirectiveNode[] | undefined): ConstDirectiveNode[] => {
    const resolvable = new Set(
      directivesNamed(directives, 'join__type')
        .filter(({ key, resolvable: isResolvable }) => typeof key === 'string' && isResolvable !== false)
        .map(({ graph }) => graph),
    );
    return (directives ?? []).filter((directive) => {
      const [join] = directivesNamed([directive], 'join__type');
      return !(join?.resolvable === false && resolvable.has(join.graph));
    });
  };
  return visit(supergraph, {
    ObjectTypeDefinition: (type) => ({ ...type, directives: keep(type.directives) }),
    InterfaceTypeDefinition: (type) => ({ ...type, directives: keep(type.directives) }),
  });
}
