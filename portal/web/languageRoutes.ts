import { isLanguage } from '../i18n/language.ts';
import { localPath } from './localPath.ts';
import { openPage, redirect, type Route } from './route.ts';

/** `/language/en?to=/here`: the same page in the other language, from now on. */
export const languageRoutes: readonly Route[] = [
  openPage('GET', '/language/:language', ({ params, url }) => {
    const { language } = params;
    return redirect(localPath(url.searchParams.get('to')) ?? '/', isLanguage(language) ? { language } : {});
  }),
];
