import { pageHead, section } from '../design/pieces.ts';
import { inBothLanguages } from '../i18n/language.ts';
import { html } from '../web/html.ts';
import { openPage, page, type Route } from '../web/route.ts';

const words = inBothLanguages(
  {
    title: 'Accessibilité',
    lead: 'Nos trois sites (le portail du citoyen, celui des administrations, les démarches de la ville) visent RGAA 4.1 et WCAG 2.2, niveau AA. Ils n’ont pas été audités par une personne indépendante : ils ne sont donc pas déclarés conformes.',
    done: 'Ce qui est vérifié',
    doneItems: [
      'À chaque modification, axe-core examine les pages, et leurs états vides, refusés ou en erreur, dans un vrai navigateur sur grand écran, en clair : aucune erreur n’est admise.',
      'Les pages de la personne connectée, et toutes les pages ouvertes des deux autres sites, le sont aussi en sombre, à 320 pixels de large (un zoom de 400 %), où rien ne doit défiler de côté.',
      'Des essais automatiques font au clavier la connexion, une demande de données, un déménagement et l’arrêt de toutes les lectures ; d’autres les font sans JavaScript.',
      'Les contrastes de texte sont mesurés par le même outil : au moins 4,5 pour 1, ou 3 pour 1 pour les grands titres.',
    ],
    result: 'Le résultat, le 23 novembre 2026',
    resultItems: [
      'axe-core 4.11, règles WCAG 2.0 à 2.2 niveaux A et AA et bonnes pratiques : aucune erreur sur les trois sites.',
      'Lighthouse 12, sur les premières pages des trois sites, une démarche et la page d’une donnée : accessibilité 100 sur 100.',
      'Une première page arrive en quatre requêtes et moins de 50 Ko, et rien ne bouge pendant qu’elle s’affiche.',
    ],
    open: 'Ce qui ne l’est pas encore',
    openItems: [
      'Aucun audit des 106 critères du RGAA n’a été fait par une personne indépendante.',
      'Aucun essai n’a été conduit par des personnes qui utilisent chaque jour un lecteur d’écran ou une plage braille.',
      'GraphiQL, outil d’une autre équipe, n’est pas examiné : la page « Essayer » pose les mêmes questions sans lui, et sans JavaScript.',
      'Les pages de FranceConnect (ici leur imitation) ne font pas partie de ces sites.',
    ],
  },
  {
    title: 'Accessibility',
    lead: 'Our three sites (the citizen’s portal, that of administrations, the town’s forms) aim at RGAA 4.1 and WCAG 2.2, level AA. Nobody independent has audited them, so they are not declared compliant.',
    done: 'What is checked',
    doneItems: [
      'At every change axe-core looks at the pages, and at their empty, refused and faulty states, in a real browser on a wide screen, in light colours: no fault is let through.',
      'The pages of a person who is signed in, and every open page of the other two sites, are looked at in dark colours too, 320 pixels wide (a zoom of 400 %), where nothing may scroll sideways.',
      'Automatic tests sign in, answer a request, declare a move and stop every reading by keyboard; others do so without JavaScript.',
      'Text contrasts are measured by the same tool: at least 4.5 to 1, or 3 to 1 for large titles.',
    ],
    result: 'The result, on 23 November 2026',
    resultItems: [
      'axe-core 4.11, rules of WCAG 2.0 to 2.2 levels A and AA and best practices: no fault on any of the three sites.',
      'Lighthouse 12, on the first pages of the three sites, one form and the page of one field: accessibility 100 of 100.',
      'A first page comes in four requests and less than 50 KB, and nothing moves while it is shown.',
    ],
    open: 'What is not yet',
    openItems: [
      'Nobody independent has audited the 106 criteria of RGAA.',
      'No trial was made with people who use a screen reader or a braille display every day.',
      'GraphiQL, another team’s tool, is not looked at: the page “Try it” asks the same questions without it, and without JavaScript.',
      'FranceConnect’s pages (here their stand-in) are not part of these sites.',
    ],
  },
);

/** The accessibility statement, which every page's footer links to (décret n° 2019-768, article 4). */
export const accessibilityRoutes: readonly Route[] = [
  openPage('GET', '/accessibility', ({ language }) => {
    const texts = words(language);
    return page({
      title: texts.title,
      main: html`${pageHead(texts.title, texts.lead)}
      ${section(
        texts.done,
        html`<ul>
          ${texts.doneItems.map((item) => html`<li>${item}</li>`)}
        </ul>`,
      )}
      ${section(
        texts.result,
        html`<ul>
          ${texts.resultItems.map((item) => html`<li>${item}</li>`)}
        </ul>`,
      )}
      ${section(
        texts.open,
        html`<ul>
          ${texts.openItems.map((item) => html`<li>${item}</li>`)}
        </ul>`,
      )}`,
    });
  }),
];
