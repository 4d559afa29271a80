import type { MenuEntry } from '../design/layout.ts';
import { inBothLanguages } from '../i18n/language.ts';
import type { Route, Visit } from '../web/route.ts';
import { accessLogRoutes } from './accessLog/accessLog.ts';
import { authorisationRoutes } from './authorisations/authorisations.ts';
import { consentOfferRoutes } from './consents/consentOffer.ts';
import { consentRequestRoutes } from './consents/consentRequest.ts';
import { homeRoutes } from './home/home.ts';
import { myDataRoutes } from './myData/myData.ts';

const words = inBothLanguages(
  {
    home: 'Accueil',
    myData: 'Mes données',
    authorisations: 'Mes autorisations',
    accessLog: 'Qui a consulté',
  },
  { home: 'Start', myData: 'My data', authorisations: 'My authorisations', accessLog: 'Who looked' },
);

export const citizenRoutes: readonly Route[] = [
  ...homeRoutes,
  ...consentOfferRoutes,
  ...consentRequestRoutes,
  ...myDataRoutes,
  ...authorisationRoutes,
  ...accessLogRoutes,
];

/** What a citizen may go to; nobody else has a menu. */
export function citizenMenu({ session, language }: Visit): readonly MenuEntry[] {
  if (session?.people.citizen === undefined) return [];
  const texts = words(language);
  return [
    { href: '/', label: texts.home },
    { href: '/my-data', label: texts.myData },
    { href: '/authorisations', label: texts.authorisations },
    { href: '/access-log', label: texts.accessLog },
  ];
}
