import { yearInParis } from '../../../schema/parisCalendar.ts';
import { postForm, submitButton } from '../../design/forms.ts';
import { card, tag, type Tone } from '../../design/pieces.ts';
import { colon, formatDay } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import { html, type Html } from '../../web/html.ts';
import type { SignedInVisit } from '../../web/route.ts';
import type { ConsentStatus } from '../consents/consentGraph.ts';
import { consentTexts } from '../consents/consentTexts.ts';
import { groupByHolder } from '../facts/byScope.ts';
import type { Authorisation } from './authorisationGraph.ts';
import { authorisationTexts } from './authorisationTexts.ts';

const TONES: Readonly<Record<ConsentStatus, Tone>> = {
  REQUESTED: 'attention',
  ACTIVE: 'good',
  REFUSED: 'plain',
  WITHDRAWN: 'plain',
  OBJECTED: 'plain',
  EXPIRED: 'plain',
};

/** How an entry stands, in a word. */
export function statusTag(status: ConsentStatus, language: Language): Html {
  return tag(TONES[status], consentTexts(language).statuses[status]);
}

/** What may be read, by holder. */
export function scopeList(scopes: readonly { readonly name: string }[], language: Language, clock: () => number): Html {
  const groups = groupByHolder(
    scopes.map(({ name }) => name),
    [],
    language,
    yearInParis(clock()),
  );
  return html`<ul>
    ${groups.map(({ label, lines }) => html`<li>${label}${colon(language)} ${lines.map((line) => line.label).join(', ')}</li>`)}
  </ul>`;
}

/** An authorisation in force, with what the person can do about it. */
export function activeCard(visit: SignedInVisit, one: Authorisation): Html {
  const { language, clock } = visit;
  const texts = authorisationTexts(language);
  const isConsent = one.kind === 'CONSENT';
  const label = isConsent
    ? texts.withdrawLabel(one.service.name, one.purpose.label)
    : texts.objectLabel(one.service.name, one.purpose.label);
  const dates = [
    one.givenAt && texts.since(formatDay(one.givenAt, language)),
    one.expiresAt && texts.until(formatDay(one.expiresAt, language)),
  ].filter(Boolean);
  return card({
    id: one.id,
    title: one.purpose.label,
    aside: tag(isConsent ? 'accent' : 'plain', isConsent ? texts.consent : texts.notice),
    body: html`<p class="soft">${dates.join(', ')}</p>
      <p>${texts.reads}${colon(language)}</p>
      ${scopeList(one.scopes, language, clock)}`,
    foot: html`${postForm(
        visit,
        `/authorisations/${one.id}/end`,
        submitButton(isConsent ? texts.withdraw : texts.object, 'danger', { 'aria-label': label }),
        { hidden: { kind: one.kind }, className: 'actions' },
      )}
      <a href="/authorisations/${one.id}" aria-label="${texts.detailsLabel(one.purpose.label, one.service.name)}"
        >${texts.details}</a
      >`,
  });
}

/** One that is over, in a line. */
export function pastLine(
  { id, service, purpose, status, endedAt, expiresAt }: Authorisation,
  language: Language,
): Html {
  const day = endedAt ?? expiresAt;
  const texts = authorisationTexts(language);
  return html`<li>
    <a href="/authorisations/${id}">${service.name}${colon(language)} ${purpose.label}</a>
    ${statusTag(status, language)}
    ${day !== null && html`<span class="soft small">${texts.ended(formatDay(day, language))}</span>`}
  </li>`;
}
