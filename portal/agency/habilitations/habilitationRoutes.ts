import { postForm, submitButton, textField, type FormErrors } from '../../design/forms.ts';
import { card, empty, facts, linkButton, note, pageHead, section, tag, type Tone } from '../../design/pieces.ts';
import type { Fault } from '../../graph.ts';
import { formatDay, formatInstant } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import { html, type Html } from '../../web/html.ts';
import { agentPage, page, redirect, type Answer, type Route, type SignedInVisit } from '../../web/route.ts';
import { agentOf } from '../agent.ts';
import type { ReadCatalogue } from '../catalogue/catalogue.ts';
import { emptyForm, filledForm, habilitationForm, toInput, writtenIn, type Written } from './habilitationForm.ts';
import {
  DRAFT,
  LIST,
  READ,
  REFUSE,
  REOPEN,
  REQUEST_CHANGES,
  REVOKE,
  SERVICES,
  SUBMIT,
  VALIDATE,
  type RequestDetails,
  type RequestState,
} from './habilitationQueries.ts';
import { habilitationTexts } from './habilitationTexts.ts';

const TONES: Readonly<Record<RequestState, Tone>> = {
  DRAFT: 'plain',
  SUBMITTED: 'accent',
  CHANGES_REQUESTED: 'attention',
  VALIDATED: 'good',
  REFUSED: 'danger',
  REVOKED: 'danger',
};

const inGraph = (language: Language) => (language === 'fr' ? 'FR' : 'EN');

/** A body's requests for habilitations, and the instructor's side of them. */
export function habilitationRoutes(read: ReadCatalogue): readonly Route[] {
  return [
    agentPage('GET', '/habilitations', async (visit) => {
      const { ask, language } = visit;
      const texts = habilitationTexts(language);
      const agent = agentOf(visit);
      const { data } = await ask(LIST, { language: inGraph(language) });
      const requests = data?.habilitationRequests ?? [];
      const cards = requests.map(
        (request) =>
          html`<li>
            ${card({
              title: html`<a href="/habilitations/${request.id}"
                >${request.terms.purpose.label} – ${request.terms.service.name}</a
              >`,
              level: 2,
              aside: tag(TONES[request.state], texts.states[request.state]),
              body: request.reopening && html`<p>${texts.reopening}</p>`,
            })}
          </li>`,
      );
      const isInstructor = agent.roles.includes('instructor');
      return page({
        title: texts.title,
        main: html`${pageHead(texts.title, isInstructor ? texts.leadInstructor : texts.lead)}
        ${agent.roles.includes('requester') && html`<p>${linkButton('/habilitations/new', texts.create)}</p>`}
        ${
          requests.length === 0
            ? empty(texts.none, texts.noneMore)
            : html`<ul role="list" class="cards">
                ${cards}
              </ul>`
        }`,
      });
    }),

    agentPage('GET', '/habilitations/new', (visit) => {
      const scopes = (visit.url.searchParams.get('scopes') ?? '').slice(0, 2000);
      return showForm(visit, '/habilitations/new', emptyForm(visit.clock(), scopes));
    }),
    agentPage('POST', '/habilitations/new', (visit) => saveDraft(visit, null, '/habilitations/new')),

    agentPage('GET', '/habilitations/:id', (visit) => showRequest(visit)),

    agentPage('GET', '/habilitations/:id/edit', async (visit) => {
      const request = await find(visit);
      return request === undefined
        ? unknown(visit)
        : showForm(visit, `/habilitations/${request.id}/edit`, filledForm(request));
    }),
    agentPage('POST', '/habilitations/:id/edit', (visit) => {
      const id = visit.params['id']!;
      return saveDraft(visit, id, `/habilitations/${encodeURIComponent(id)}/edit`);
    }),
    agentPage('POST', '/habilitations/:id', (visit) => act(visit)),
  ];

  async function showForm(
    visit: SignedInVisit,
    action: string,
    written: Written,
    errors: FormErrors = {},
  ): Promise<Answer> {
    const texts = habilitationTexts(visit.language);
    const { data } = await visit.ask(SERVICES);
    const { siret } = agentOf(visit);
    const services = (data?.serviceAccounts ?? []).map(({ service }) => service).filter((one) => one.siret === siret);
    if (services.length === 0) {
      return page({
        title: texts.formTitle,
        main: html`${pageHead(texts.formTitle)}${empty(texts.noService, texts.noServiceMore)}`,
      });
    }
    const main = habilitationForm(visit, { action, written, errors, services, catalogue: await read() });
    const hasErrors = Object.keys(errors).length > 0;
    return page({ title: texts.formTitle, main, ...(hasErrors && { status: 422 }) });
  }

  async function saveDraft(visit: SignedInVisit, id: string | null, action: string): Promise<Answer> {
    const written = writtenIn(visit.form);
    const { data, faults } = await visit.ask(DRAFT, { id, input: toInput(written) });
    const drafted = data?.draftHabilitation.request;
    if (drafted !== undefined) return redirect(`/habilitations/${drafted.id}`);
    return showForm(visit, action, written, errorsOf(faults, visit.language));
  }
}

