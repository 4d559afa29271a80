import { ACR_LEVELS, type Acr } from '../../../schema/acr.ts';
import type { AccessRule } from './graph.ts';

export const NO_RULE: AccessRule = {
  authenticated: false,
  scopes: undefined,
  policies: undefined,
  minimumAcr: undefined,
};

/** OR of ANDs, each AND sorted and without doubles, none that another one already covers, in a fixed order. */
export type Alternatives = readonly (readonly string[])[];

/**
 * Both rules at once, as Apollo multiplies a type's with a field's: every alternative of the one with every alternative of the other,
 * so that a token that meets one half of each is refused.
 */
export function bothRules(a: AccessRule | undefined, b: AccessRule | undefined): AccessRule {
  if (!a || !b) return a ?? b ?? NO_RULE;
  return {
    authenticated: a.authenticated || b.authenticated,
    scopes: bothAlternatives(a.scopes, b.scopes),
    policies: bothAlternatives(a.policies, b.policies),
    minimumAcr: strictestAcr(a.minimumAcr, b.minimumAcr),
  };
}

export function bothAlternatives(a: Alternatives | undefined, b: Alternatives | undefined): Alternatives | undefined {
  if (!a || !b) return a ?? b;
  return minimalAlternatives(a.flatMap((left) => b.map((right) => [...left, ...right])));
}

/** Without those that hold all of another one; smallest first, then in alphabetical order. */
export function minimalAlternatives(alternatives: Alternatives): Alternatives {
  const sorted = alternatives
    .map((one) => [...new Set(one)].sort())
    .sort((a, b) => a.length - b.length || (a.join(' ') < b.join(' ') ? -1 : 1));
  const kept: (readonly string[])[] = [];
  for (const one of sorted) {
    const members = new Set(one);
    if (!kept.some((smaller) => smaller.every((name) => members.has(name)))) kept.push(one);
  }
  return kept;
}

export function strictestAcr(a: Acr | undefined, b: Acr | undefined): Acr | undefined {
  if (!a || !b) return a ?? b;
  return ACR_LEVELS.indexOf(a) >= ACR_LEVELS.indexOf(b) ? a : b;
}

/** Whether two rules, acr apart, ask the same. */
export function sameRights(a: AccessRule, b: AccessRule): boolean {
  return (
    a.authenticated === b.authenticated &&
    canonical(a.scopes) === canonical(b.scopes) &&
    canonical(a.policies) === canonical(b.policies)
  );
}

function canonical(alternatives: Alternatives | undefined): string {
  return alternatives === undefined ? '' : JSON.stringify(minimalAlternatives(alternatives));
}
