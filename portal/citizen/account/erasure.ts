import { dayInParis } from '../../../schema/parisCalendar.ts';
import { choice, errorSummary, postForm, submitButton, type FormErrors } from '../../design/forms.ts';
import { facts, linkButton, note, pageHead, section } from '../../design/pieces.ts';
import { HubSilent } from '../../graph.ts';
import { colon, formatDay } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import { html, type Html } from '../../web/html.ts';
import { citizenPage, page, type Answer, type Route, type SignedInVisit } from '../../web/route.ts';
import { MOVES, type Move } from '../moves/moveGraph.ts';
import { ERASE, type ErasureReport } from './accountGraph.ts';
import { erasureTexts } from './erasureTexts.ts';

/** What the hub may let go of: shown, confirmed, done, and told with what stays. */
export const erasureRoutes: readonly Route[] = [
  citizenPage('GET', '/account/erase', (visit) => showChoice(visit)),

  citizenPage('POST', '/account/erase', async (visit) => {
    const { ask, form, language } = visit;
    const texts = erasureTexts(language);
    if (form.get('sure') !== 'yes') return showChoice(visit, { sure: texts.errorSure });
    const { data, faults } = await ask(ERASE, { language: language === 'fr' ? 'FR' : 'EN' });
    if (data?.report == null) throw new HubSilent(faults[0]?.code ?? 'no answer');
    return showReport(data.report, visit);
  }),
];

async function showChoice(visit: SignedInVisit, errors: FormErrors = {}): Promise<Answer> {
  const { ask, language, clock } = visit;
  const texts = erasureTexts(language);
  const { data } = await ask(MOVES, { language: language === 'fr' ? 'FR' : 'EN' });
  // Without an answer about moves nothing is counted; what can be erased is said all the same.
  const known = (data?.me?.moves ?? []).filter(({ newAddress }) => newAddress !== null);
  const over = known.filter((move) => isOver(move, dayInParis(clock())));
  const underWay = known.length - over.length;
  const underWayRow = underWay > 0 ? [[texts.underWay(underWay), texts.underWayWhy] as const] : [];
  const isWrong = Object.keys(errors).length > 0;
  return page({
    title: texts.title,
    status: isWrong ? 422 : 200,
    main: html`${errorSummary(texts.errorTitle, errors)} ${pageHead(texts.title, texts.lead)}
    ${section(
      texts.goes,
      html`<ul>
        <li>${texts.goesMoves(over.length)}</li>
        <li>${texts.goesNotes}</li>
      </ul>`,
    )}
    ${section(texts.stays, facts([...underWayRow, ...texts.staysItems.map(({ what, why }) => [what, why] as const)]))}
    ${section(
      texts.confirm,
      postForm(
        visit,
        '/account/erase',
        html`${choice({ type: 'checkbox', id: 'sure', name: 'sure', value: 'yes', label: texts.sure, more: texts.sureMore })}
          <p class="actions">
            ${submitButton(texts.action, 'danger')} ${linkButton('/account', texts.leave, 'second')}
          </p>`,
      ),
    )}`,
  });
}

const LAST_WORDS: ReadonlySet<string> = new Set(['DONE', 'REFUSED', 'CANCELLED', 'NOT_SENT']);

/** As the hub counts it: taken back or past, nobody is asked any more, and every recipient has said its last word. */
function isOver({ state, effectiveDate, members, deliveries }: Move, today: string): boolean {
  const isAsked = state === 'DECLARED' && members.some((member) => member.state === 'AWAITING_CONFIRMATION');
  const isPast = state === 'CANCELLED' || effectiveDate < today;
  return isPast && !isAsked && deliveries.every(({ status }) => LAST_WORDS.has(status));
}

function showReport({ erased, kept }: ErasureReport, { language }: SignedInVisit): Answer {
  const texts = erasureTexts(language);
  const nothing = erased.length === 0;
  return page({
    title: nothing ? texts.nothing : texts.done,
    main: html`${note(
        nothing ? 'plain' : 'good',
        nothing ? texts.nothing : texts.done,
        nothing ? html`<p>${texts.nothingLead}</p>` : erasedList(erased, language),
        true,
      )}
      ${pageHead(texts.title)}
      ${section(
        texts.stays,
        facts(
          kept.map(({ label, count, why, until }) => [
            count === null ? label : `${label} (${count})`,
            html`${why} ${until !== null && html`<span class="soft">${texts.until(formatDay(until, language))}</span>`}`,
          ]),
        ),
      )}
      <p>${linkButton('/account', texts.back, 'second')}</p>`,
  });
}

function erasedList(erased: ErasureReport['erased'], language: Language): Html {
  return html`<ul>
    ${erased.map(({ label, count }) => html`<li>${label}${colon(language)} ${count}</li>`)}
  </ul>`;
}
