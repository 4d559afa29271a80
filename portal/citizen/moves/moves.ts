import { dayInParis } from '../../../schema/parisCalendar.ts';
import { card, empty, facts, linkButton, note, pageHead, tag } from '../../design/pieces.ts';
import { postForm, submitButton } from '../../design/forms.ts';
import { HubSilent, type Fault } from '../../graph.ts';
import { colon, formatDay } from '../../i18n/formats.ts';
import { html, type Html } from '../../web/html.ts';
import { citizenPage, page, redirect, type Answer, type Route, type SignedInVisit } from '../../web/route.ts';
import { sayAddress } from '../facts/sayings.ts';
import { hiddenValues, moveForm } from './moveForm.ts';
import {
  AMEND,
  CANCEL,
  CONFIRM,
  DECLARE,
  MOVES,
  PREVIEW,
  type Move,
  type MoveProblem,
  type PreviewedMessage,
} from './moveGraph.ts';
import { moveLiveRoutes } from './moveLive.ts';
import { moveTexts } from './moveTexts.ts';
import { readStart, readValues, toInput, valuesOf, type MoveValues } from './moveValues.ts';
import { showMove, waitsForMe } from './moveView.ts';

export const moveRoutes: readonly Route[] = [
  citizenPage('GET', '/moves', (visit) => listMoves(visit)),
  citizenPage('GET', '/moves/new', async (visit) => showForm(visit, (await readStart(visit)).values, [])),
  citizenPage('POST', '/moves/preview', (visit) => preview(visit, readValues(visit.form))),
  // "Correct it" on the preview: the form again, as it was.
  citizenPage('POST', '/moves/new', (visit) => showForm(visit, readValues(visit.form), [])),
  citizenPage('POST', '/moves', async (visit) => {
    const values = readValues(visit.form);
    const amends = values.get('amends')?.[0];
    const asked = { input: toInput(values), language: languageOf(visit) };
    const { data, faults } =
      amends === undefined ? await visit.ask(DECLARE, asked) : await visit.ask(AMEND, { ...asked, reference: amends });
    const payload = data?.payload;
    if (payload == null) return notDone(visit, faults);
    if (payload.move === null) return showForm(visit, values, payload.problems);
    return redirect(`/moves/${payload.move.reference}?done=${amends === undefined ? 'declared' : 'amended'}`);
  }),
  citizenPage('GET', '/moves/:reference', async (visit) => {
    const move = await findMove(visit);
    return move === undefined ? unknown(visit) : showMove(visit, move);
  }),
  citizenPage('GET', '/moves/:reference/amend', async (visit) => {
    const move = await findMove(visit);
    if (move === undefined || !move.isOwn) return unknown(visit);
    // The button was there when the page was made; its day has come since.
    if (move.changeableUntil === null) return redirect(`/moves/${move.reference}?done=over`);
    return showForm(visit, valuesOf(move, await readStart(visit)), []);
  }),
  ...moveLiveRoutes,
  citizenPage('POST', '/moves/:reference/cancel', async (visit) => {
    const reference = visit.params['reference']!;
    const { data, faults } = await visit.ask(CANCEL, { reference, language: languageOf(visit) });
    return data?.payload == null ? notDone(visit, faults) : redirect(`/moves/${reference}`);
  }),
  citizenPage('POST', '/moves/:reference/confirm', async (visit) => {
    const reference = visit.params['reference']!;
    const accept = visit.form.get('accept') === 'yes';
    const { data, faults } = await visit.ask(CONFIRM, { reference, accept, language: languageOf(visit) });
    if (data?.payload == null) return notDone(visit, faults);
    // Whoever declines has no part in it any more, and nothing to follow.
    return redirect(accept ? `/moves/${reference}?done=confirmed` : '/moves?declined');
  }),
];

/** What is not for this person to do, or no more. */
const NOT_THEIRS: ReadonlySet<string> = new Set(['HUB_MOVE_TOO_YOUNG', 'HUB_MOVE_UNKNOWN', 'HUB_MOVE_OVER']);

/** The hub's word where it did not do what was asked: too young, over meanwhile, withdrawn by who declared it. */
function notDone({ language }: SignedInVisit, faults: readonly Fault[]): Answer {
  const [fault] = faults;
  if (fault === undefined || !NOT_THEIRS.has(fault.code)) throw new HubSilent(fault?.code ?? 'no answer');
  const texts = moveTexts(language);
  return page({
    title: texts.notDone,
    status: 409,
    main: html`${pageHead(texts.notDone, fault.message)} ${fault.remedy !== undefined && html`<p>${fault.remedy}</p>`}
      <p>${linkButton('/moves', texts.back, 'second')}</p>`,
  });
}

function languageOf({ language }: SignedInVisit): 'FR' | 'EN' {
  return language === 'fr' ? 'FR' : 'EN';
}