function errorsOf(faults: readonly Fault[], language: Language): FormErrors {
  const { faults: words, wrong } = habilitationTexts(language);
  const [fault] = faults;
  const key = fault?.code === 'HUB_SERVICE_UNKNOWN' ? 'clientId' : (fault?.detailKey ?? '');
  return key in words ? { [key]: words[key as keyof typeof words] } : { clientId: fault?.message ?? wrong };
}

async function find({ ask, language, params }: SignedInVisit): Promise<RequestDetails | undefined> {
  const { data } = await ask(READ, { id: params['id']!, language: inGraph(language) });
  return data?.habilitationRequest ?? undefined;
}

function unknown({ language }: SignedInVisit): Answer {
  const { unknown: title } = habilitationTexts(language);
  return page({ title, status: 404, main: pageHead(title) });
}

async function act(visit: SignedInVisit): Promise<Answer> {
  const { ask, form } = visit;
  const id = visit.params['id']!;
  const name = form.get('act');
  const written = form.get(`reason-${typeof name === 'string' ? name : ''}`);
  const reason = typeof written === 'string' ? written : '';
  const acts = {
    submit: () => ask(SUBMIT, { id }),
    reopen: () => ask(REOPEN, { id }),
    validate: () => ask(VALIDATE, { id }),
    changes: () => ask(REQUEST_CHANGES, { id, reason }),
    refuse: () => ask(REFUSE, { id, reason }),
    revoke: () => ask(REVOKE, { id, reason }),
  };
  const chosen = typeof name === 'string' && Object.hasOwn(acts, name) ? acts[name as keyof typeof acts] : undefined;
  const faults = chosen === undefined ? [] : (await chosen()).faults;
  if (faults.length > 0) return showRequest(visit, faults[0]);
  return redirect(`/habilitations/${encodeURIComponent(id)}`);
}

async function showRequest(visit: SignedInVisit, fault?: Fault): Promise<Answer> {
  const request = await find(visit);
  if (request === undefined) return unknown(visit);
  const { language } = visit;
  const texts = habilitationTexts(language);
  const { terms, state } = request;
  const title = `${terms.purpose.label} – ${terms.service.name}`;
  const history = request.history.map(
    ({ type, at, siret, reason }) =>
      html`<li data-done>
        <p>
          <strong>${texts.acts[type]}</strong>
          <span class="soft">${formatInstant(at, language)}${siret && ` · SIRET ${siret}`}</span>
        </p>
        ${reason !== null && html`<p>${reason}</p>`}
      </li>`,
  );
  return page({
    title,
    ...(fault && { status: 422 }),
    main: html`${fault && note('danger', texts.notDone, html`<p>${actFault(fault, language)}</p>`, true)}
      ${pageHead(title)}
      <p>
        ${tag(TONES[state], texts.states[state])}
        ${request.inForce === null ? texts.notInForce : `${texts.inForce(request.inForce.version)} ${texts.until(formatDay(request.inForce.lastDay, language))}`}
        ${request.reopening && texts.reopening}
      </p>
      ${termsOf(request, language)} ${whatNext(visit, request)}
      ${section(
        texts.history,
        html`<ol class="timeline" role="list">
          ${history}
        </ol>`,
      )}`,
  });
}

