import { findScope, type ScopeName } from '../../schema/scopes.ts';
import type { Resolver } from './agencyModule.ts';
import { KnownPerson } from './persons.ts';
import type { AccessRule } from './rules.ts';

/*
 * A field that is computed from what other agencies know (`@requires`) has a rule that holds theirs, and a grant holds no scope of another agency. That what
 * is required has been sent is the hub's word that all of it may be read: the grant covers the request's every byte.
 */

/** The rule of a computed field as far as it is this agency's to judge. */
export function ownPartOf(rule: AccessRule, agency: string): AccessRule {
  const isOwn = (name: ScopeName): boolean => findScope(name)?.holder === agency;
  return { ...rule, scopes: rule.scopes?.map((conjunction) => conjunction.filter(isOwn)) };
}

/** Whether the hub has sent all that is required, be it null. */
export function wasSent(parent: unknown, required: readonly string[]): boolean {
  return parent instanceof KnownPerson && required.every((name) => Object.hasOwn(parent.required, name));
}

/** Nothing is computed from what is not there: the field is null, and the agency's resolver is not asked. */
export function unlessMissing(resolver: Resolver, required: readonly string[]): Resolver {
  const compute = resolver as (...given: readonly unknown[]) => unknown;
  return (...given: readonly unknown[]) => {
    const sent = (given[0] as KnownPerson).required;
    return required.some((name) => sent[name] === undefined || sent[name] === null) ? null : compute(...given);
  };
}
