import { Kind, type DirectiveNode } from 'graphql';
import type { Condition, Presence } from '../exchange.ts';

/**
 * All conditions on the way to one occurrence of a field, without doubles. `undefined` = never: a constant, or a variable asked to be
 * both true and false. A field that is never present stays in the tree all the same, since conditions must not change a verdict.
 */
export type Conjunction = readonly Condition[] | undefined;

export const ALWAYS: Conjunction = [];

/** What `@skip` and `@include` of one node add to `base`; constants are folded. */
export function withDirectives(base: Conjunction, directives: readonly DirectiveNode[] | undefined): Conjunction {
  let conjunction = base;
  for (const directive of directives ?? []) {
    const name = directive.name.value;
    if (name !== 'skip' && name !== 'include') continue;
    const condition = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
    if (condition?.kind === Kind.BOOLEAN && condition.value !== (name === 'include')) conjunction = undefined;
    if (condition?.kind !== Kind.VARIABLE) continue;
    conjunction = withCondition(conjunction, { variable: condition.name.value, equals: name === 'include' });
  }
  return conjunction;
}

function withCondition(base: Conjunction, added: Condition): Conjunction {
  const same = base?.find((condition) => condition.variable === added.variable);
  if (base === undefined || (same && same.equals !== added.equals)) return undefined;
  return same ? base : [...base, added];
}

/** OR of the occurrences; what a weaker one already covers is left out. */
export function anyOf(occurrences: readonly Conjunction[]): Presence {
  const kept: (readonly Condition[])[] = [];
  const shortestFirst = occurrences.filter((one) => one !== undefined).toSorted((a, b) => a.length - b.length);
  for (const one of shortestFirst) {
    if (one.length === 0) return undefined;
    if (!kept.some((weaker) => covers(weaker, one))) kept.push(one);
  }
  return kept;
}

/** The conditions of `occurrence` that its field's presence does not already say; children start from these. */
export function beyond(presence: Presence, occurrence: Conjunction): Conjunction {
  if (occurrence === undefined || presence?.length !== 1) return occurrence;
  return occurrence.filter((condition) => !includes(presence[0]!, condition));
}

function covers(weaker: readonly Condition[], stronger: readonly Condition[]): boolean {
  return weaker.every((condition) => includes(stronger, condition));
}

function includes(conjunction: readonly Condition[], wanted: Condition): boolean {
  return conjunction.some((one) => one.variable === wanted.variable && one.equals === wanted.equals);
}
