import { linkButton, pageHead, section } from '../../design/pieces.ts';
import { html } from '../../web/html.ts';
import { citizenPage, openPage, page, redirect, type Route } from '../../web/route.ts';
import { readInbox } from '../requests/inbox.ts';
import { noticeList } from '../requests/requests.ts';
import { homeTexts } from './homeTexts.ts';

export const homeRoutes: readonly Route[] = [
  openPage('GET', '/', (visit) => {
    if (visit.session?.people.citizen !== undefined) return redirect('/home');
    const texts = homeTexts(visit.language);
    const points = texts.points.map(
      ({ title, text }) =>
        html`<li class="card">
          <h2>${title}</h2>
          <p>${text}</p>
        </li>`,
    );
    return page({
      title: texts.welcome,
      main: html`${pageHead(texts.welcome, texts.lead)}
        <p>${linkButton('/sign-in?to=/home', texts.signIn)}</p>
        <ul role="list" class="cards cards--two">
          ${points}
        </ul>`,
    });
  }),

  citizenPage('GET', '/home', async ({ ask, language, clock, person }) => {
    const texts = homeTexts(language);
    const notices = await readInbox(ask, language, clock());
    const ways = texts.ways.map(
      ({ href, title, text }) =>
        html`<li class="card">
          <h3><a href="${href}">${title}</a></h3>
          <p class="soft">${text}</p>
        </li>`,
    );
    return page({
      title: texts.hello(person.name),
      main: html`${pageHead(texts.hello(person.name))} ${section(texts.waiting, noticeList(notices, language, 3))}
      ${section(
        texts.goOn,
        html`<ul role="list" class="cards cards--two">
          ${ways}
        </ul>`,
      )}`,
    });
  }),
];
