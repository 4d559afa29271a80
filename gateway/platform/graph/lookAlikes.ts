import { visit, type DocumentNode } from 'graphql';
import { HUB_DIRECTIVES } from '../../../schema/directives.ts';
import type { RuleDirective } from './links.ts';

const RULE_NAMES = new Set(
  ['authenticated', 'requiresScopes', 'policy', ...HUB_DIRECTIVES].map((name) => name.toLowerCase()),
);

/**
 * A directive that is called like a rule and is not bound to its specification protects nothing, while whoever wrote it believes that
 * it does: throws a TypeError instead of passing in silence.
 */
export function refuseLookAlikes(document: DocumentNode, bound: ReadonlyMap<string, RuleDirective>): void {
  const check = (name: string): void => {
    const plain = name.split('__').at(-1)!.toLowerCase();
    if (RULE_NAMES.has(plain) && !bound.has(name)) {
      throw new TypeError(`supergraph: expected @${name} to be bound to its specification by @link, got a look-alike`);
    }
  };
  visit(document, {
    DirectiveDefinition: (node) => check(node.name.value),
    Directive: (node) => check(node.name.value),
  });
}
