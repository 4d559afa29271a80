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

/** @param form the library's own form, with its protection against forged requests. */
export function signOutPage(form: string): string {
  return page(
    'Se déconnecter',
    html`<h1>${both('Voulez-vous vous déconnecter ?', 'Do you want to sign out?')}</h1>
      ${new Html(form)}
      <p class="actions">
        <button form="op.logoutForm" name="logout" value="yes">${both('Se déconnecter', 'Sign out')}</button>
        <button form="op.logoutForm" class="quiet">${both('Rester connecté', 'Stay signed in')}</button>
      </p>`,
  );
}

export function signedOutPage(): string {
  return page('Déconnecté', html`<h1>${both('Vous êtes déconnecté', 'You are signed out')}</h1>`);
}
