import { choice, selectField, submitButton, textField } from '../../design/forms.ts';
import { empty, linkButton, pageHead, section } from '../../design/pieces.ts';
import { dayInParis } from '../../../schema/parisCalendar.ts';
import { colon, formatDay, formatTime } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import { html, type Html } from '../../web/html.ts';
import { citizenPage, download, page, type Answer, type Route, type SignedInVisit } from '../../web/route.ts';
import { readLogPage, readWholeLog } from './accessLogGraph.ts';
import { accessLogTexts } from './accessLogTexts.ts';
import { toCsv, toJson } from './logExport.ts';
import { isNarrow, isOwnVisit, isShown, readFilter, type LogFilter } from './logFilter.ts';
import { toVisits, type LoggedVisit, type VisitPart } from './visits.ts';

/** Visits of a page, about. */
const ENOUGH = 20;
/** Pages of the log that one page of the portal reads at most to find them. */
const MAX_PAGES = 5;
/** Of a whole log that is taken away: a hundred thousand lines. */
const MAX_EXPORT_PAGES = 1000;

export const accessLogRoutes: readonly Route[] = [
  citizenPage('GET', '/access-log', (visit) => showLog(visit)),
  citizenPage('GET', '/access-log/export.csv', async ({ ask, language }) => {
    const records = await readWholeLog(ask, language, MAX_EXPORT_PAGES);
    return download({ contentType: 'text/csv; charset=utf-8', fileName: 'journal.csv', body: toCsv(records) });
  }),
  citizenPage('GET', '/access-log/export.json', async ({ ask, language }) => {
    const records = await readWholeLog(ask, language, MAX_EXPORT_PAGES);
    return download({
      contentType: 'application/json; charset=utf-8',
      fileName: 'journal.json',
      body: toJson(records),
    });
  }),
];

async function showLog(visit: SignedInVisit): Promise<Answer> {
  const { language, url } = visit;
  const texts = accessLogTexts(language);
  const filter = readFilter(url);
  const { shown, services, after } = await findVisits(visit, filter);
  const days = [...new Set(shown.map(({ at }) => dayInParis(Date.parse(at))))];
  return page({
    title: texts.title,
    main: html`${pageHead(texts.title, texts.lead)} ${filterForm(filter, services, language)}
      ${shown.length === 0 && empty(texts.none, texts.noneLead)}
      ${days.map((day) => {
        const own = shown.filter(({ at }) => dayInParis(Date.parse(at)) === day);
        return section(
          formatDay(day, language),
          html`<ul role="list" class="cards">
            ${own.map((one) => visitItem(one, language))}
          </ul>`,
        );
      })}
      <p class="actions">
        ${after !== undefined && linkButton(olderHref(url, after), texts.older, 'second')}
        ${url.searchParams.has('after') && html`<a href="/access-log">${texts.newest}</a>`}
      </p>
      ${section(
        texts.export,
        html`<p>${texts.exportLead}</p>
          <p class="actions">
            ${linkButton('/access-log/export.csv', texts.csv, 'second')}
            ${linkButton('/access-log/export.json', texts.json, 'second')}
          </p>`,
      )}`,
  });
}

interface Found {
  readonly shown: readonly LoggedVisit[];
  readonly services: readonly LoggedVisit['service'][];
  readonly after?: string;
}

/** The graph pages; what to show is chosen here, so a narrow filter reads on until there is enough to see. */
async function findVisits({ ask, language, url }: SignedInVisit, filter: LogFilter): Promise<Found> {
  const seen: LoggedVisit[] = [];
  const shown: LoggedVisit[] = [];
  let after = url.searchParams.get('after') ?? undefined;
  for (let read = 0; read < MAX_PAGES; read += 1) {
    const { records, after: next } = await readLogPage(ask, language, after);
    const visits = toVisits(records, language);
    seen.push(...visits);
    shown.push(...visits.filter((one) => isShown(one, filter)));
    after = next;
    if (after === undefined || shown.length >= ENOUGH) break;
  }
  const services = new Map(seen.filter((one) => !isOwnVisit(one)).map(({ service }) => [service.clientId, service]));
  return { shown, services: [...services.values()], ...(after !== undefined && { after }) };
}

function filterForm(filter: LogFilter, services: Found['services'], language: Language): Html {
  const texts = accessLogTexts(language);
  const known = services.map(({ clientId, name }) => [clientId, name] as const);
  const isListed = filter.service === '' || known.some(([clientId]) => clientId === filter.service);
  const options = [
    ['', texts.everyService] as const,
    ...known,
    ...(isListed ? [] : [[filter.service, filter.service] as const]),
  ];
  const outcomes = [
    ['every', texts.every],
    ['delivered', texts.onlyDelivered],
    ['refused', texts.onlyRefused],
  ] as const;
  return html`<details${isNarrow(filter) || filter.mine ? html` open` : ''}>
    <summary>${texts.filter}</summary>
    <form class="card form" method="get" action="/access-log">
      <div class="form--row">
        ${selectField({ name: 'service', label: texts.service, value: filter.service, options })}
        ${selectField({ name: 'show', label: texts.show, value: filter.show, options: outcomes })}
        ${textField({ name: 'from', label: texts.from, type: 'date', value: filter.from })}
        ${textField({ name: 'until', label: texts.until, type: 'date', value: filter.until })}
      </div>
      ${choice({ type: 'checkbox', id: 'mine', name: 'mine', value: '1', label: texts.mine, isChecked: filter.mine })}
      <p class="actions">${submitButton(texts.filter)}</p>
    </form>
  </details>`;
}

function visitItem(visit: LoggedVisit, language: Language): Html {
  const { at, service, purpose, role, parts } = visit;
  const texts = accessLogTexts(language);
  const who = isOwnVisit(visit) ? texts.you : service.name;
  return html`<li class="card">
    <div class="card__head">
      <h3>${who}</h3>
      <time class="soft" datetime="${at}">${formatTime(at, language)}</time>
    </div>
    <p class="soft">${texts.forPurpose(purpose.label)}${role !== 'SELF' && `, ${texts.roles[role]}`}</p>
    <ul>
      ${parts.map((part) => partItem(part, language))}
    </ul>
  </li>`;
}

function partItem({ agency, outcome, reason, labels }: VisitPart, language: Language): Html {
  const texts = accessLogTexts(language);
  const why = reason !== null && outcome !== 'ABSENT' && ` (${texts.reasons[reason] ?? reason})`;
  return html`<li>
    <strong>${texts.outcomes[outcome]}</strong>${colon(language)} ${labels.join(', ')}${why}
    <span class="soft">${texts.at(agency)}</span>
  </li>`;
}

function olderHref(url: URL, after: string): string {
  const query = new URLSearchParams(url.searchParams);
  query.set('after', after);
  return `${url.pathname}?${query.toString()}`;
}
