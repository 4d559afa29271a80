/* The panel beside GraphiQL: language, examples, sign-in. GraphiQL and React are the globals of their own bundles. */
import { createFetcher } from './follow.js';
import { findSession, finishSignIn, forgetSession, startSignIn } from './session.js';
import { findTabs, keepTabs, storageWithoutTabs } from './tabs.js';

const settings = JSON.parse(document.getElementById('settings').textContent);
const form = document.getElementById('sign-in');

const WORDS = {
  fr: {
    none: 'Pas encore de jeton.',
    expired: 'Jeton expiré : reconnectez-vous.',
    active: ({ name, service, acr }) => `${name} → ${service}, ${acr}.`,
    expiresIn: (time) => `Expire dans ${time}.`,
    refused: (reason) => `Connexion refusée : ${reason}`,
    unreachable: 'Le fournisseur d’identité du bac à sable ne répond pas.',
  },
  en: {
    none: 'No token yet.',
    expired: 'Token expired: sign in again.',
    active: ({ name, service, acr }) => `${name} → ${service}, ${acr}.`,
    expiresIn: (time) => `Expires in ${time}.`,
    refused: (reason) => `Sign-in refused: ${reason}`,
    unreachable: 'The sandbox’s identity provider does not answer.',
  },
};

let fault;
let directory;
/** GraphiQL's editors, handed over by a component inside it. */
let editors;

setLanguage(localStorage.getItem('explorer.language') ?? (/^en\b/.test(navigator.language) ? 'en' : 'fr'));
document.getElementById('language').addEventListener('click', () => setLanguage(language() === 'fr' ? 'en' : 'fr'));
for (const button of document.querySelectorAll('[data-example]')) {
  button.addEventListener('click', () => openExample(button.dataset.example));
}
if (form) await startPanel();
await startGraphiql();

function language() {
  return document.documentElement.lang;
}

function setLanguage(chosen) {
  document.documentElement.lang = chosen;
  localStorage.setItem('explorer.language', chosen);
  if (form) showSession();
}

async function startPanel() {
  form.addEventListener('submit', signIn);
  form.elements.service.addEventListener('change', showScopes);
  document
    .getElementById('copy-token')
    .addEventListener('click', () => navigator.clipboard.writeText(findSession().token));
  document.getElementById('forget-token').addEventListener('click', () => {
    fault = undefined;
    forgetSession();
    showSession();
  });
  try {
    const refusal = await finishSignIn();
    if (refusal !== undefined) fault = (words) => words.refused(refusal);
    directory = await (await fetch(settings.directoryUrl)).json();
    fillChoices();
  } catch {
    fault = (words) => words.unreachable;
  }
  showSession();
  setInterval(showSession, 1000);
}

function fillChoices() {
  const { persona, service } = form.elements;
  for (const { id, names } of directory.personas) persona.add(new Option(`${names} (${id})`, id));
  for (const { clientId, name, purposes } of directory.services) {
    for (const purpose of purposes)
      service.add(new Option(`${name} (${clientId}, ${purpose})`, `${clientId} ${purpose}`));
  }
  restoreChoice();
}

/** The choice survives the way to the login page and back. */
function restoreChoice() {
  const kept = JSON.parse(sessionStorage.getItem('explorer.choice') ?? 'null');
  if (kept) {
    form.elements.persona.value = kept.persona;
    form.elements.service.value = kept.service;
    form.elements.acr.value = kept.acr;
  }
  showScopes();
  if (kept) form.elements.scope.value = kept.scope;
}

function showScopes() {
  const clientId = form.elements.service.value.split(' ')[0];
  form.elements.scope.value =
    directory.services.find((service) => service.clientId === clientId)?.scopes.join(' ') ?? '';
}

async function signIn(event) {
  event.preventDefault();
  const { persona, service, acr, scope } = Object.fromEntries(new FormData(form));
  sessionStorage.setItem('explorer.choice', JSON.stringify({ persona, service, acr, scope }));
  const [clientId, purpose] = service.split(' ');
  try {
    await startSignIn({ persona, service: clientId, purpose, acr, scope });
  } catch {
    fault = (words) => words.unreachable;
    showSession();
  }
}