function actFault({ detailKey, message }: Fault, language: Language): string {
  const { actFaults } = habilitationTexts(language);
  return detailKey !== undefined && detailKey in actFaults ? actFaults[detailKey as keyof typeof actFaults] : message;
}

function termsOf({ terms }: RequestDetails, language: Language): Html {
  const texts = habilitationTexts(language);
  const scopes = terms.scopes.map(
    ({ name, label, justification }) =>
      html`<li>
        ${name in texts.groups ? texts.groups[name as 'birth'] : label}
        <code class="small soft">${name}</code>${justification !== null && html`<br />${justification}`}
      </li>`,
  );
  return facts([
    [texts.service, `${terms.service.name} (${terms.service.siret})`],
    [
      texts.scopes,
      html`<ul>
        ${scopes}
      </ul>`,
    ],
    [
      texts.legalBasis,
      terms.legalBasis in texts.bases ? texts.bases[terms.legalBasis as 'CONSENT_RGPD_6_1_A'] : terms.legalBasis,
    ],
    [texts.legalText, terms.legalText && html`${terms.legalText}<br />${terms.legalUrl}`],
    [texts.retentionMonths, texts.months(terms.retentionMonths)],
    [texts.retentionJustification, terms.retentionJustification],
    [texts.minimumAcr, terms.minimumAcr.toLowerCase()],
    [texts.callsPerMinute, terms.callsPerMinute],
    [texts.firstDay, formatDay(terms.firstDay, language)],
    [texts.lastDay, formatDay(terms.lastDay, language)],
    [texts.dpoContact, terms.dpoContact],
  ]);
}

/** What this agent may do now, from this state. */
function whatNext(visit: SignedInVisit, { id, state, terms, inForce }: RequestDetails): Html | false {
  const texts = habilitationTexts(visit.language);
  const { roles, siret } = agentOf(visit);
  const isOwn = terms.service.siret === siret;
  const one = (name: string, label: string, look: 'first' | 'second' = 'first') =>
    postForm(visit, `/habilitations/${id}`, submitButton(label, look), {
      hidden: { act: name },
      className: 'form form--row',
    });
  const withReason = (name: string, label: string, look: 'second' | 'danger') =>
    html`<details>
      <summary>${label}</summary>
      ${postForm(
        visit,
        `/habilitations/${id}`,
        html`${textField({ name: `reason-${name}`, label: texts.reason, required: true })}${submitButton(label, look)}`,
        { hidden: { act: name }, label },
      )}
    </details>`;

  if (isOwn && roles.includes('requester')) {
    if (state === 'DRAFT' || state === 'CHANGES_REQUESTED') {
      return section(
        texts.yourTurn,
        html`<div class="actions">
          ${one('submit', texts.submit)}${linkButton(`/habilitations/${id}/edit`, texts.edit, 'second')}
        </div>`,
      );
    }
    if (state === 'VALIDATED' || state === 'REFUSED')
      return section(texts.yourTurn, one('reopen', texts.reopen, 'second'));
  }
  if (isOwn || !roles.includes('instructor')) return false;
  return section(
    texts.instruction,
    html`${state === 'SUBMITTED' && html`${one('validate', texts.validate)} ${withReason('changes', texts.changes, 'second')} ${withReason('refuse', texts.refuse, 'danger')}`}
    ${inForce !== null && withReason('revoke', texts.revoke, 'danger')}`,
  );
}
