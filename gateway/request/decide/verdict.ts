import { meetsAcr } from '../../../schema/acr.ts';
import type { RefusalReason, RefusalSubject } from '../../../schema/refusals.ts';
import { findScope, type ScopeName } from '../../../schema/scopes.ts';
import { bothAlternatives, minimalAlternatives, type Alternatives } from '../../platform/graph/accessRule.ts';
import type { AccessRule, Verdict } from '../exchange.ts';
import type { Rights, ScopeSet } from './rights.ts';

/** `needed`: the field needs this scope of an income year. `closed`: no scope opens that year. */
export type YearNeed = { readonly kind: 'needed'; readonly scope: ScopeName } | { readonly kind: 'closed' } | undefined;

export const ALLOWED: Verdict = { allowed: true };

export function refuse(
  reason: RefusalReason,
  subject: RefusalSubject,
  missingScopes: Alternatives = [],
): Verdict & { readonly allowed: false } {
  return { allowed: false, reason, subject, missingScopes };
}

/**
 * The verdict on one rule for a subject whose rights these are. The rule is evaluated once, on the one set of effective scopes: two halves
 * of an OR never come from two sources. Any caller is authenticated; a policy is met only when somebody says so.
 */
export function judgeRule(
  rule: AccessRule | undefined,
  year: YearNeed,
  rights: Rights,
  subject: RefusalSubject,
): Verdict {
  if (rule?.policies && !rule.policies.some((all) => all.every((one) => rights.metPolicies.has(one)))) {
    return refuse('POLICY_NOT_MET', subject);
  }
  if (year?.kind === 'closed') return refuse('YEAR_NOT_OPEN', subject);
  const alternatives = bothAlternatives(rule?.scopes, year && [[year.scope]]);
  if (alternatives) return judgeScopes(alternatives, rule, rights, subject);
  return sessionSuffices(rule, rights) ? ALLOWED : refuse('ACR_TOO_LOW', subject);
}

/** Below the habilitation's own least level nothing is opened at all: no agency is asked, not even who the caller is. */
function sessionSuffices(rule: AccessRule | undefined, { acr, minimumAcr }: Rights): boolean {
  return meetsAcr(acr, minimumAcr) && (!rule?.minimumAcr || meetsAcr(acr, rule.minimumAcr));
}

function judgeScopes(
  alternatives: Alternatives,
  rule: AccessRule | undefined,
  rights: Rights,
  subject: RefusalSubject,
): Verdict {
  const stages: readonly (readonly [RefusalReason, ScopeSet])[] = [
    ['NOT_IN_HABILITATION', rights.habilitationScopes],
    ['SCOPE_NOT_IN_TOKEN', rights.tokenScopes],
    ['CONSENT_REQUIRED', rights.effectiveScopes],
  ];
  let left = alternatives;
  for (const [reason, held] of stages) {
    const kept = left.filter((all) => all.every((scope) => held.has(scope)));
    if (kept.length === 0) return refuse(reason, subject, missing(left, rights.effectiveScopes));
    left = kept;
  }
  const usable = sessionSuffices(rule, rights) && left.some((all) => all.every((scope) => reaches(rights, scope)));
  return usable ? ALLOWED : refuse('ACR_TOO_LOW', subject);
}

/** Of the alternatives that came furthest, what each lacks: no scope is named that would not help. */
function missing(alternatives: Alternatives, effective: ScopeSet): Alternatives {
  return minimalAlternatives(alternatives.map((all) => all.filter((scope) => !effective.has(scope))));
}

function reaches(rights: Rights, scope: ScopeName): boolean {
  return meetsAcr(rights.acr, findScope(scope)?.minimumAcr ?? 'eidas1');
}
