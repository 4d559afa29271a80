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
      'À chaque modification, axe-core examine chaque page et chaque état dans un vrai navigateur, en clair et en sombre, sur téléphone et sur grand écran : aucune erreur n’est admise.',
      'Les parcours sont faits au clavier seul, et sans JavaScript, par des essais automatiques.',
      'Les contrastes de texte sont d’au moins 4,5 pour 1 ; rien n’est dit par la couleur seule.',
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
      'At every change axe-core looks at every page and every state in a real browser, light and dark, on a phone and on a wide screen: no fault is let through.',
      'Automatic tests walk the journeys by keyboard alone, and without JavaScript.',
      'Text contrasts are at least 4.5 to 1; nothing is said by colour alone.',
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
