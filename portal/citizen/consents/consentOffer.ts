import { yearInParis } from '../../../schema/parisCalendar.ts';
import { expandScopes } from '../../../schema/scopes.ts';
import { errorSummary, postForm, selectField, submitButton, type FormErrors } from '../../design/forms.ts';
import { linkButton, pageHead, section } from '../../design/pieces.ts';
import { HubSilent } from '../../graph.ts';
import { html, type Html } from '../../web/html.ts';
import { citizenPage, page, redirect, type Answer, type Route, type SignedInVisit } from '../../web/route.ts';
import { askFacts } from '../facts/askFacts.ts';
import { factsOf, groupByHolder, yearsOf, type ScopeGroup } from '../facts/byScope.ts';
import { ACKNOWLEDGE, CONSENT_OFFER, GIVE, type ConsentOffer } from './consentGraph.ts';
import { consentTexts } from './consentTexts.ts';
import { scopeChoices, scopeFacts, strongerSignIn, termsFacts } from './consentViews.ts';

const DURATIONS = ['1', '3', '6', '12'] as const;
const USUAL_MONTHS = '12';

/** Where a refused field's `consentUrl` leads: `/consents/new?service=…&purpose=…&scopes=…`, with nothing of the person in it. */
export const consentOfferRoutes: readonly Route[] = [
  citizenPage('GET', '/consents/new', (visit) => showOffer(visit)),
  citizenPage('POST', '/consents/new', async (visit) => {
    const { form, ask, url } = visit;
    const { service, purpose } = askedFor(url);
    const offer = await findOffer(visit);
    if (offer === null) return showOffer(visit);
    const scopes = form.getAll('scope').filter((name) => typeof name === 'string');
    if (scopes.length === 0) return showOffer(visit, { scope: consentTexts(visit.language).errorNone });
    const months = DURATIONS.find((choice) => choice === form.get('months')) ?? USUAL_MONTHS;
    const act = offer.kind === 'CONSENT' ? GIVE : ACKNOWLEDGE;
    const { data, faults } = await ask(act, {
      input: { clientId: service, purpose, scopes, expiresAt: monthsFrom(visit.clock(), Number(months)) },
    });
    const id = data?.given?.consent?.id;
    if (id === undefined) throw new HubSilent(faults[0]?.code ?? 'no answer');
    return redirect(`/authorisations/${id}?given`);
  }),
];

async function showOffer(visit: SignedInVisit, errors: FormErrors = {}): Promise<Answer> {
  const { language, ask } = visit;
  const texts = consentTexts(language);
  const offer = await findOffer(visit);
  const asked = [...expandScopes(askedFor(visit.url).scopes)];
  const scopes = offer?.scopes.map(({ name }) => name).filter((name) => asked.includes(name)) ?? [];
  if (offer === null || scopes.length === 0) {
    return page({
      title: texts.nothingToOpen,
      status: 404,
      menu: false,
      main: html`${pageHead(texts.nothingToOpen, texts.nothingToOpenLead)}
        <p>${linkButton('/authorisations', texts.toAuthorisations, 'second')}</p>`,
    });
  }
  const currentYear = yearInParis(visit.clock());
  const holdings = await askFacts(ask, factsOf(scopes), yearsOf(scopes, currentYear), language);
  const groups = groupByHolder(scopes, holdings, language, currentYear);
  const title = offer.kind === 'CONSENT' ? texts.asksYou(offer.service.name) : texts.informsYou(offer.service.name);
  const first = groups[0]?.lines[0]?.scope ?? '';
  const anchored: FormErrors = errors['scope'] === undefined ? {} : { [`scope-${first}`]: errors['scope'] };
  return page({
    title,
    menu: false,
    status: Object.keys(errors).length > 0 ? 422 : 200,
    main: html`${errorSummary(texts.errorTitle, anchored)} ${pageHead(title, texts.forPurpose(offer.purpose.label))}
      ${termsFacts({ terms: offer, retentionMonths: offer.retentionMonths }, language)}
      ${section(offer.kind === 'CONSENT' ? texts.chooseTitle : texts.noticeTitle, offerForm(visit, offer, groups))}
      <p class="soft small">${texts.stays}</p>`,
  });
}

function offerForm(visit: SignedInVisit, { kind }: ConsentOffer, groups: readonly ScopeGroup[]): Html {
  const { language, url } = visit;
  const texts = consentTexts(language);
  const path = url.pathname + url.search;
  const isChoice = kind === 'CONSENT';
  const lines = groups.flatMap((group) => group.lines);
  const body = isChoice
    ? scopeChoices(groups, new Set(), language)
    : html`${scopeFacts(groups, language)}${lines.map(
        ({ scope }) => html`<input type="hidden" name="scope" value="${scope}" />`,
      )}`;
  const options = DURATIONS.map((months) => [months, texts.durations[months]!] as const);
  return html`<p>${isChoice ? texts.chooseHint : texts.noticeHint}</p>
    ${strongerSignIn(groups, path, language)}
    ${postForm(
      visit,
      path,
      html`${body} ${selectField({ name: 'months', label: texts.howLong, value: USUAL_MONTHS, options })}
        <div class="actions">
          ${submitButton(isChoice ? texts.open : texts.understood)}
          ${linkButton('/authorisations', texts.leave, 'second')}
        </div>`,
    )}`;
}

async function findOffer({ ask, language, url }: SignedInVisit): Promise<ConsentOffer | null> {
  const { service, purpose } = askedFor(url);
  const variables = { clientId: service, purpose, language: language === 'fr' ? 'FR' : 'EN' } as const;
  const { data, faults } = await ask(CONSENT_OFFER, variables);
  if (data === null || faults.length > 0) throw new HubSilent(faults[0]?.code ?? 'no answer');
  return data.consentOffer;
}

function askedFor({ searchParams }: URL) {
  return {
    service: searchParams.get('service') ?? '',
    purpose: searchParams.get('purpose') ?? '',
    scopes: (searchParams.get('scopes') ?? '').split(' '),
  };
}

function monthsFrom(nowMs: number, months: number): string {
  const date = new Date(nowMs);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString();
}
