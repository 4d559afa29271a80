import { yearInParis } from '../../../schema/parisCalendar.ts';
import { postForm, submitButton } from '../../design/forms.ts';
import { linkButton, note, pageHead, section } from '../../design/pieces.ts';
import { html, type Html } from '../../web/html.ts';
import { openPage, page, type Answer, type Route, type Visit } from '../../web/route.ts';
import type { ReadCatalogue } from '../catalogue/catalogue.ts';
import { exampleQuery } from '../catalogue/exampleQuery.ts';
import { relay } from './relay.ts';
import { tryItTexts } from './tryItTexts.ts';

/** A service of the sandbox that a visitor may play. */
export interface PlayedService {
  readonly clientId: string;
  readonly name: string;
}

export interface TryItPages {
  readonly read: ReadCatalogue;
  readonly graphUrl: string;
  readonly services: readonly PlayedService[];
  readonly clock: () => number;
}

const FIRST_QUERY = 'query {\n  me {\n    familyFile {\n      quotient { value year month }\n    }\n  }\n}';
const MAX_QUERY = 20_000;

/** The graph as an invented person, by a form that needs no script; GraphiQL beside it for those who want more. */
export function tryItRoutes({ read, graphUrl, services, clock }: TryItPages): readonly Route[] {
  return [
    openPage('GET', '/try', async (visit) => {
      const coordinate = visit.url.searchParams.get('field');
      const catalogue = coordinate === null ? undefined : await read();
      const field = catalogue?.fields.find((one) => one.coordinate === coordinate);
      const query = field && exampleQuery(catalogue!, field, yearInParis(clock()) - 1);
      return show(visit, query ?? FIRST_QUERY);
    }),

    openPage('POST', '/try', async (visit) => {
      const written = visit.form.get('query');
      const query = (typeof written === 'string' ? written : '').slice(0, MAX_QUERY);
      const token = await visit.session?.people.citizen?.token();
      if (token === undefined) return show(visit, query);
      const answer = await relay(graphUrl, JSON.stringify({ query }), token, visit.language);
      return show(visit, query, pretty(await answer.text()));
    }),
  ];

  function show(visit: Visit, query: string, answer?: string): Answer {
    const texts = tryItTexts(visit.language);
    const citizen = visit.session?.people.citizen;
    return page({
      title: texts.title,
      main: html`${pageHead(texts.title, texts.lead)}
      ${citizen === undefined ? note('accent', texts.signInFirst) : html`<p>${texts.as(citizen.name)}</p>`}
      ${section(citizen === undefined ? texts.choose : texts.another, serviceLinks(visit))}
      ${citizen !== undefined && queryForm(visit, query)}
      ${citizen === undefined && html`<pre class="code" tabindex="0"><code>${query}</code></pre>`}
      ${
        answer !== undefined &&
        html`<section class="section" role="status">
          <h2>${texts.answer}</h2>
          <pre class="code" tabindex="0"><code>${answer}</code></pre>
        </section>`
      }`,
    });
  }

  function serviceLinks(visit: Visit): Html {
    const field = visit.url.searchParams.get('field');
    const to = field === null ? '/try' : `/try?${new URLSearchParams({ field }).toString()}`;
    const links = services.map(
      ({ clientId, name }) =>
        html`<li>
          <a href="/try/${clientId}/sign-in?${new URLSearchParams({ to }).toString()}">${name}</a>
        </li>`,
    );
    return html`<ul>
      ${links}
    </ul>`;
  }
}

function queryForm(visit: Visit, query: string): Html {
  const texts = tryItTexts(visit.language);
  return html`${postForm(
    visit,
    '/try',
    html`<div class="field">
        <label for="query">${texts.query}</label>
        <textarea class="code" id="query" name="query" rows="12" spellcheck="false">${query}</textarea>
      </div>
      <div class="actions">
        ${submitButton(texts.run)} ${linkButton(`/try/graphiql#${encodeURIComponent(query)}`, texts.graphiql, 'second')}
      </div>`,
  )}`;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
