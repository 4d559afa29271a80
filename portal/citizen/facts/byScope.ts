import { findScope, type ScopeName } from '../../../schema/scopes.ts';
import { agencyLabel } from '../../agencies.ts';
import type { Language } from '../../i18n/language.ts';
import type { AskedFact, Holding } from './askFacts.ts';
import type { Fact } from './fact.ts';
import { KNOWN_FACTS } from './knownFacts.ts';

/** A category of data in everyday words, with what is known under it. */
export interface ScopeLine {
  readonly scope: ScopeName;
  readonly label: string;
  /** The facts that it opens, one for each year; empty when they were not asked for. */
  readonly facts: readonly (AskedFact & { readonly incomeYear?: number })[];
}

/** The categories of one holder. */
export interface ScopeGroup {
  readonly holder: string;
  readonly label: string;
  readonly lines: readonly ScopeLine[];
}

const YEAR_SCOPE = /^dgfip_annee_n_moins_([123])$/;

/** What these categories of data open, for `askFacts`. */
export function factsOf(scopes: readonly ScopeName[]): readonly Fact[] {
  return KNOWN_FACTS.filter(({ scope }) => scopes.includes(scope));
}

/** The income years that these categories open, counted back from the year in Paris. */
export function yearsOf(scopes: readonly ScopeName[], currentYear: number): readonly number[] {
  return scopes.flatMap((scope) => {
    const back = YEAR_SCOPE.exec(scope)?.[1];
    return back === undefined ? [] : [currentYear - Number(back)];
  });
}

/** Categories by holder, in the order in which people read them. */
export function groupByHolder(
  scopes: readonly ScopeName[],
  holdings: readonly Holding[],
  language: Language,
  currentYear: number,
): readonly ScopeGroup[] {
  const order = [...new Set(KNOWN_FACTS.map(({ holder }) => holder as string))];
  const holderOf = (scope: ScopeName) => findScope(scope)?.holder ?? 'hub';
  const place = (holder: string) => (order.includes(holder) ? order.indexOf(holder) : order.length);
  const holders = [...new Set(scopes.map(holderOf))].sort((one, other) => place(one) - place(other));
  const asked = holdings.flatMap(({ facts, incomeYear }) =>
    facts.map((fact) => ({ ...fact, ...(incomeYear !== undefined && { incomeYear }) })),
  );
  return holders.map((holder) => ({
    holder,
    label: agencyLabel(holder, language),
    lines: inReadingOrder(scopes.filter((scope) => holderOf(scope) === holder)).map((scope) => ({
      scope,
      label: scopeLabel(scope, language, currentYear),
      facts: asked.filter(({ fact }) => fact.scope === scope),
    })),
  }));
}

/** A category as people read it; "year N-1" is said as the year that it is. */
export function scopeLabel(scope: ScopeName, language: Language, currentYear: number): string {
  const back = YEAR_SCOPE.exec(scope)?.[1];
  if (back === undefined) return findScope(scope)?.label[language] ?? scope;
  const year = currentYear - Number(back);
  return { fr: `Ouvrir l’année de revenus ${year}`, en: `Open the income year ${year}` }[language];
}

/** Years first, since nothing of an assessment is read without one. */
function inReadingOrder(scopes: readonly ScopeName[]): readonly ScopeName[] {
  const place = (scope: ScopeName) => KNOWN_FACTS.findIndex((fact) => fact.scope === scope);
  return [...scopes].sort((one, other) => place(one) - place(other));
}
