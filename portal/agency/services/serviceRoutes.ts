import { errorSummary, postForm, submitButton, textField, type FormErrors } from '../../design/forms.ts';
import { card, empty, facts, linkButton, note, pageHead, section } from '../../design/pieces.ts';
import type { Fault } from '../../graph.ts';
import { formatInstant } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import { html, type Html } from '../../web/html.ts';
import { agentPage, page, redirect, type Answer, type Route, type SignedInVisit } from '../../web/route.ts';
import { agentOf } from '../agent.ts';
import {
  ACCOUNT,
  ACCOUNTS,
  ADD_RETURN_URL,
  CHANGE_CONTACTS,
  END_OLDER_SECRET,
  MAKE_SECRET,
  REGISTER,
  REMOVE_RETURN_URL,
  type AccountDetails,
} from './serviceQueries.ts';
import { serviceTexts } from './serviceTexts.ts';

const REGISTERED_FIELDS = ['clientId', 'name', 'siret', 'address', 'contact', 'franceConnectClientId'] as const;

/** A service's own page: keys, return addresses, contacts. An instructor registers services of any body. */
export const serviceRoutes: readonly Route[] = [
  agentPage('GET', '/services', async (visit) => {
    const texts = serviceTexts(visit.language);
    const { roles } = agentOf(visit);
    const { data } = await visit.ask(ACCOUNTS);
    const accounts = data?.serviceAccounts ?? [];
    const cards = accounts.map(
      ({ service }) =>
        html`<li>
          ${card({
            title: html`<a href="/services/${service.clientId}">${service.name}</a>`,
            level: 2,
            body: html`<p class="small soft"><code>${service.clientId}</code> · SIRET ${service.siret}</p>`,
          })}
        </li>`,
    );
    const isInstructor = roles.includes('instructor');
    return page({
      title: texts.title,
      main: html`${pageHead(texts.title, isInstructor ? texts.leadInstructor : texts.lead)}
      ${isInstructor && html`<p>${linkButton('/services/new', texts.register)}</p>`}
      ${
        accounts.length === 0
          ? empty(texts.none)
          : html`<ul role="list" class="cards">
              ${cards}
            </ul>`
      }`,
    });
  }),

  agentPage('GET', '/services/new', (visit) => registerForm(visit, {}, {})),
  agentPage('POST', '/services/new', async (visit) => {
    const written = Object.fromEntries(REGISTERED_FIELDS.map((name) => [name, textIn(visit, name)]));
    const { franceConnectClientId, ...input } = written;
    const { data, faults } = await visit.ask(REGISTER, {
      input: { ...input, franceConnectClientId: franceConnectClientId || null },
    });
    if (data === null) return registerForm(visit, written, errorsOf(faults, visit.language));
    return showAccount(visit, data.change.account.service.clientId, { secret: data.change.secret });
  }),

  agentPage('GET', '/services/:clientId', (visit) => showAccount(visit, visit.params['clientId']!)),
  agentPage('POST', '/services/:clientId', (visit) => change(visit)),
];

