import { postForm, submitButton } from '../../design/forms.ts';
import { facts, linkButton, note, pageHead } from '../../design/pieces.ts';
import { formatEuros } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import { html, type Html, type Part } from '../../web/html.ts';
import { page, type PageAnswer, type SignedInVisit } from '../../web/route.ts';
import type { Procedure } from '../procedures.ts';
import { serviceTexts } from '../serviceTexts.ts';
import type { Standing } from './standing.ts';

export interface Preview {
  readonly standings: readonly Standing[];
  readonly portalOrigin: string;
  readonly isBack: boolean;
  /** Made for the person's partner, and not yet of use. */
  readonly link: string | undefined;
}

/** What the administrations say, what is missing of it and whose it is to open, and the way for who cannot share. */
export function previewPage(visit: SignedInVisit, procedure: Procedure, preview: Preview): PageAnswer {
  const { standings, portalOrigin, isBack, link } = preview;
  const texts = serviceTexts(visit.language);
  const path = `/${procedure.id}/request`;
  const those = (is: Standing['is']) => standings.filter((standing) => standing.is === is);
  const [mine, partners, unavailable] = [those('mine'), those('partners'), those('unavailable')];
  const rows = standings.map(
    (standing) => [texts.fieldNames[standing.field.name], said(standing, visit.language)] as const,
  );
  return page({
    title: texts.previewTitle,
    formsLeadTo: [portalOrigin],
    main: html`${pageHead(texts.previewTitle, texts.previewLead)}
    ${isBack && note('plain', texts.welcomeBack, html`<p>${texts.welcomeBackBody}</p>`, true)} ${facts(rows)}
    ${mine.length > 0 && note('attention', texts.missing[procedure.basis], missingBody(visit, procedure, mine))}
    ${partners.length > 0 && note('attention', texts.partnerMissing, partnerBody(visit, path, link))}
    ${
      unavailable.length > 0 &&
      note(
        'attention',
        texts.unavailable,
        unavailable.map(
          ({ field, fault }) => html`<p>${texts.fieldNames[field.name]}. ${fault?.message ?? texts.nothingHeld}</p>`,
        ),
      )
    }
    ${
      standings.every(({ is }) => is === 'known')
        ? postForm(visit, path, html`<p class="actions">${submitButton(texts.send)}</p>`)
        : html`<p>${linkButton(`/${procedure.id}/otherwise`, texts.withoutSharing, 'second')}</p>`
    }`,
  });
}

function said({ field, value }: Standing, language: Language): Part {
  const texts = serviceTexts(language);
  if (value === undefined) return texts.notSaid;
  if (field.name === 'partnerIncome' && value === false) return texts.nobody;
  if (typeof value === 'boolean') return value ? texts.yes : texts.no;
  return typeof value === 'number' && field.holder === 'tax' ? formatEuros(value, language) : value;
}

function missingBody(visit: SignedInVisit, { id, basis }: Procedure, missing: readonly Standing[]): Html {
  const texts = serviceTexts(visit.language);
  return html`<p>${texts.missingBody}</p>
    <ul>
      ${missing.map(({ field }) => html`<li>${texts.fieldNames[field.name]}, ${texts.why[field.name]}</li>`)}
    </ul>
    <p>${texts.allowHint[basis]}</p>
    ${postForm(visit, `/${id}/request/consent`, html`<p class="actions">${submitButton(texts.allow[basis])}</p>`)}`;
}

/** One link, and then the same question again: what the partner answered shows in nothing else. */
function partnerBody(visit: SignedInVisit, path: string, link: string | undefined): Html {
  const texts = serviceTexts(visit.language);
  if (link === undefined) {
    return html`<p>${texts.partnerMissingBody}</p>
      ${postForm(visit, `${path}/partner`, html`<p class="actions">${submitButton(texts.partnerAsk)}</p>`)}
      <p>${texts.partnerOr}</p>`;
  }
  return html`<div class="field" id="partner">
      <label for="partner-link">${texts.partnerLink}</label>
      <p class="field__hint" id="partner-hint">${texts.partnerLinkHint}</p>
      <input type="text" id="partner-link" value="${link}" readonly aria-describedby="partner-hint" />
    </div>
    ${postForm(
      visit,
      `${path}/partner`,
      html`<p class="actions">
        ${linkButton(path, texts.partnerCheck)} ${submitButton(texts.partnerAgain, 'second')}
      </p>`,
    )}
    <p>${texts.partnerOr}</p>`;
}
