import { Html, html } from './html.ts';
import { both, page } from './layout.ts';

/** The request cannot go back to the client: unknown client, wrong redirect, lost session. */
export function errorPage(code: string, description: string | undefined): string {
  return page(
    'Demande refusée',
    html`<h1>${both('Cette demande ne peut pas aboutir', 'This request cannot be completed')}</h1>
      <p class="error" role="alert">
        <code>${code}</code>${description ? html` – <span lang="en">${description}</span>` : undefined}
      </p>
      <p>
        ${both(
          'Retournez au service et recommencez. Les clients et personnes du bac à sable sont listés à la page d’accueil.',
          'Go back to the service and start again. The home page lists the clients and people of the sandbox.',
        )}
      </p>
      <p>
        <a href="/">Page d’accueil / <span lang="en">Home page</span></a>
      </p>`,
  );
}

/**
 * FranceConnect signs out without a question, since the service has shown the ID token: so does this page, and asks for a click where there is no
 * JavaScript.
 *
 * @param form the library's own form, with its protection against forged requests.
 */
export function signOutPage(form: string): string {
  return page(
    'Déconnexion',
    html`<h1>${both('Déconnexion en cours', 'Signing you out')}</h1>
      ${new Html(form)}
      <p class="actions">
        <button form="op.logoutForm" name="logout" value="yes">${both('Continuer', 'Continue')}</button>
      </p>
      <script src="/sign-out.js"></script>`,
  );
}

/** Served at /sign-out.js, so that the page needs no inline script. */
export const SIGN_OUT_SCRIPT = `document.querySelector('button[name=logout]').click();\n`;

export function signedOutPage(): string {
  return page('Déconnecté', html`<h1>${both('Vous êtes déconnecté', 'You are signed out')}</h1>`);
}
