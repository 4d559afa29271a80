import { yearInParis } from '../../../schema/parisCalendar.ts';
import { submitButton, textField } from '../../design/forms.ts';
import { card, empty, facts, linkButton, note, pageHead, section, tag } from '../../design/pieces.ts';
import type { Language } from '../../i18n/language.ts';
import { html, type Html, type Part } from '../../web/html.ts';
import { openPage, page, type Route } from '../../web/route.ts';
import {
  type Catalogue,
  type CatalogueField,
  type ReadCatalogue,
  dataFields,
  holderOf,
  scopesOf,
} from './catalogue.ts';
import { catalogueTexts } from './catalogueTexts.ts';
import { exampleQuery } from './exampleQuery.ts';
import { described, fieldName } from './fieldName.ts';
import type { ReadSample } from './samples.ts';
import { createSearch, type Search } from './search.ts';

export interface CataloguePages {
  readonly read: ReadCatalogue;
  /** Absent outside a sandbox: nobody real is a sample. */
  readonly sample?: { readonly read: ReadSample; readonly name: string };
  readonly clock: () => number;
}

const MAX_WORDS = 200;

export function catalogueRoutes({ read, sample, clock }: CataloguePages): readonly Route[] {
  const searchIn = createSearchIn();

  return [
    openPage('GET', '/', async ({ language, url }) => {
      const texts = catalogueTexts(language);
      const catalogue = await read();
      const words = (url.searchParams.get('q') ?? '').trim().slice(0, MAX_WORDS);
      const body =
        words === '' ? byHolder(catalogue, language) : results(searchIn(catalogue)(words), words, catalogue, language);
      return page({
        title: words === '' ? texts.title : `${words} – ${texts.title}`,
        main: html`${pageHead(texts.title, texts.lead)}
          <search>
            <form class="form form--row" method="get" action="/">
              ${textField({ name: 'q', label: texts.search, hint: texts.hint, type: 'search', value: words })}
              ${submitButton(texts.find)}
            </form>
          </search>
          ${body}`,
      });
    }),

    openPage('GET', '/fields/:coordinate', async ({ language, params }) => {
      const texts = catalogueTexts(language);
      const catalogue = await read();
      const field = dataFields(catalogue).find(({ coordinate }) => coordinate === params['coordinate']);
      if (field === undefined) {
        return page({
          title: texts.unknownField,
          status: 404,
          main: html`${pageHead(texts.unknownField, texts.unknownFieldMore)}
            <p>${linkButton('/', texts.back, 'second')}</p>`,
        });
      }
      const query = exampleQuery(catalogue, field, yearInParis(clock()) - 1);
      const value = query === undefined ? undefined : await sample?.read(query);
      return page({
        title: `${fieldName(field, catalogue, language).plain} – ${texts.title}`,
        main: html`${fieldHead(field, catalogue, language)} ${fieldFacts(field, catalogue, language)}
          ${section(texts.traps, traps(field, language))}
          ${query !== undefined && section(texts.query, html`<pre class="code" tabindex="0"><code>${query}</code></pre>`)}
          ${
            sample !== undefined &&
            section(
              texts.sample,
              value === undefined
                ? html`<p class="soft">${texts.noSample}</p>`
                : html`<p>${texts.sampleOf(sample.name)}</p>
                    <pre class="code" tabindex="0"><code>${value}</code></pre>`,
            )
          }
          <p class="actions">
            ${query !== undefined && linkButton(`/try?${new URLSearchParams({ field: field.coordinate }).toString()}`, texts.tryIt)}
            ${linkButton(`/habilitations/new?${new URLSearchParams({ scopes: asked(catalogue, field) }).toString()}`, texts.ask, 'second')}
          </p>`,
      });
    }),

    openPage('GET', '/agencies', async ({ language }) => {
      const texts = catalogueTexts(language);
      const catalogue = await read();
      const cards = catalogue.agencies.map(
        (agency) =>
          html`<li>
            ${card({
              title: agency.label[language],
              level: 2,
              aside: health(catalogue, agency.name, language),
              body: facts([
                [texts.holder, agency.owner],
                ['SIRET', agency.siret],
                [texts.legalBasis, legalBasis(agency.legalBasis, language)],
                [texts.freshness, agency.freshness[language]],
                [texts.contact, html`<a href="mailto:${agency.contact}">${agency.contact}</a>`],
              ]),
            })}
          </li>`,
      );
      return page({
        title: texts.agencies,
        main: html`${pageHead(texts.agencies, texts.agenciesLead)}
          <ul role="list" class="cards">
            ${cards}
          </ul>`,
      });
    }),
  ];
}

