import { yearInParis } from '../../../schema/parisCalendar.ts';
import { choice, errorSummary, postForm, submitButton, type FormErrors } from '../../design/forms.ts';
import { facts, linkButton, note, pageHead, section } from '../../design/pieces.ts';
import { HubSilent, operation } from '../../graph.ts';
import { html } from '../../web/html.ts';
import { citizenPage, download, page, redirect, type Answer, type Route, type SignedInVisit } from '../../web/route.ts';
import { readWholeLog } from '../accessLog/accessLogGraph.ts';
import { AUTHORISATIONS_IN_FULL, OBJECT, WITHDRAW } from '../authorisations/authorisationGraph.ts';
import { factsDocument } from '../facts/askFacts.ts';
import { KNOWN_FACTS } from '../facts/knownFacts.ts';
import { MOVES } from '../moves/moveGraph.ts';
import { accountTexts } from './accountTexts.ts';

/** A hundred thousand lines of the log. */
const MAX_LOG_PAGES = 1000;

export const accountRoutes: readonly Route[] = [
  citizenPage('GET', '/account', (visit) => showAccount(visit)),

  citizenPage('GET', '/account/export.json', async ({ ask, language, clock }) => {
    const inLanguage = { language: language === 'fr' ? 'FR' : 'EN' } as const;
    const year = yearInParis(clock());
    const [consents, moves, log, held] = [
      await ask(AUTHORISATIONS_IN_FULL, inLanguage),
      await ask(MOVES, inLanguage),
      await readWholeLog(ask, language, MAX_LOG_PAGES),
      await ask(operation<{ me: unknown }>(factsDocument(KNOWN_FACTS, [year - 1, year - 2, year - 3]))),
    ];
    if (consents.data === null) throw new HubSilent(consents.faults[0]?.code ?? 'no answer');
    const body = {
      at: new Date(clock()).toISOString(),
      heldByTheHub: {
        authorisations: consents.data.me?.consents,
        moves: moves.data?.me?.moves ?? null,
        accessLog: log,
      },
      readFromAgenciesForThisFile: held.data?.me ?? null,
    };
    return download({
      contentType: 'application/json; charset=utf-8',
      fileName: 'mes-donnees.json',
      body: `${JSON.stringify(body, undefined, 2)}\n`,
    });
  }),

  citizenPage('POST', '/account/erase', async (visit) => {
    const { ask, form, language } = visit;
    if (form.get('sure') !== 'yes') return showAccount(visit, { sure: accountTexts(language).errorSure });
    const { data, faults } = await ask(AUTHORISATIONS_IN_FULL, { language: language === 'fr' ? 'FR' : 'EN' });
    const consents = data?.me?.consents;
    if (consents === undefined || consents === null) throw new HubSilent(faults[0]?.code ?? 'no answer');
    for (const { id, kind } of consents.filter(({ status }) => status === 'ACTIVE')) {
      const ended = await ask(kind === 'CONSENT' ? WITHDRAW : OBJECT, { id });
      if (ended.data?.ended == null) throw new HubSilent(ended.faults[0]?.code ?? 'no answer');
    }
    return redirect('/account?done');
  }),
];

function showAccount(visit: SignedInVisit, errors: FormErrors = {}): Answer {
  const { language, url } = visit;
  const texts = accountTexts(language);
  const isWrong = Object.keys(errors).length > 0;
  return page({
    title: texts.title,
    status: isWrong ? 422 : 200,
    main: html`${errorSummary(texts.errorTitle, errors)}
    ${url.searchParams.has('done') && note('good', texts.done, html`<p>${texts.doneLead}</p>`, true)}
    ${pageHead(texts.title, texts.lead)}
    ${section(
      texts.take,
      html`<p>${texts.takeLead}</p>
        <p>${linkButton('/account/export.json', texts.takeAction)}</p>`,
    )}
    ${section(texts.kept, facts(texts.keptItems.map(({ what, how }) => [what, how] as const)))}
    ${section(
      texts.erase,
      html`<p>${texts.eraseLead}</p>
        ${postForm(
          visit,
          '/account/erase',
          html`${choice({ type: 'checkbox', id: 'sure', name: 'sure', value: 'yes', label: texts.sure, more: texts.sureMore })}
            <p class="actions">${submitButton(texts.eraseAction, 'danger')}</p>`,
        )}`,
    )}`,
  });
}
