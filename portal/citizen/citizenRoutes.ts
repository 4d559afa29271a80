import type { MenuEntry } from '../design/layout.ts';
import { inBothLanguages } from '../i18n/language.ts';
import type { Route, Visit } from '../web/route.ts';
import { accessLogRoutes } from './accessLog/accessLog.ts';
import { accountRoutes } from './account/account.ts';
import { authorisationRoutes } from './authorisations/authorisations.ts';
import { consentOfferRoutes } from './consents/consentOffer.ts';
import { consentRequestRoutes } from './consents/consentRequest.ts';
import { homeRoutes } from './home/home.ts';
import { householdRoutes } from './household/household.ts';
import { moveRoutes } from './moves/moves.ts';
import { myDataRoutes } from './myData/myData.ts';
import { requestRoutes } from './requests/requests.ts';

const words = inBothLanguages(
  {
    home: 'Accueil',
    requests: 'Demandes',
    myData: 'Mes données',
    authorisations: 'Mes autorisations',
    accessLog: 'Qui a consulté',
    household: 'Mon foyer',
    moves: 'Je déménage',
    account: 'Emporter ou effacer',
  },
  {
    home: 'Start',
    requests: 'Requests',
    myData: 'My data',
    authorisations: 'My authorisations',
    accessLog: 'Who looked',
    household: 'My household',
    moves: 'I am moving',
    account: 'Take along or erase',
  },
);

export const citizenRoutes: readonly Route[] = [
  ...homeRoutes,
  ...consentOfferRoutes,
  ...consentRequestRoutes,
  ...requestRoutes,
  ...myDataRoutes,
  ...authorisationRoutes,
  ...accessLogRoutes,
  ...householdRoutes,
  ...moveRoutes,
  ...accountRoutes,
];

/** What a citizen may go to; nobody else has a menu. */
export function citizenMenu({ session, language }: Visit): readonly MenuEntry[] {
  if (session?.people.citizen === undefined) return [];
  const texts = words(language);
  return [
    { href: '/home', label: texts.home },
    { href: '/requests', label: texts.requests },
    { href: '/my-data', label: texts.myData },
    { href: '/authorisations', label: texts.authorisations },
    { href: '/access-log', label: texts.accessLog },
    { href: '/household', label: texts.household },
    { href: '/moves', label: texts.moves },
    { href: '/account', label: texts.account },
  ];
}
