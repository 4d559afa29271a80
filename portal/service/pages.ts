import { card, facts, linkButton, note, pageHead, section } from '../design/pieces.ts';
import { formatEuros, formatInstant, formatList } from '../i18n/formats.ts';
import type { Language } from '../i18n/language.ts';
import { html, type Html } from '../web/html.ts';
import { openPage, page, type Route } from '../web/route.ts';
import { PROCEDURES, type Procedure } from './procedures.ts';
import type { Receipt, Receipts } from './receipts.ts';
import { serviceTexts } from './serviceTexts.ts';

export const welcomePage: Route = openPage('GET', '/', ({ language }) => {
  const texts = serviceTexts(language);
  const forms = PROCEDURES.map(
    ({ id }) =>
      html`<li class="card">
        <h2><a href="/${id}">${texts.titles[id]}</a></h2>
        <p>${texts.leads[id]}</p>
      </li>`,
  );
  return page({
    title: texts.home,
    main: html`${pageHead(texts.home, texts.homeLead)}
      <ul role="list" class="cards">
        ${forms}
      </ul>`,
  });
});

/** What will be asked and why, before anybody signs in; and, at the end, the receipt. */
export function procedurePages(procedure: Procedure, receipts: Receipts): readonly Route[] {
  const { id } = procedure;
  return [
    openPage('GET', `/${id}`, ({ language }) => {
      const texts = serviceTexts(language);
      const asked = procedure.fields.map(({ name, holder, of }) => {
        const body = facts([
          [texts.reason, texts.why[name]],
          [texts.holder, texts.holders[holder]],
          [texts.basis, of === 'SPOUSE' ? texts.partnersBasis : texts.bases[id]],
          [texts.kept, texts.keptFor[id]],
        ]);
        return html`<li>${card({ title: texts.fieldNames[name], body })}</li>`;
      });
      return page({
        title: texts.titles[id],
        main: html`${pageHead(texts.titles[id], texts.leads[id])}
          ${section(
            texts.fetched,
            html`<ul role="list" class="cards">
              ${asked}
            </ul>`,
          )}
          <p class="actions">
            ${linkButton(`/${id}/sign-in?to=/${id}/request`, texts.signIn)}
            ${linkButton(`/${id}/otherwise`, texts.otherwise, 'second')}
          </p>
          ${section(texts.tariff, tariffTable(procedure, language))}`,
      });
    }),

    openPage('GET', `/${id}/receipt`, ({ language, session }) => {
      const texts = serviceTexts(language);
      const receipt = receipts.of(session);
      if (receipt?.procedure !== id) {
        const start = html`<p>${linkButton(`/${id}`, texts.titles[id])}</p>`;
        return page({ title: texts.noReceipt, status: 404, main: html`${pageHead(texts.noReceipt)}${start}` });
      }
      const { cents } = receipt;
      const price = cents === undefined ? texts.priceLater : formatEuros(cents / 100, language);
      return page({
        title: texts.receipt,
        main: html`${pageHead(texts.receipt, texts.receiptLead)}
        ${note('good', texts.price(texts.priceColumn[id], price))}
        ${facts([
          [texts.reference, receipt.reference],
          [texts.sentAt, formatInstant(receipt.at, language)],
          [texts.used, receipt.used.length > 0 && namesOf(receipt, language)],
          [texts.source, texts.ways[receipt.way]],
          [texts.basis, receipt.way === 'shared' && texts.bases[id]],
          [texts.partnersBasisOf, receipt.used.includes('partnerIncome') && texts.partnersBasis],
          [texts.kept, texts.keptFor[id]],
        ])}`,
      });
    }),
  ];
}

function namesOf({ used }: Receipt, language: Language): string {
  const { fieldNames } = serviceTexts(language);
  return formatList(
    used.map((name) => fieldNames[name]),
    language,
  );
}

function tariffTable({ id, tariff, counted }: Procedure, language: Language): Html {
  const texts = serviceTexts(language);
  const amount = (euros: number) => (counted === 'income' ? formatEuros(euros, language) : String(euros));
  const rows = tariff.map(({ below, cents }, at) => {
    const step = Number.isFinite(below) ? texts.below(amount(below)) : texts.from(amount(tariff[at - 1]?.below ?? 0));
    return html`<tr>
      <th scope="row">${step}</th>
      <td>${formatEuros(cents / 100, language)}</td>
    </tr>`;
  });
  return html`<table class="table">
    <caption>
      ${texts.tariffCaption[counted]}
    </caption>
    <thead>
      <tr>
        <th scope="col">${texts.countedColumn[counted]}</th>
        <th scope="col">${texts.priceColumn[id]}</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
