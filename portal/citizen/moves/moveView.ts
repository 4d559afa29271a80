import { postForm, submitButton } from '../../design/forms.ts';
import { card, facts, linkButton, note, pageHead, section, tag, type Tone } from '../../design/pieces.ts';
import { formatDay, formatInstant } from '../../i18n/formats.ts';
import { html, type Html } from '../../web/html.ts';
import { page, type Answer, type SignedInVisit } from '../../web/route.ts';
import { sayAddress } from '../facts/sayings.ts';
import type { DeliveryStatus, Move, MoveDelivery } from './moveGraph.ts';
import { moveTexts } from './moveTexts.ts';

const TONES: Readonly<Record<DeliveryStatus, Tone>> = {
  SENDING: 'plain',
  UNDELIVERABLE: 'danger',
  RECEIVED: 'accent',
  IN_PROGRESS: 'accent',
  NEEDS_CITIZEN: 'attention',
  DONE: 'good',
  REFUSED: 'danger',
  NOT_SENT: 'plain',
  CANCELLED: 'plain',
};

/** One move: what was said, who moves, and how each recipient stands. */
export function showMove(visit: SignedInVisit, move: Move): Answer {
  const { language, url } = visit;
  const texts = moveTexts(language);
  const title = texts.moveOn(formatDay(move.effectiveDate, language));
  const done = url.searchParams.get('done') ?? '';
  const said = Object.hasOwn(texts.done, done) ? texts.done[done as keyof typeof texts.done] : undefined;
  return page({
    title,
    main: html`${said !== undefined && note(done === 'over' ? 'attention' : 'good', said.title, html`<p>${said.text}</p>`, true)}
      ${pageHead(title)} ${waitsForMe(move) && confirmForms(visit, move)}
      <p role="status" class="soft live-said" data-live-said="${texts.changed}"></p>
      <div class="live" data-live="/moves/${move.reference}/live">
        ${move.state === 'CANCELLED' && note('attention', texts.cancelled)} ${moveFacts(move, visit)}
        ${
          move.deliveries.length > 0 &&
          section(
            texts.state,
            html`<ul role="list" class="cards">
              ${move.deliveries.map((delivery) => html`<li>${deliveryCard(delivery, visit)}</li>`)}
            </ul>`,
          )
        }
      </div>
      <noscript>
        <p><a href="${url.pathname}">${texts.refresh}</a></p>
      </noscript>
      ${move.isOwn && move.state === 'DECLARED' && changes(visit, move)}
      <p><a href="/moves">${texts.back}</a></p>`,
  });
}

/** Somebody else said that the reader moves too, and they have yet to answer. */
export function waitsForMe({ isOwn, state, members }: Move): boolean {
  return (
    !isOwn && state === 'DECLARED' && members.some((member) => member.isMe && member.state === 'AWAITING_CONFIRMATION')
  );
}

function moveFacts(move: Move, visit: SignedInVisit): Html {
  const texts = moveTexts(visit.language);
  return facts([
    [texts.reference, html`<code>${move.reference}</code>`],
    [texts.from, move.oldAddress && sayAddress(move.oldAddress)],
    [texts.to, move.newAddress === null ? texts.erased : sayAddress(move.newAddress)],
    [texts.members, memberList(move, visit)],
  ]);
}

function memberList({ members }: Move, { language }: SignedInVisit): Html {
  const texts = moveTexts(language);
  return html`<ul role="list">
    ${members.map(({ isMe, givenNames, state, role }) => {
      const who = isMe ? texts.you : (givenNames ?? texts.roles[role]);
      return html`<li>${who}${state !== 'INCLUDED' && ` (${texts.memberStates[state]})`}</li>`;
    })}
  </ul>`;
}

function deliveryCard(
  { agency, status, reason, promisedBy, isSilent, timeline }: MoveDelivery,
  { language }: SignedInVisit,
): Html {
  const texts = moveTexts(language);
  const isOver = status === 'DONE' || status === 'REFUSED' || status === 'CANCELLED' || status === 'NOT_SENT';
  return card({
    title: agency.name,
    aside: tag(isSilent ? 'attention' : TONES[status], texts.statuses[status]),
    body: html`${reason !== null && html`<p><strong>${reason}</strong></p>`} ${isSilent && html`<p>${texts.late}</p>`}
      ${promisedBy !== null && !isOver && html`<p class="soft">${texts.promisedBy(formatDay(promisedBy, language))}</p>`}
      <ol class="timeline" role="list">
        ${timeline.map(
          (step) =>
            html`<li data-done>
              ${texts.statuses[step.status]} <span class="soft small">${formatInstant(step.at, language)}</span>
              ${step.reason !== null && step.reason !== reason && html`<p class="small">${step.reason}</p>`}
            </li>`,
        )}
      </ol>`,
  });
}

function changes(visit: SignedInVisit, { reference, changeableUntil }: Move): Html {
  const texts = moveTexts(visit.language);
  if (changeableUntil === null) return html`<p class="soft">${texts.over}</p>`;
  return html`<div class="section">
    <p class="soft">${texts.until(formatDay(lastDayBefore(changeableUntil), visit.language))}</p>
    <div class="actions">
      ${linkButton(`/moves/${reference}/amend`, texts.change, 'second')}
      ${postForm(visit, `/moves/${reference}/cancel`, submitButton(texts.cancel, 'danger'), { className: 'actions' })}
    </div>
  </div>`;
}

/** The instant is the midnight after that day. */
function lastDayBefore(instant: string): string {
  return new Date(Date.parse(instant) - 1).toISOString();
}

function confirmForms(visit: SignedInVisit, { reference, members }: Move): Html {
  const texts = moveTexts(visit.language);
  const declarant = members.find(({ role }) => role === 'DECLARANT')?.givenNames ?? undefined;
  const body = html`<p>${texts.confirmLead}</p>
    ${postForm(
      visit,
      `/moves/${reference}/confirm`,
      html`${submitButton(texts.confirm, 'first', { name: 'accept', value: 'yes' })}
      ${submitButton(texts.decline, 'second', { name: 'accept', value: 'no' })}`,
      { className: 'actions' },
    )}`;
  return note('attention', declarant === undefined ? texts.confirmTitle : texts.confirmTitleBy(declarant), body);
}
