import { pageHead, section } from '../design/pieces.ts';
import { inBothLanguages } from '../i18n/language.ts';
import { html } from '../web/html.ts';
import { openPage, page, type Route } from '../web/route.ts';

const words = inBothLanguages(
  {
    title: 'Accessibilité',
    lead: 'Ce site vise RGAA 4.1 et WCAG 2.2, niveau AA. Il n’a pas été audité par une personne indépendante : il n’est donc pas déclaré conforme.',
    done: 'Ce qui est vérifié',
    doneItems: [
      'À chaque modification, axe-core examine les pages, et leurs états vides, refusés ou en erreur, dans un vrai navigateur sur grand écran, en clair : aucune erreur n’est admise.',
      'Les pages de la personne connectée le sont aussi en sombre, à 320 pixels de large, où rien ne doit défiler de côté.',
      'Des essais automatiques font au clavier la connexion, une demande de données, un déménagement et l’arrêt de toutes les lectures ; d’autres les font sans JavaScript.',
      'Les contrastes de texte sont mesurés par le même outil : au moins 4,5 pour 1, ou 3 pour 1 pour les grands titres.',
    ],
    open: 'Ce qui ne l’est pas encore',
    openItems: [
      'Aucun audit des 106 critères du RGAA n’a été fait par une personne indépendante.',
      'Aucun essai n’a été conduit par des personnes qui utilisent chaque jour un lecteur d’écran ou une plage braille.',
      'Les pages de FranceConnect (ici leur imitation) ne font pas partie de ce site.',
    ],
  },
  {
    title: 'Accessibility',
    lead: 'This site aims at RGAA 4.1 and WCAG 2.2, level AA. Nobody independent has audited it, so it is not declared compliant.',
    done: 'What is checked',
    doneItems: [
      'At every change axe-core looks at the pages, and at their empty, refused and faulty states, in a real browser on a wide screen, in light colours: no fault is let through.',
      'The pages of a person who is signed in are looked at in dark colours too, 320 pixels wide, where nothing may scroll sideways.',
      'Automatic tests sign in, answer a request, declare a move and stop every reading by keyboard; others do so without JavaScript.',
      'Text contrasts are measured by the same tool: at least 4.5 to 1, or 3 to 1 for large titles.',
    ],
    open: 'What is not yet',
    openItems: [
      'Nobody independent has audited the 106 criteria of RGAA.',
      'No trial was made with people who use a screen reader or a braille display every day.',
      'FranceConnect’s pages (here their stand-in) are not part of this site.',
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
        texts.open,
        html`<ul>
          ${texts.openItems.map((item) => html`<li>${item}</li>`)}
        </ul>`,
      )}`,
    });
  }),
];
