import type { MenuEntry } from '../design/layout.ts';
import { inBothLanguages } from '../i18n/language.ts';
import type { Route, Visit } from '../web/route.ts';
import { homeRoutes } from './home/home.ts';

const words = inBothLanguages({ home: 'Accueil' }, { home: 'Start' });

export const citizenRoutes: readonly Route[] = [...homeRoutes];

/** What a citizen may go to; nobody else has a menu. */
export function citizenMenu({ session, language }: Visit): readonly MenuEntry[] {
  if (session?.people.citizen === undefined) return [];
  const { home } = words(language);
  return [{ href: '/', label: home }];
}
