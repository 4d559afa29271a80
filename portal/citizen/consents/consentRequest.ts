import { yearInParis } from '../../../schema/parisCalendar.ts';
import { errorSummary, postForm, submitButton, type FormErrors } from '../../design/forms.ts';
import { linkButton, note, pageHead, section } from '../../design/pieces.ts';
import { HubSilent } from '../../graph.ts';
import { colon } from '../../i18n/formats.ts';
import { html, type Html } from '../../web/html.ts';
import { citizenPage, page, redirect, type Answer, type Route, type SignedInVisit } from '../../web/route.ts';
import { askFacts } from '../facts/askFacts.ts';
import { factsOf, groupByHolder, yearsOf, type ScopeGroup } from '../facts/byScope.ts';
import { ANSWER, CONSENT_REQUEST, type ConsentRequest } from './consentGraph.ts';
import { consentTexts } from './consentTexts.ts';
import { scopeChoices, scopeFacts, strongerSignIn, termsFacts } from './consentViews.ts';

/** What a `consentUrl` opens, and the answer to it. */
export const consentRequestRoutes: readonly Route[] = [
  // Receipts name it as the place to withdraw (ISO/IEC TS 27560).
  citizenPage('GET', '/consents', () => redirect('/authorisations')),
  citizenPage('GET', '/consents/:id', (visit) => showRequest(visit)),
  citizenPage('POST', '/consents/:id', async (visit) => {
    const id = visit.params['id']!;
    const isRefusal = visit.form.get('answer') === 'refuse';
    const accept = isRefusal ? [] : visit.form.getAll('scope').filter((name) => typeof name === 'string');
    if (!isRefusal && accept.length === 0) {
      return showRequest(visit, { scope: consentTexts(visit.language).errorNone });
    }
    const { data, faults } = await visit.ask(ANSWER, { id, accept, refuse: isRefusal });
    const returnTo = data?.answerConsentRequest?.returnTo;
    if (typeof returnTo === 'string') return redirect(returnTo);
    // Answered in another window, or over: the page says how it stands.
    if (faults.some(({ code }) => code.startsWith('HUB_CONSENT'))) return showRequest(visit);
    throw new HubSilent(faults[0]?.code ?? 'no answer');
  }),
];

async function showRequest(visit: SignedInVisit, errors: FormErrors = {}): Promise<Answer> {
  const { language, ask } = visit;
  const id = visit.params['id']!;
  const { data, faults } = await ask(CONSENT_REQUEST, { id, language: language === 'fr' ? 'FR' : 'EN' });
  const request = data?.consentRequest;
  if (request === undefined || request === null) {
    // A receipt names an entry that began without a request: it is among the authorisations.
    if (data?.me?.consents?.some((consent) => consent.id === id) === true) return redirect(`/authorisations/${id}`);
    if (faults.every(({ code }) => code.startsWith('HUB_CONSENT'))) return notYours(visit);
    throw new HubSilent(faults[0]?.code ?? 'no answer');
  }
  if (request.consent.status !== 'REQUESTED') return closed(visit, request);

  const currentYear = yearInParis(visit.clock());
  const scopes = request.consent.scopes.map(({ name }) => name);
  // The person's own right of access shows what would be sent.
  const holdings = await askFacts(ask, factsOf(scopes), yearsOf(scopes, currentYear), language);
  const groups = groupByHolder(scopes, holdings, language, currentYear);
  const texts = consentTexts(language);
  const { service, purpose, kind, expiresAt, subjects, askedByPartner } = request.consent;
  const title = kind === 'CONSENT' ? texts.asksYou(service.name) : texts.informsYou(service.name);
  return page({
    title,
    menu: false,
    status: Object.keys(errors).length > 0 ? 422 : 200,
    formsLeadTo: [new URL(request.returnTo).origin],
    main: html`${errorSummary(texts.errorTitle, toAnchors(errors, groups))}
      ${pageHead(title, texts.forPurpose(purpose.label))}
      ${askedByPartner && note('plain', texts.byPartner, html`<p>${texts.byPartnerLead(service.name)}</p>`)}
      ${termsFacts(
        {
          terms: request.consent,
          retentionMonths: request.retentionMonths,
          expiresAt,
          answerBefore: request.answerBefore,
          roles: subjects.map(({ role }) => role),
        },
        language,
      )}
      ${section(kind === 'CONSENT' ? texts.chooseTitle : texts.noticeTitle, answerForm(visit, request, groups))}
      <div class="soft small">
        <p>${texts.backTo(new URL(request.returnTo).host)}</p>
        <p>${texts.stays}</p>
      </div>`,
  });
}

function answerForm(visit: SignedInVisit, { consent }: ConsentRequest, groups: readonly ScopeGroup[]): Html {
  const { language } = visit;
  const texts = consentTexts(language);
  const path = `/consents/${consent.id}`;
  if (consent.kind === 'CONSENT') {
    return html`<p>${texts.chooseHint}</p>
      ${strongerSignIn(groups, path, language)}
      ${postForm(
        visit,
        path,
        html`${scopeChoices(groups, new Set(), language)}
          <p class="soft">${texts.onlyPart}</p>
          <div class="actions">
            ${submitButton(texts.accept, 'first', { name: 'answer', value: 'accept' })}
            ${submitButton(texts.refuse, 'second', { name: 'answer', value: 'refuse' })}
          </div>`,
      )}`;
  }
  const all = consent.scopes.map(({ name }) => html`<input type="hidden" name="scope" value="${name}" />`);
  return html`<p>${texts.noticeHint}</p>
    ${strongerSignIn(groups, path, language)} ${scopeFacts(groups, language)}
    ${postForm(
      visit,
      path,
      html`${all}
        <div class="actions">
          ${submitButton(texts.understood, 'first', { name: 'answer', value: 'accept' })}
          ${submitButton(texts.object, 'second', { name: 'answer', value: 'refuse' })}
        </div>`,
    )}`;
}

/** The summary's link goes to the first box. */
function toAnchors(errors: FormErrors, groups: readonly ScopeGroup[]): FormErrors {
  const first = groups[0]?.lines[0]?.scope;
  return errors['scope'] === undefined || first === undefined ? {} : { [`scope-${first}`]: errors['scope'] };
}

function notYours({ language, person }: SignedInVisit): Answer {
  const texts = consentTexts(language);
  return page({
    title: texts.notYours,
    status: 404,
    menu: false,
    main: html`${pageHead(texts.notYours, texts.notYoursLead)}
      ${note('plain', texts.signedInAs(person.name), html`<p>${texts.notYoursHint}</p>`)}
      <p>${linkButton('/requests', texts.toRequests, 'second')}</p>`,
  });
}

function closed({ language }: SignedInVisit, { consent, returnTo }: ConsentRequest): Answer {
  const texts = consentTexts(language);
  return page({
    title: texts.over,
    menu: false,
    main: html`${pageHead(texts.over, texts.overLead)}
      ${note('plain', `${consent.service.name}${colon(language)} ${texts.statuses[consent.status]}`)}
      <p class="actions">
        ${linkButton(returnTo, texts.backToService)} ${linkButton('/authorisations', texts.toAuthorisations, 'second')}
      </p>`,
  });
}
