import { linkButton, pageHead } from '../design/pieces.ts';
import { inBothLanguages } from '../i18n/language.ts';
import type { Mishap } from './createSite.ts';
import { html } from './html.ts';
import { page, type PageAnswer, type Visit } from './route.ts';

const words = inBothLanguages(
  {
    'not-found': {
      title: 'Cette page n’existe pas',
      lead: 'L’adresse est peut-être incomplète, ou la page a été retirée.',
    },
    forged: {
      title: 'Ce formulaire n’a pas été accepté',
      lead: 'Il ne vient pas de votre session en cours : elle a pu se terminer entre-temps. Rien n’a changé.',
    },
    'too-large': { title: 'Ce formulaire est trop long', lead: 'Raccourcissez ce que vous envoyez. Rien n’a changé.' },
    'hub-silent': {
      title: 'Le service ne répond pas pour le moment',
      lead: 'Rien n’a été perdu et rien n’a changé. Réessayez dans quelques minutes.',
    },
    broken: { title: 'Cette page n’a pas pu être faite', lead: 'La faute est de notre côté. Rien n’a changé.' },
    home: 'Retour à l’accueil',
    again: 'Réessayer',
  },
  {
    'not-found': {
      title: 'There is no such page',
      lead: 'The address may be incomplete, or the page has been removed.',
    },
    forged: {
      title: 'This form was not accepted',
      lead: 'It does not come from your present session, which may have ended meanwhile. Nothing has changed.',
    },
    'too-large': { title: 'This form is too long', lead: 'Shorten what you send. Nothing has changed.' },
    'hub-silent': {
      title: 'The service does not answer at the moment',
      lead: 'Nothing is lost and nothing has changed. Try again in a few minutes.',
    },
    broken: { title: 'This page could not be made', lead: 'The fault is ours. Nothing has changed.' },
    home: 'Back to the start',
    again: 'Try again',
  },
);

/** What the site says when a page is not to be had: in plain words, with a way on. */
export function mishapPage(mishap: Mishap, visit: Visit): PageAnswer {
  const { home, again, [mishap]: texts } = words(visit.language);
  const canTryAgain = visit.method === 'GET' && (mishap === 'hub-silent' || mishap === 'broken');
  return page({
    title: texts.title,
    main: html`${pageHead(texts.title, texts.lead)}
      <p class="actions">
        ${canTryAgain && linkButton(visit.url.pathname + visit.url.search, again)} ${linkButton('/', home, 'second')}
      </p>`,
  });
}
