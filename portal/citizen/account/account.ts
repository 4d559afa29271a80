import { choice, errorSummary, postForm, submitButton, type FormErrors } from '../../design/forms.ts';
import { linkButton, note, pageHead, section } from '../../design/pieces.ts';
import { html } from '../../web/html.ts';
import { citizenPage, download, page, redirect, type Answer, type Route, type SignedInVisit } from '../../web/route.ts';
import { end, listAll } from '../authorisations/authorisations.ts';
import { accountTexts } from './accountTexts.ts';
import { erasureRoutes } from './erasure.ts';
import { takeAlong } from './takeAlong.ts';

export const accountRoutes: readonly Route[] = [
  citizenPage('GET', '/account', (visit) => showAccount(visit)),

  citizenPage('GET', '/account/export.json', async (visit) => {
    return download({
      contentType: 'application/json; charset=utf-8',
      fileName: accountTexts(visit.language).fileName,
      body: `${JSON.stringify(await takeAlong(visit), undefined, 2)}\n`,
    });
  }),

  ...erasureRoutes,

  citizenPage('POST', '/account/stop', async (visit) => {
    const { form, language } = visit;
    if (form.get('sure') !== 'yes') return showAccount(visit, { sure: accountTexts(language).errorSure });
    const active = (await listAll(visit)).filter(({ status }) => status === 'ACTIVE');
    for (const { id, kind } of active) await end(visit, id, kind === 'CONSENT');
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
    ${section(
      texts.erase,
      html`<p>${texts.eraseLead}</p>
        <p>${linkButton('/account/erase', texts.eraseAction, 'second')}</p>`,
    )}
    ${section(
      texts.stop,
      html`<p>${texts.stopLead}</p>
        ${postForm(
          visit,
          '/account/stop',
          html`${choice({ type: 'checkbox', id: 'sure', name: 'sure', value: 'yes', label: texts.sure, more: texts.sureMore })}
            <p class="actions">${submitButton(texts.stopAction, 'danger')}</p>`,
        )}`,
    )}`,
  });
}