/** The state of the session in words; called every second, so it writes only what changed, and the time is not announced. */
function showSession() {
  const words = WORDS[language()];
  const session = findSession();
  const remainingSeconds = session ? Math.max(0, Math.floor((session.expiresAtMs - Date.now()) / 1000)) : 0;
  const active = !fault && remainingSeconds > 0;
  const time = `${Math.floor(remainingSeconds / 60)}:${String(remainingSeconds % 60).padStart(2, '0')}`;
  write('session-who', fault ? fault(words) : active ? words.active(session) : session ? words.expired : words.none);
  write('session-time', active ? words.expiresIn(time) : '');
  document.getElementById('session').dataset.state = fault ? 'fault' : active ? 'active' : 'none';
  document.getElementById('session-actions').hidden = !session;
}

function write(id, text) {
  const element = document.getElementById(id);
  if (element.textContent !== text) element.textContent = text;
}

function openExample(id) {
  const example = settings.examples.find((candidate) => candidate.id === id);
  if (!editors) return;
  if (!isUntouched(editors.queryEditor.getValue())) editors.addTab();
  // A new tab's editors take over in React's next turn.
  setTimeout(() => {
    const { query, variables } = tabOf(example);
    editors.queryEditor.setValue(query);
    editors.variableEditor?.setValue(variables);
  });
  if (directory) {
    const service = directory.services.find(({ clientId }) => clientId === example.service);
    form.elements.persona.value = example.persona;
    form.elements.service.value = `${example.service} ${service?.purposes[0]}`;
    form.elements.acr.value = example.acr;
    showScopes();
  }
  for (const button of document.querySelectorAll('[data-example]')) {
    button.setAttribute('aria-pressed', String(button.dataset.example === id));
  }
}

/** Whether a query is empty or an example as it came: replacing it loses nothing of the visitor's. */
function isUntouched(query) {
  return query.trim() === '' || settings.examples.some((example) => example.query.trim() === query.trim());
}

async function startGraphiql() {
  const { React, ReactDOM, GraphiQL } = globalThis;
  const schema = settings.schemaUrl ? (await (await fetch(settings.schemaUrl)).json()).data : undefined;
  const fetcher = createFetcher(settings.graphPath, fetchWithToken);

  const defaultTabs = findTabs() ?? [tabOf(settings.examples[0])];

  /**
   * Stands where the logo would; renders nothing and hands the editors out. GraphiQL 3.8.2 opens its variables editor empty whatever the first of
   * defaultTabs holds, and runs what the editor says: so its text is put there as soon as there is an editor.
   */
  function EditorBridge() {
    editors = GraphiQL.React.useEditorContext();
    const { variableEditor } = editors;
    React.useEffect(() => {
      if (variableEditor?.getValue() === '') variableEditor.setValue(defaultTabs[0].variables);
    }, [variableEditor]);
    return null;
  }
  addEventListener('pagehide', () => {
    if (editors?.queryEditor) keepTabs(editors);
  });
  ReactDOM.createRoot(document.getElementById('graphiql')).render(
    React.createElement(
      GraphiQL,
      {
        fetcher,
        ...(schema && { schema }),
        defaultTabs,
        storage: storageWithoutTabs,
        forcedTheme: 'light',
        shouldPersistHeaders: false,
      },
      React.createElement(GraphiQL.Logo, null, React.createElement(EditorBridge)),
    ),
  );
}

function tabOf(example) {
  return {
    query: example?.query ?? '',
    variables: example?.variables ? JSON.stringify(example.variables, null, 2) : '',
  };
}

/** Adds the session's token, unless the visitor wrote an Authorization header. */
function fetchWithToken(url, init) {
  const headers = new Headers(init.headers);
  const session = findSession();
  if (session && !headers.has('authorization')) headers.set('authorization', `Bearer ${session.token}`);
  headers.set('accept-language', language());
  return fetch(url, { ...init, headers });
}
