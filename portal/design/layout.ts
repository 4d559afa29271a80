import type { Language } from '../i18n/language.ts';
import type { Assets } from '../web/assets.ts';
import { CSRF_FIELD } from '../web/fromOwnPage.ts';
import { attributes, html, type Html } from '../web/html.ts';
import type { PageAnswer, Visit } from '../web/route.ts';
import { layoutTexts } from './layoutTexts.ts';

export interface MenuEntry {
  readonly href: string;
  readonly label: string;
}

export interface LayoutOptions {
  readonly assets: Assets;
  /** Name of the site, as its header says it. */
  readonly brand: string;
  /** Says on every page that nobody in it exists. */
  readonly isSandbox: boolean;
  /** What this visitor may go to; empty for somebody who has not signed in. */
  readonly menu: (visit: Visit) => readonly MenuEntry[];
  readonly footer: (language: Language) => readonly MenuEntry[];
}

/** The document around every page: skip link, header with language and sign-out, menu, main, footer. */
export function createLayout(options: LayoutOptions): (page: PageAnswer, visit: Visit) => Html {
  const { assets, brand, isSandbox } = options;
  return (page, visit) => {
    const texts = layoutTexts(visit.language);
    const menu = page.menu === false ? [] : options.menu(visit);
    return html`<!doctype html>
      <html lang="${visit.language}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex" />
          <meta name="color-scheme" content="light dark" />
          <title>${page.title} – ${brand}</title>
          <link rel="icon" href="${ICON}" />
          <link rel="preload" href="${assets.font}" as="font" type="font/woff2" crossorigin="anonymous" />
          <link rel="stylesheet" href="${assets.style}" />
          <script type="module" src="${assets.script}"></script>
        </head>
        <body>
          <a class="skip" href="#main">${texts.skip}</a>
          ${header(options, visit, menu.length > 0)}
          <div class="site-body${menu.length > 0 ? ' site-body--with-menu' : ''}">
            ${menu.length > 0 && menuList(menu, visit)}
            <main id="main" tabindex="-1" class="site-main${menu.length > 0 ? '' : ' site-main--narrow'}">
              ${page.main}
            </main>
          </div>
          <footer class="site-footer">
            <div class="site-footer__inner">
              ${isSandbox && html`<p>${texts.invented}</p>`}
              <ul role="list">
                ${options.footer(visit.language).map(({ href, label }) => html`<li><a href="${href}">${label}</a></li>`)}
              </ul>
            </div>
          </footer>
        </body>
      </html>`;
  };
}

function header({ brand }: LayoutOptions, visit: Visit, hasMenu: boolean): Html {
  const texts = layoutTexts(visit.language);
  const other = visit.language === 'fr' ? 'en' : 'fr';
  const to = new URLSearchParams({ to: visit.method === 'GET' ? visit.url.pathname + visit.url.search : '/' });
  const people = Object.values(visit.session?.people ?? {});
  return html`<header class="site-header">
    <div class="site-header__inner">
      <a class="brand" href="/">${MARK}<span>${brand}</span></a>
      <div class="site-header__tools">
        ${people.length > 0 && html`<span class="site-header__who">${people.map(({ name }) => name).join(', ')}</span>`}
        <a href="/language/${other}?${to.toString()}" lang="${other}" hreflang="${other}">${texts.otherLanguage}</a>
        ${people.length > 0 && signOutButton(visit, texts.signOut)}
        ${hasMenu && html`<button type="button" class="button button--second button--small menu__open" popovertarget="menu">${texts.menu}</button>`}
      </div>
    </div>
  </header>`;
}

function signOutButton(visit: Visit, label: string): Html {
  return html`<form method="post" action="/sign-out">
    ${csrfField(visit)}<button class="plain" type="submit">${label}</button>
  </form>`;
}

/** On a wide page a column beside the text; on a phone a sheet that the header's button opens, without a script (HTML popover). */
function menuList(menu: readonly MenuEntry[], visit: Visit): Html {
  const current = menu
    .filter(({ href }) => visit.url.pathname === href || (href !== '/' && visit.url.pathname.startsWith(`${href}/`)))
    .sort((one, other) => other.href.length - one.href.length)[0];
  const entries = menu.map((entry) => {
    const isCurrent = entry === current && (entry.href === visit.url.pathname ? 'page' : 'true');
    return html`<li><a href="${entry.href}" ${attributes({ 'aria-current': isCurrent })}>${entry.label}</a></li>`;
  });
  return html`<nav class="menu" id="menu" popover aria-label="${layoutTexts(visit.language).menu}">
    <ul role="list">
      ${entries}
    </ul>
  </nav>`;
}

/** Every form that is sent by POST has it. */
export function csrfField({ session }: Visit): Html {
  return session === undefined
    ? html``
    : html`<input type="hidden" name="${CSRF_FIELD}" value="${session.csrfToken}" />`;
}

/** Two people and what joins them. */
const MARK = html`<svg
  viewBox="0 0 36 20"
  aria-hidden="true"
  focusable="false"
  fill="none"
  stroke="currentColor"
  stroke-width="3"
>
  <circle cx="6" cy="10" r="4.5" fill="currentColor" stroke="none"></circle>
  <path d="M12 10h12"></path>
  <circle cx="30" cy="10" r="4.5"></circle>
</svg>`;

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%2317605a'/%3E%3Cg fill='none' stroke='white' stroke-width='2.6'%3E%3Cpath d='M12 16h8'/%3E%3Ccircle cx='24' cy='16' r='3.4'/%3E%3C/g%3E%3Ccircle cx='8' cy='16' r='4' fill='white'/%3E%3C/svg%3E";
