import { linkButton, pageHead } from '../../design/pieces.ts';
import { html } from '../../web/html.ts';
import { openPage, page, type Route } from '../../web/route.ts';
import { homeTexts } from './homeTexts.ts';

export const homeRoutes: readonly Route[] = [
  openPage('GET', '/', (visit) => {
    const texts = homeTexts(visit.language);
    const citizen = visit.session?.people.citizen;
    if (citizen === undefined) {
      const points = texts.points.map((point) => html`<li class="card">${point}</li>`);
      return page({
        title: texts.welcome,
        main: html`${pageHead(texts.welcome, texts.lead)}
          <p>${linkButton('/sign-in', texts.signIn)}</p>
          <ul role="list" class="cards">
            ${points}
          </ul>`,
      });
    }
    return page({ title: texts.hello(citizen.name), main: html`${pageHead(texts.hello(citizen.name))}` });
  }),
];
