import { linkButton, pageHead } from '../design/pieces.ts';
import { inBothLanguages, type Language } from '../i18n/language.ts';
import { html } from '../web/html.ts';
import type { PageAnswer } from '../web/route.ts';

const words = inBothLanguages(
  {
    signedOut: 'Vous êtes déconnecté',
    signedOutLead:
      'Votre session est terminée ici et chez FranceConnect. Vos autorisations, elles, restent comme vous les avez laissées.',
    home: 'Retour à l’accueil',
    refused: 'La connexion n’a pas abouti',
    refusedLead: 'Vous avez peut-être annulé, ou attendu trop longtemps. Rien n’a été lu et rien n’a changé.',
    again: 'Se connecter de nouveau',
  },
  {
    signedOut: 'You are signed out',
    signedOutLead: 'Your session is over here and at FranceConnect. Your authorisations stay as you left them.',
    home: 'Back to the start',
    refused: 'You are not signed in',
    refusedLead: 'You may have cancelled, or waited too long. Nothing was read and nothing has changed.',
    again: 'Sign in again',
  },
);

export function signedOutPage(language: Language): Omit<PageAnswer, 'kind'> {
  const { signedOut, signedOutLead, home } = words(language);
  return {
    title: signedOut,
    menu: false,
    main: html`${pageHead(signedOut, signedOutLead)}
      <p>${linkButton('/', home, 'second')}</p>`,
  };
}

export function signInRefusedPage(language: Language, againHref: string): Omit<PageAnswer, 'kind'> {
  const { refused, refusedLead, again } = words(language);
  return {
    title: refused,
    status: 403,
    menu: false,
    main: html`${pageHead(refused, refusedLead)}
      <p>${linkButton(againHref, again)}</p>`,
  };
}
