import { postForm, submitButton } from '../../design/forms.ts';
import { empty, linkButton, note, pageHead, section } from '../../design/pieces.ts';
import { HubSilent, type Fault } from '../../graph.ts';
import { colon, formatDay, formatInstant } from '../../i18n/formats.ts';
import { html, type Html } from '../../web/html.ts';
import { citizenPage, download, page, redirect, type Answer, type Route, type SignedInVisit } from '../../web/route.ts';
import { termsFacts } from '../consents/consentViews.ts';
import {
  AUTHORISATIONS,
  AUTHORISATIONS_IN_FULL,
  OBJECT,
  RENEW,
  WITHDRAW,
  type Authorisation,
  type AuthorisationInFull,
} from './authorisationGraph.ts';
import { authorisationTexts } from './authorisationTexts.ts';
import { activeCard, pastLine, scopeList, statusTag } from './authorisationViews.ts';

const YEAR_MONTHS = 12;

export const authorisationRoutes: readonly Route[] = [
  citizenPage('GET', '/authorisations', async (visit) => showAll(visit)),

  citizenPage('GET', '/authorisations/:id', async (visit) => showOne(visit)),

  citizenPage('GET', '/authorisations/:id/receipt', async (visit) => {
    const one = await findOne(visit);
    if (one === undefined || one.receipt === null) return unknown(visit);
    return download({ contentType: 'application/jose', fileName: `${one.id}.jws`, body: one.receipt });
  }),

  citizenPage('POST', '/authorisations/:id/end', async (visit) => {
    const isConsent = visit.form.get('kind') === 'CONSENT';
    const isDone = await end(visit, visit.params['id']!, isConsent);
    if (!isDone) return redirect('/authorisations?done=already');
    return redirect(`/authorisations?done=${isConsent ? 'withdrawn' : 'objected'}`);
  }),

  citizenPage('POST', '/authorisations/end-all', async (visit) => {
    const clientId = visit.form.get('service');
    const own = (await listAll(visit)).filter(
      ({ service, status }) => service.clientId === clientId && status === 'ACTIVE',
    );
    // One after the other: each is a line of the ledger with its own receipt.
    for (const { id, kind } of own) await end(visit, id, kind === 'CONSENT');
    return redirect('/authorisations?done=all');
  }),

  citizenPage('POST', '/authorisations/:id/renew', async (visit) => {
    const id = visit.params['id']!;
    const expiresAt = new Date(visit.clock());
    expiresAt.setUTCMonth(expiresAt.getUTCMonth() + YEAR_MONTHS);
    const { data, faults } = await visit.ask(RENEW, { id, expiresAt: expiresAt.toISOString() });
    if (isOver(faults)) return redirect('/authorisations?done=already');
    if (data?.renewed == null) throw new HubSilent(faults[0]?.code ?? 'no answer');
    return redirect('/authorisations?done=renewed');
  }),
];

async function showAll(visit: SignedInVisit): Promise<Answer> {
  const { language, url } = visit;
  const texts = authorisationTexts(language);
  const all = await listAll(visit);
  const active = all.filter(({ status }) => status === 'ACTIVE');
  const past = all.filter(({ status }) => status !== 'ACTIVE' && status !== 'REQUESTED').reverse();
  const services = [...new Map(active.map(({ service }) => [service.clientId, service])).values()];
  const done = url.searchParams.get('done') ?? '';
  const said = Object.hasOwn(texts.done, done) ? texts.done[done as keyof typeof texts.done] : undefined;
  return page({
    title: texts.title,
    main: html`${said !== undefined && note('good', said, undefined, true)} ${pageHead(texts.title, texts.lead)}
    ${active.length === 0 && empty(texts.none, texts.noneLead)}
    ${services.map((service) => {
      const own = active.filter((one) => one.service.clientId === service.clientId);
      return section(
        service.name,
        html`${own.map((one) => activeCard(visit, one))} ${own.length > 1 && endAll(visit, service)}`,
      );
    })}
    ${
      past.length > 0 &&
      html`<details>
        <summary>${texts.pastCount(past.length)}</summary>
        <ul>
          ${past.map((one) => pastLine(one, language))}
        </ul>
      </details>`
    }`,
  });
}

function endAll(visit: SignedInVisit, service: Authorisation['service']): Html {
  const label = authorisationTexts(visit.language).all(service.name);
  const hidden = { service: service.clientId };
  return postForm(visit, '/authorisations/end-all', submitButton(label, 'danger'), { hidden, className: 'actions' });
}