function textIn({ form }: SignedInVisit, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

function errorsOf(faults: readonly Fault[], language: Language): FormErrors {
  const texts = serviceTexts(language);
  const key = faults[0]?.detailKey ?? '';
  if (key in texts.faults) return { [key]: texts.faults[key as keyof typeof texts.faults] };
  return { clientId: faults[0]?.message ?? texts.notDone };
}

function registerForm(visit: SignedInVisit, written: Readonly<Record<string, string>>, errors: FormErrors): Answer {
  const texts = serviceTexts(visit.language);
  const fields = REGISTERED_FIELDS.map((name) =>
    textField({ name, label: texts[name], value: written[name], type: name === 'contact' ? 'email' : 'text' }, errors),
  );
  return page({
    title: texts.registerTitle,
    ...(Object.keys(errors).length > 0 && { status: 422 }),
    main: html`${errorSummary(texts.wrong, errors)} ${pageHead(texts.registerTitle, texts.registerLead)}
    ${postForm(
      visit,
      '/services/new',
      html`${fields}
        <p class="actions">${submitButton(texts.register)}</p>`,
    )}`,
  });
}

async function change(visit: SignedInVisit): Promise<Answer> {
  const { ask } = visit;
  const clientId = visit.params['clientId']!;
  const url = textIn(visit, 'url');
  const changes = {
    contacts: () =>
      ask(CHANGE_CONTACTS, { clientId, address: textIn(visit, 'address'), contact: textIn(visit, 'contact') }),
    'add-url': () => ask(ADD_RETURN_URL, { clientId, url }),
    'remove-url': () => ask(REMOVE_RETURN_URL, { clientId, url }),
    'make-secret': () => ask(MAKE_SECRET, { clientId }),
    'end-secret': () => ask(END_OLDER_SECRET, { clientId }),
  };
  const name = textIn(visit, 'change');
  if (!Object.hasOwn(changes, name)) return showAccount(visit, clientId);
  const { data, faults } = await changes[name as keyof typeof changes]();
  if (data === null) return showAccount(visit, clientId, { errors: errorsOf(faults, visit.language) });
  // The one answer that is a page and no redirect: reloading it must not show the secret a second time, and cannot.
  if (data.change.secret !== null) return showAccount(visit, clientId, { secret: data.change.secret });
  return redirect(`/services/${encodeURIComponent(clientId)}`);
}

async function showAccount(
  visit: SignedInVisit,
  clientId: string,
  { errors = {}, secret }: { readonly errors?: FormErrors; readonly secret?: string | null } = {},
): Promise<Answer> {
  const { language } = visit;
  const texts = serviceTexts(language);
  const { data } = await visit.ask(ACCOUNT, { clientId });
  const account = data?.serviceAccount;
  if (!account) return page({ title: texts.unknown, status: 404, main: pageHead(texts.unknown) });
  const { roles, siret } = agentOf(visit);
  const mayChange = roles.includes('requester') && account.service.siret === siret;
  const { service } = account;
  const history = account.history.map(
    ({ type, at, about }) =>
      html`<li data-done>
        <p><strong>${texts.acts[type]}</strong> <span class="soft">${formatInstant(at, language)}</span></p>
        ${about !== null && html`<p class="small">${about}</p>`}
      </li>`,
  );
  return page({
    title: service.name,
    ...(Object.keys(errors).length > 0 && { status: 422 }),
    main: html`${errorSummary(texts.wrong, errors)}
    ${secret && note('good', texts.shownOnce, html`<p><code class="secret">${secret}</code></p>`, true)}
    ${pageHead(service.name, html`<code>${service.clientId}</code> · SIRET ${service.siret}`)}
    ${section(texts.secrets, secretsOf(visit, account, mayChange))}
    ${section(texts.returnUrls, returnUrlsOf(visit, account, mayChange, errors), 'return-urls')}
    ${section(texts.contacts, contactsOf(visit, account, mayChange, errors))}
    ${section(texts.credentials, facts(account.credentials.map(({ issuer, clientId: name }) => [issuer, html`<code>${name}</code>`])))}
    ${
      history.length > 0 &&
      section(
        texts.history,
        html`<ol class="timeline" role="list">
          ${history}
        </ol>`,
      )
    }`,
  });
}

function changeForm(
  visit: SignedInVisit,
  account: AccountDetails,
  name: string,
  body: Html,
  more: Record<string, string> = {},
): Html {
  const action = `/services/${account.service.clientId}`;
  return postForm(visit, action, body, { hidden: { change: name, ...more } });
}

function secretsOf(visit: SignedInVisit, account: AccountDetails, mayChange: boolean): Html {
  const texts = serviceTexts(visit.language);
  const { secrets } = account;
  const items = secrets.map(
    ({ since }) => html`<li>${since === null ? texts.old : texts.since(formatInstant(since, visit.language))}</li>`,
  );
  return html`<p>${texts.secretCount(secrets.length)}</p>
    ${
      items.length > 0 &&
      html`<ul>
        ${items}
      </ul>`
    }
    ${
      mayChange &&
      html`<p class="soft">${texts.rotation}</p>
        <div class="actions">
          ${secrets.length < 2 && changeForm(visit, account, 'make-secret', submitButton(texts.makeSecret, 'second'))}
          ${secrets.length === 2 && changeForm(visit, account, 'end-secret', submitButton(texts.endOlder, 'danger'))}
        </div>`
    }`;
}

function returnUrlsOf(visit: SignedInVisit, account: AccountDetails, mayChange: boolean, errors: FormErrors): Html {
  const texts = serviceTexts(visit.language);
  const items = account.returnUrls.map(
    (url) =>
      html`<li>
        <code>${url}</code>
        ${mayChange && changeForm(visit, account, 'remove-url', html`<button class="plain" type="submit">${texts.remove} <span class="for-screen-readers">${url}</span></button>`, { url })}
      </li>`,
  );
  return html`${
    items.length === 0
      ? html`<p class="soft">${texts.noReturnUrl}</p>`
      : html`<ul>
          ${items}
        </ul>`
  }
  ${
    mayChange &&
    changeForm(
      visit,
      account,
      'add-url',
      html`${textField({ name: 'url', label: texts.url }, errors)}
        <p class="actions">${submitButton(texts.add, 'second')}</p>`,
    )
  }`;
}

function contactsOf(visit: SignedInVisit, account: AccountDetails, mayChange: boolean, errors: FormErrors): Html {
  const texts = serviceTexts(visit.language);
  const address = account.address ?? '';
  const contact = account.contact ?? '';
  if (!mayChange)
    return facts([
      [texts.address, address],
      [texts.contact, contact],
    ]);
  return changeForm(
    visit,
    account,
    'contacts',
    html`${textField({ name: 'address', label: texts.address, value: address }, errors)}
      ${textField({ name: 'contact', label: texts.contact, value: contact, type: 'email' }, errors)}
      <p class="actions">${submitButton(texts.save, 'second')}</p>`,
  );
}