async function listMoves(visit: SignedInVisit): Promise<Answer> {
  const { language } = visit;
  const texts = moveTexts(language);
  const moves = await readMoves(visit);
  const cards = moves.map((move) => moveCard(move, visit));
  return page({
    title: texts.title,
    main: html`${visit.url.searchParams.has('declined') && note('good', texts.declined, html`<p>${texts.declinedLead}</p>`, true)}
      ${pageHead(texts.title, texts.lead)}
      <p>${linkButton('/moves/new', texts.declare)}</p>
      ${
        moves.length === 0
          ? empty(texts.none, texts.noneLead)
          : html`<ul role="list" class="cards">
              ${cards.map((one) => html`<li>${one}</li>`)}
            </ul>`
      }`,
  });
}

function moveCard(move: Move, { language }: SignedInVisit): Html {
  const texts = moveTexts(language);
  const { reference, effectiveDate, oldAddress, newAddress, state } = move;
  const waits = waitsForMe(move);
  return card({
    level: 2,
    title: html`<a href="/moves/${reference}">${texts.moveOn(formatDay(effectiveDate, language))}</a>`,
    aside:
      state === 'CANCELLED'
        ? tag('plain', texts.statuses.CANCELLED)
        : waits && tag('attention', texts.memberStates.AWAITING_CONFIRMATION),
    body: facts([
      [texts.from, oldAddress && sayAddress(oldAddress)],
      [texts.to, newAddress === null ? texts.erased : sayAddress(newAddress)],
    ]),
  });
}

async function showForm(visit: SignedInVisit, values: MoveValues, problems: readonly MoveProblem[]): Promise<Answer> {
  const texts = moveTexts(visit.language);
  const start = await readStart(visit);
  const amends = values.get('amends')?.[0];
  const action =
    amends === undefined ? '/moves/preview' : `/moves/preview?${new URLSearchParams({ amends }).toString()}`;
  return page({
    title: texts.declare,
    status: problems.length > 0 ? 422 : 200,
    main: html`${pageHead(texts.declare, texts.lead)} ${moveForm(visit, action, start, values, problems)}`,
  });
}

async function preview(visit: SignedInVisit, written: MoveValues): Promise<Answer> {
  const amends = visit.url.searchParams.get('amends');
  const values = amends === null ? written : new Map([...written, ['amends', [amends]]]);
  const input = toInput(values);
  // A day that is none cannot be asked about; the rest can, so that everything to be mended is said at once.
  const isDay = isCalendarDay(input.effectiveDate);
  const asked = isDay ? input : { ...input, effectiveDate: dayInParis(visit.clock()) };
  const { data, faults } = await visit.ask(PREVIEW, { input: asked, amends, language: languageOf(visit) });
  const found = data?.previewMove;
  if (found == null) throw new HubSilent(faults[0]?.code ?? 'no answer');
  const problems = isDay ? found.problems : [...found.problems, dayMissing(visit)];
  if (problems.length > 0) return showForm(visit, values, problems);
  const texts = moveTexts(visit.language);
  return page({
    title: texts.previewTitle,
    main: html`${pageHead(texts.previewTitle, texts.previewLead)}
      ${found.messages.map((message) => messageCard(message, visit))}
      <div class="actions">
        ${postForm(visit, '/moves', html`${hiddenValues(values)}${submitButton(texts.send)}`, { className: 'actions' })}
        ${postForm(visit, '/moves/new', html`${hiddenValues(values)}${submitButton(texts.change, 'second')}`, { className: 'actions' })}
      </div>`,
  });
}

function isCalendarDay(written: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(written) && !Number.isNaN(Date.parse(written));
}

function dayMissing({ language }: SignedInVisit): MoveProblem {
  return { code: 'MISSING', field: 'effectiveDate', message: moveTexts(language).dateMissing, candidates: [] };
}

function messageCard({ agency, content, sha256, fields }: PreviewedMessage, { language }: SignedInVisit): Html {
  const texts = moveTexts(language);
  return card({
    level: 2,
    title: agency.name,
    body: html`<p>${texts.fields}${colon(language)}</p>
      <ul>
        ${fields.map(({ why }) => html`<li>${why}</li>`)}
      </ul>
      <details>
        <summary>${texts.exact}</summary>
        <div>
          <pre class="letter" tabindex="0">${pretty(content)}</pre>
          <p class="soft small">${texts.digest} <code>${sha256}</code></p>
        </div>
      </details>`,
  });
}

/** Spread over lines to be read; what is signed is the same on one. */
function pretty(content: string): string {
  return JSON.stringify(JSON.parse(content), undefined, 2);
}

async function readMoves(visit: SignedInVisit): Promise<readonly Move[]> {
  const { data, faults } = await visit.ask(MOVES, { language: languageOf(visit) });
  const moves = data?.me?.moves;
  if (moves === undefined || moves === null) throw new HubSilent(faults[0]?.code ?? 'no answer');
  return moves;
}

async function findMove(visit: SignedInVisit): Promise<Move | undefined> {
  return (await readMoves(visit)).find(({ reference }) => reference === visit.params['reference']);
}

function unknown({ language }: SignedInVisit): Answer {
  const texts = moveTexts(language);
  return page({
    title: texts.unknown,
    status: 404,
    main: html`${pageHead(texts.unknown, texts.unknownLead)}
      <p>${linkButton('/moves', texts.back, 'second')}</p>`,
  });
}
