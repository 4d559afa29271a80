import { meetsAcr, type Acr } from '../../schema/acr.ts';
import { yearInParis } from '../../schema/parisCalendar.ts';
import { findScope, yearScope, type ScopeName } from '../../schema/scopes.ts';
import type { RequestScope } from './agencyModule.ts';
import type { AccessRule } from './rules.ts';

/** What may be read of one subject, in this request. */
export interface Rights {
  readonly scopes: ReadonlySet<ScopeName>;
  readonly acr: Acr;
  /** Calendar year in Paris. */
  readonly year: number;
}

/** Rights by scopes, for one request: the year is looked up once and not for each of its subjects. */
export function rightsIn({ grant, clock }: RequestScope): (scopes?: readonly ScopeName[]) => Rights {
  const year = yearInParis(clock());
  return (scopes = []) => ({ scopes: new Set(scopes), acr: grant.acr, year });
}

/** A field's rule together with the arguments it was asked with. */
export interface AskedRule {
  readonly rule: AccessRule;
  readonly args: Readonly<Record<string, unknown>>;
}

/** `authenticated` holds by itself here: a grant is issued for an authenticated caller only. */
export function satisfies({ rule, args }: AskedRule, rights: Rights): boolean {
  if (rule.minimumAcr && !meetsAcr(rights.acr, rule.minimumAcr)) return false;
  if (rule.yearArgument !== undefined && !opensYear(args[rule.yearArgument], rights)) return false;
  return (
    rule.scopes === undefined || rule.scopes.some((conjunction) => conjunction.every((name) => opens(name, rights)))
  );
}

/** A scope opens nothing below its own least level of assurance. */
function opens(name: ScopeName, { scopes, acr }: Rights): boolean {
  const scope = findScope(name);
  return scope !== undefined && scopes.has(name) && meetsAcr(acr, scope.minimumAcr);
}

function opensYear(incomeYear: unknown, rights: Rights): boolean {
  if (typeof incomeYear !== 'number') return false;
  const needed = yearScope(incomeYear, rights.year);
  return needed !== undefined && opens(needed, rights);
}