/** One index for each version of the graph. */
function createSearchIn(): (catalogue: Catalogue) => Search {
  let known: { readonly version: string; readonly search: Search } | undefined;
  return (catalogue) => {
    if (known?.version !== catalogue.version) {
      known = { version: catalogue.version, search: createSearch(catalogue) };
    }
    return known.search;
  };
}

function results(found: readonly CatalogueField[], words: string, catalogue: Catalogue, language: Language): Html {
  const texts = catalogueTexts(language);
  if (found.length === 0) {
    return html`<div role="status">${empty(texts.nothing(words), texts.nothingMore)}</div>
      ${byHolder(catalogue, language)}`;
  }
  const cards = found.map(
    (field) =>
      html`<li>
        ${card({
          title: html`<a href="/fields/${field.coordinate}">${fieldName(field, catalogue, language).shown}</a>`,
          aside: html`<span class="tag">${holderOf(catalogue, field)?.label[language]}</span>`,
          body: html`<p>${described(field.description)}</p>
            <p class="small soft"><code>${field.coordinate}</code></p>`,
        })}
      </li>`,
  );
  return html`<div role="status"><h2>${texts.found(found.length, words)}</h2></div>
    <ul role="list" class="cards">
      ${cards}
    </ul>`;
}

function byHolder(catalogue: Catalogue, language: Language): Html {
  const texts = catalogueTexts(language);
  const fields = dataFields(catalogue);
  const groups = catalogue.agencies.map((agency) => {
    const own = fields.filter((field) => holderOf(catalogue, field)?.name === agency.name);
    const items = own.map(
      (field) =>
        html`<li>
          <a href="/fields/${field.coordinate}">${fieldName(field, catalogue, language).shown}</a>
          <code class="small soft">${field.coordinate}</code>
        </li>`,
    );
    return html`<details>
      <summary>${agency.label[language]} <span class="soft">(${own.length})</span></summary>
      <ul>
        ${items}
      </ul>
    </details>`;
  });
  return section(texts.all, html`${groups}`);
}

function fieldHead(field: CatalogueField, catalogue: Catalogue, language: Language): Html {
  return html`${pageHead(fieldName(field, catalogue, language).shown, described(field.description))}
    <p><code>${field.coordinate}</code></p>`;
}

function fieldFacts(field: CatalogueField, catalogue: Catalogue, language: Language): Html {
  const texts = catalogueTexts(language);
  const holder = holderOf(catalogue, field);
  return facts([
    [texts.holder, holder?.label[language]],
    [texts.health, holder && health(catalogue, holder.name, language)],
    [texts.scopes, scopeWords(field, catalogue, language)],
    [texts.year, field.yearArgument !== null && texts.yearNeeds],
    [texts.legalBasis, holder && legalBasis(holder.legalBasis, language)],
    [texts.acr, texts.acrs[field.minimumAcr as 'eidas1']],
    [texts.freshness, holder?.freshness[language]],
    [texts.type, html`<code>${field.type}</code>`],
    [texts.contact, holder && html`<a href="mailto:${holder.contact}">${holder.contact}</a>`],
  ]);
}

function scopeWords(field: CatalogueField, catalogue: Catalogue, language: Language): Part {
  const texts = catalogueTexts(language);
  const alternatives = scopesOf(catalogue, field);
  if (alternatives.length === 0) return texts.nothingToHold;
  const one = (name: string): Html => {
    const label = catalogue.scopes.find((scope) => scope.name === name)?.label[language];
    return html`<code>${name}</code>${label !== undefined && html` (${label})`}`;
  };
  const joined = (parts: readonly Html[], word: string): Html =>
    parts.reduce((all, part) => html`${all} ${word} ${part}`);
  return joined(
    alternatives.map((all) => joined(all.map(one), texts.and)),
    texts.or,
  );
}

function health({ health: known }: Catalogue, agency: string, language: Language): Html | undefined {
  const texts = catalogueTexts(language);
  const status = known[agency]?.status;
  return status && tag(status === 'ok' ? 'good' : 'danger', texts[status]);
}

function legalBasis(basis: string, language: Language): string {
  const { bases } = catalogueTexts(language);
  return basis in bases ? bases[basis as keyof typeof bases] : basis;
}

function traps(field: CatalogueField, language: Language): Html {
  const texts = catalogueTexts(language);
  if (field.traps.length === 0) return html`<p class="soft">${texts.noTraps}</p>`;
  return html`${field.traps.map((trap) => note('attention', trap[language]))}`;
}

function asked(catalogue: Catalogue, field: CatalogueField): string {
  return (scopesOf(catalogue, field)[0] ?? []).join(' ');
}
