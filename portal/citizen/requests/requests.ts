import { card, empty, linkButton, pageHead, tag } from '../../design/pieces.ts';
import { formatDay } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import { html, type Html } from '../../web/html.ts';
import { citizenPage, page, type Route } from '../../web/route.ts';
import { readInbox, type Notice } from './inbox.ts';
import { requestTexts } from './requestTexts.ts';

export const requestRoutes: readonly Route[] = [
  citizenPage('GET', '/requests', async ({ ask, language, clock }) => {
    const texts = requestTexts(language);
    const notices = await readInbox(ask, language, clock());
    return page({
      title: texts.title,
      main: html`${pageHead(texts.title, texts.lead)} ${noticeList(notices, language, 2)}`,
    });
  }),
];

/** What waits, or that nothing does; `level` of the headings. */
export function noticeList(notices: readonly Notice[], language: Language, level: 2 | 3): Html {
  const texts = requestTexts(language);
  if (notices.length === 0) return empty(texts.none, texts.noneLead);
  return html`<ul role="list" class="cards">
    ${notices.map((notice) => html`<li>${noticeCard(notice, language, level)}</li>`)}
  </ul>`;
}

function noticeCard(notice: Notice, language: Language, level: 2 | 3): Html {
  const texts = requestTexts(language);
  const look = { level };
  switch (notice.kind) {
    case 'asked': {
      const { id, kind, service, purpose, requestedAt, askedByPartner } = notice.entry;
      return card({
        ...look,
        title: kind === 'CONSENT' ? texts.asks(service.name) : texts.tells(service.name),
        aside: tag('attention', texts.waits),
        body: html`<p>
            ${texts.forPurpose(purpose.label)}${requestedAt !== null && ` ${texts.since(formatDay(requestedAt, language))}`}
          </p>
          ${askedByPartner && html`<p class="soft">${texts.byPartner}</p>`}`,
        foot: linkButton(`/consents/${id}`, texts.answer),
      });
    }
    case 'ends-soon':
      return card({
        ...look,
        title: texts.endsSoon(notice.entry.service.name),
        aside: tag('plain', texts.soon),
        body: html`<p>${notice.entry.purpose.label}. ${texts.inDays(notice.days)}</p>`,
        foot: linkButton(`/authorisations/${notice.entry.id}`, texts.see, 'second'),
      });
    case 'move-to-confirm':
      return card({
        ...look,
        title: notice.by === undefined ? texts.confirm : texts.confirmBy(notice.by),
        aside: tag('attention', texts.waits),
        body: html`<p>${texts.confirmLead}</p>`,
        foot: linkButton(`/moves/${notice.reference}`, texts.confirmAction),
      });
    case 'delivery':
      return card({
        ...look,
        title: texts.delivery[notice.trouble](notice.agency),
        aside: tag('attention', texts.waits),
        body: notice.reason !== null && html`<p>${notice.reason}</p>`,
        foot: linkButton(`/moves/${notice.reference}`, texts.seeMove, 'second'),
      });
    default:
      return notice satisfies never;
  }
}
