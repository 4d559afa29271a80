import type { Assets } from './assets.ts';
import type { ExplorerOptions } from './createExplorer.ts';
import { escapeHtml, toScriptData } from './escapeHtml.ts';
import type { Bilingual, Example } from './examples.ts';

/** The page: a panel with examples and sign-in, GraphiQL beside it. Both languages are in it; the visitor's one is shown. */
export function explorerPage({ signIn, graphUrl, examples, schemaSdl }: ExplorerOptions, { base }: Assets): string {
  const settings = {
    graphPath: new URL(graphUrl).pathname,
    directoryUrl: signIn ? new URL('/directory.json', signIn.issuer).href : null,
    schemaUrl: schemaSdl === undefined ? null : `${base}schema.json`,
    examples,
  };
  return `<!doctype html>
<html lang="fr">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>Trait d’Union – explorateur du graphe</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${base}graphiql.css" />
    <link rel="stylesheet" href="${base}explorer.css" />
    <script type="application/json" id="settings">${toScriptData(settings)}</script>
    <script defer src="${base}react.js"></script>
    <script defer src="${base}react-dom.js"></script>
    <script defer src="${base}graphiql.js"></script>
    <script defer src="${base}graphql-sse.js"></script>
    <script type="module" src="${base}explorer.js"></script>
  </head>
  <body>
    <aside id="panel">
      <header>
        <h1>Trait d’Union</h1>
        <button type="button" id="language" class="plain"><span lang="fr" data-other>English</span><span lang="en" data-other>Français</span></button>
      </header>
      ${signIn === undefined ? OWN_TOKEN : SIGN_IN}
      <section aria-labelledby="examples-title">
        <h2 id="examples-title">${both({ fr: 'Exemples', en: 'Examples' })}</h2>
        <p class="hint">${both({
          fr: 'Choisissez un exemple, connectez-vous, puis exécutez la requête (▶).',
          en: 'Choose an example, sign in, then run the query (▶).',
        })}</p>
        <ul id="examples">${examples.map(exampleItem).join('')}</ul>
      </section>
    </aside>
    <main id="graphiql" aria-label="GraphiQL"></main>
    <noscript><p>${both({ fr: 'L’explorateur a besoin de JavaScript.', en: 'The explorer needs JavaScript.' })}</p></noscript>
  </body>
</html>
`;
}

const SIGN_IN = `<section aria-labelledby="session-title">
        <h2 id="session-title">${both({ fr: 'Se connecter (bac à sable)', en: 'Sign in (sandbox)' })}</h2>
        <form id="sign-in">
          <label>${both({ fr: 'Personne fictive', en: 'Invented person' })}<select name="persona" required></select></label>
          <label>${both({ fr: 'Pour le service', en: 'For the service' })}<select name="service" required></select></label>
          <label>${both({ fr: 'Niveau de garantie', en: 'Level of assurance' })}<select name="acr">
            <option>eidas1</option><option>eidas2</option><option>eidas3</option>
          </select></label>
          <details>
            <summary>${both({ fr: 'Portées demandées', en: 'Scopes asked for' })}</summary>
            <textarea name="scope" rows="4" spellcheck="false" aria-labelledby="session-title"></textarea>
          </details>
          <button type="submit">${both({ fr: 'Se connecter', en: 'Sign in' })}</button>
          <p class="hint">${both({
            fr: 'Bac à sable seulement : le serveur de cette page joue le service et remet ici le jeton du hub. Un vrai service garde ce jeton sur son serveur.',
            en: 'Sandbox only: this page’s server plays the service and hands the hub’s token to the page. A real service keeps that token on its server.',
          })}</p>
        </form>
        <p id="session"><span id="session-who" role="status"></span> <span id="session-time"></span></p>
        <p id="session-actions" hidden>
          <button type="button" id="copy-token" class="plain">${both({ fr: 'Copier le jeton', en: 'Copy the token' })}</button>
          <button type="button" id="forget-token" class="plain">${both({ fr: 'Oublier', en: 'Forget' })}</button>
        </p>
      </section>`;

const OWN_TOKEN = `<section aria-labelledby="session-title">
        <h2 id="session-title">${both({ fr: 'Jeton', en: 'Token' })}</h2>
        <p>${both({
          fr: 'Mettez votre jeton dans l’onglet « Headers » : {"Authorization": "Bearer …"}',
          en: 'Put your token into the tab “Headers”: {"Authorization": "Bearer …"}',
        })}</p>
      </section>`;

function exampleItem({ id, title, shows, persona, service, acr }: Example): string {
  return `<li><button type="button" class="example" data-example="${escapeHtml(id)}">
    <span class="title">${both(title)}</span>
    <span class="who">${escapeHtml(`${persona} → ${service} · ${acr}`)}</span>
    <span class="shows">${both(shows)}</span>
  </button></li>`;
}

function both({ fr, en }: Bilingual): string {
  // A French line must not begin with one of these signs.
  const french = fr.replace(/ ([:;?!»])/g, '\u00a0$1');
  return `<span lang="fr">${escapeHtml(french)}</span><span lang="en">${escapeHtml(en)}</span>`;
}
