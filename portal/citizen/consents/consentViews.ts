import { choice } from '../../design/forms.ts';
import { facts } from '../../design/pieces.ts';
import { colon, formatDay } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import { html, type Html, type Part } from '../../web/html.ts';
import type { ScopeGroup, ScopeLine } from '../facts/byScope.ts';
import { factValue, needsStrongerSession } from '../facts/factViews.ts';
import type { ConsentTerms } from './consentGraph.ts';
import { consentTexts } from './consentTexts.ts';

export interface TermsView {
  readonly terms: ConsentTerms;
  readonly retentionMonths: number | null;
  readonly expiresAt?: string;
  readonly answerBefore?: string;
  readonly roles?: readonly string[];
}

/** Who asks, why, on what ground, for how long. */
export function termsFacts(
  { terms, retentionMonths, expiresAt, answerBefore, roles = [] }: TermsView,
  language: Language,
): Html {
  const texts = consentTexts(language);
  const whose = roles.map((role) => texts.roles[role] ?? role).join(', ');
  return facts([
    [texts.who, html`${terms.service.name} <span class="soft small">${texts.siret(terms.service.siret)}</span>`],
    [texts.why, terms.purpose.label],
    [texts.whose, whose !== '' && whose],
    [texts.basis, texts.bases[terms.legalBasis]],
    [texts.openUntil, expiresAt && formatDay(expiresAt, language)],
    [texts.kept, retentionMonths !== null && texts.months(retentionMonths)],
    [texts.answerBefore, answerBefore && formatDay(answerBefore, language)],
  ]);
}

/** Each category as a box, not ticked, with what would be sent. */
export function scopeChoices(groups: readonly ScopeGroup[], ticked: ReadonlySet<string>, language: Language): Html {
  return html`${groups.map(
    ({ label, lines }) =>
      html`<fieldset class="fieldset">
        <legend>${consentTexts(language).from(label)}</legend>
        ${lines.map((line) =>
          choice({
            type: 'checkbox',
            id: `scope-${line.scope}`,
            name: 'scope',
            value: line.scope,
            label: line.label,
            isChecked: ticked.has(line.scope),
            more: lineValues(line, language) ?? consentTexts(language).yearHint,
          }),
        )}
      </fieldset>`,
  )}`;
}

/** Each category with what will be read, where nobody is asked to choose. */
export function scopeFacts(groups: readonly ScopeGroup[], language: Language): Html {
  return html`${groups.map(
    ({ label, lines }) =>
      html`<section class="section">
        <h3>${consentTexts(language).from(label)}</h3>
        ${facts(lines.map((line) => [line.label, lineValues(line, language) ?? consentTexts(language).yes] as const))}
      </section>`,
  )}`;
}

export function strongerSignIn(groups: readonly ScopeGroup[], to: string, language: Language): Html | false {
  const facts = groups.flatMap(({ lines }) => lines.flatMap((line) => line.facts));
  if (!needsStrongerSession(facts)) return false;
  const texts = consentTexts(language);
  const query = new URLSearchParams({ level: 'eidas2', to });
  return html`<p>${texts.tooWeak} <a href="/sign-in?${query.toString()}">${texts.stepUp}</a></p>`;
}

/** The values of a category; undefined for one that only opens others (an income year). */
function lineValues({ facts, scope }: ScopeLine, language: Language): Part {
  if (facts.length === 0) return scope.startsWith('dgfip_annee') ? undefined : consentTexts(language).noPreview;
  if (facts.length === 1) return factValue(facts[0]!, language);
  return html`<ul role="list">
    ${facts.map((fact) => {
      const about =
        fact.incomeYear === undefined ? fact.fact.label[language] : consentTexts(language).ofYear(fact.incomeYear);
      return html`<li><span class="soft">${about}${colon(language)}</span> ${factValue(fact, language)}</li>`;
    })}
  </ul>`;
}
