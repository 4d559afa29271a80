import { Kind, visit, type DocumentNode } from 'graphql';
import { isRuleLink, type Link, type RuleDirective } from './links.ts';

/**
 * The supergraph without the rules: their links, definitions and uses. The planner's library refuses a supergraph that names a security
 * feature it does not know (2.14); with the links alone removed, the definitions would show in introspection.
 */
export function withoutRules(
  document: DocumentNode,
  links: readonly Link[],
  bound: ReadonlyMap<string, RuleDirective>,
): DocumentNode {
  const ruleLinks = links.filter(isRuleLink);
  const linkNodes = new Set<unknown>(ruleLinks.map((link) => link.node));
  const belongsToRule = (typeName: string): boolean =>
    ruleLinks.some((link) => typeName.startsWith(`${link.namespace}__`) || isImportedType(link, typeName));
  const removeType = (node: { readonly name: { readonly value: string } }): null | undefined =>
    belongsToRule(node.name.value) ? null : undefined;
  return visit(document, {
    Directive: (node) => (linkNodes.has(node) || bound.has(node.name.value) ? null : undefined),
    [Kind.DIRECTIVE_DEFINITION]: (node) => (bound.has(node.name.value) ? null : undefined),
    ScalarTypeDefinition: removeType,
    EnumTypeDefinition: removeType,
  });
}

function isImportedType(link: Link, typeName: string): boolean {
  return [...link.imports].some(([name, here]) => !name.startsWith('@') && here === typeName);
}