async function showOne(visit: SignedInVisit): Promise<Answer> {
  const { language, clock, url } = visit;
  const texts = authorisationTexts(language);
  const one = await findOne(visit);
  if (one === undefined) return unknown(visit);
  const { id, service, purpose, status, scopes, receipt, expiresAt, kind } = one;
  const title = `${service.name}${colon(language)} ${purpose.label}`;
  const isActive = status === 'ACTIVE';
  return page({
    title,
    main: html`${url.searchParams.has('given') && note('good', texts.given, html`<p>${texts.givenLead(service.name)}</p>`, true)}
      ${pageHead(service.name, purpose.label)}
      <p>${statusTag(status, language)}</p>
      ${termsFacts({ terms: one, retentionMonths: null, ...(expiresAt !== null && { expiresAt }) }, language)}
      ${section(isActive ? texts.reads : texts.couldRead, scopeList(scopes, language, clock))}
      ${section(texts.history, timeline(one, visit))}
      ${
        receipt !== null &&
        html`<div class="section">
          <p class="soft">${texts.receiptHint}</p>
          <p>${linkButton(`/authorisations/${id}/receipt`, texts.receipt, 'second')}</p>
        </div>`
      }
      ${isActive && kind === 'CONSENT' && expiresAt !== null && renewForm(visit, id, expiresAt)}
      <p><a href="/authorisations">${texts.back}</a></p>`,
  });
}

function renewForm(visit: SignedInVisit, id: string, expiresAt: string): Html {
  const texts = authorisationTexts(visit.language);
  return html`<div class="section">
    <p class="soft">${texts.renewHint(formatDay(expiresAt, visit.language))}</p>
    ${postForm(visit, `/authorisations/${id}/renew`, submitButton(texts.renew, 'second'), { className: 'actions' })}
  </div>`;
}

function timeline({ kind, history }: AuthorisationInFull, { language, clock }: SignedInVisit): Html {
  const texts = authorisationTexts(language);
  const steps = history.map(
    ({ type, at, expiresAt, scopes }) =>
      html`<li data-done>
        <p>
          <strong>${type === 'GIVEN' && kind !== 'CONSENT' ? texts.announced : texts.acts[type]}</strong>
          <span class="soft small">${formatInstant(at, language)}</span>
        </p>
        <p class="soft small">${texts.until(formatDay(expiresAt, language))}</p>
        ${(type === 'REQUESTED' || type === 'GIVEN') && scopeList(scopes, language, clock)}
      </li>`,
  );
  return html`<ol class="timeline" role="list">
    ${steps}
  </ol>`;
}

/** Every authorisation that this person has or had. */
export async function listAll({ ask, language }: SignedInVisit): Promise<readonly Authorisation[]> {
  const { data, faults } = await ask(AUTHORISATIONS, { language: language === 'fr' ? 'FR' : 'EN' });
  const consents = data?.me?.consents;
  if (consents === undefined || consents === null) throw new HubSilent(faults[0]?.code ?? 'no answer');
  return consents;
}

async function findOne({ ask, language, params }: SignedInVisit): Promise<AuthorisationInFull | undefined> {
  const { data, faults } = await ask(AUTHORISATIONS_IN_FULL, { language: language === 'fr' ? 'FR' : 'EN' });
  const consents = data?.me?.consents;
  if (consents === undefined || consents === null) throw new HubSilent(faults[0]?.code ?? 'no answer');
  return consents.find(({ id }) => id === params['id']);
}

/** Withdraws a consent, objects to a notice. False when there was nothing to end: it has ended meanwhile, in another window or by its date. */
export async function end({ ask }: SignedInVisit, id: string, isConsent: boolean): Promise<boolean> {
  const { data, faults } = await ask(isConsent ? WITHDRAW : OBJECT, { id });
  if (isOver(faults)) return false;
  if (data?.ended == null) throw new HubSilent(faults[0]?.code ?? 'no answer');
  return true;
}

/** Any other refusal of a consent is a fault of these pages, and no reason to tell somebody that it is done. */
function isOver(faults: readonly Fault[]): boolean {
  return faults.some(({ code }) => code === 'HUB_CONSENT_UNKNOWN' || code === 'HUB_CONSENT_REQUEST_OVER');
}

function unknown({ language }: SignedInVisit): Answer {
  const texts = authorisationTexts(language);
  return page({
    title: texts.unknown,
    status: 404,
    main: html`${pageHead(texts.unknown, texts.unknownLead)}
      <p>${linkButton('/authorisations', texts.back, 'second')}</p>`,
  });
}
