import { ERROR_CODES } from '../../../schema/errorCodes.ts';
import { yearInParis } from '../../../schema/parisCalendar.ts';
import { REFUSAL_TEXTS } from '../../../schema/refusals.ts';
import { linkButton, pageHead, section } from '../../design/pieces.ts';
import { html, type Html } from '../../web/html.ts';
import { download, openPage, page, type Route } from '../../web/route.ts';
import type { CatalogueField, ReadCatalogue } from '../catalogue/catalogue.ts';
import { described } from '../catalogue/fieldName.ts';
import { requestCollection } from './collection.ts';
import { eventReference } from './eventReference.ts';
import { guideTexts } from './guideTexts.ts';
import { KIT_FILES, readKitFile } from './kitFiles.ts';
import { codeWord, table } from './tables.ts';

export interface GuidePages {
  readonly read: ReadCatalogue;
  readonly graphUrl: string;
  readonly clock: () => number;
}

/** What a team reads before and while it builds: the way, every error, the whole graph, and how to join as an agency. */
export function guideRoutes({ read, graphUrl, clock }: GuidePages): readonly Route[] {
  return [
    openPage('GET', '/developers', ({ language }) => {
      const texts = guideTexts(language);
      return page({
        title: texts.developers,
        main: html`${pageHead(texts.developers, texts.developersLead)} ${steps(texts.steps)}
          ${section(texts.exchange, html`<pre class="code" tabindex="0"><code>${exchangeExample(graphUrl)}</code></pre>`)}
          ${section(texts.consent, html`<p>${texts.consentText}</p>`)}
          ${section(texts.missing, steps(texts.missingSteps))}
          <p>${linkButton('/developers/collection.json', texts.collection)}</p>
          <p class="soft">${texts.collectionText}</p>
          ${section(
            texts.kit,
            html`<p>${texts.kitText}</p>
              <ul>
                ${KIT_FILES.map(
                  (name) =>
                    html`<li>
                      <a href="/developers/kit/${name}" download><code>${name}</code></a>
                    </li>`,
                )}
              </ul>`,
          )}`,
      });
    }),

    openPage('GET', '/developers/collection.json', async () => {
      const collection = requestCollection(await read(), graphUrl, yearInParis(clock()) - 1);
      const body = `${JSON.stringify(collection, null, 2)}\n`;
      return download({ contentType: 'application/json', fileName: 'trait-dunion.postman_collection.json', body });
    }),

    openPage('GET', '/developers/kit/:name', async ({ language, params }) => {
      const file = await readKitFile(params['name']);
      if (file !== undefined) return download(file);
      const texts = guideTexts(language);
      const back = html`<p>${linkButton('/developers', texts.developers, 'second')}</p>`;
      return page({ title: texts.noFile, status: 404, main: html`${pageHead(texts.noFile)}${back}` });
    }),

    openPage('GET', '/errors', ({ language }) => {
      const texts = guideTexts(language);
      const reasons = Object.entries(REFUSAL_TEXTS).map(([name, text]) => [codeWord(name), text[language]]);
      const codes = Object.entries(ERROR_CODES).map(([name, { status, message, remedy }]) => {
        return [codeWord(name), status, message[language], remedy[language]];
      });
      return page({
        title: texts.errors,
        main: html`${pageHead(texts.errors, texts.errorsLead)} ${section(texts.missing, steps(texts.missingSteps))}
        ${section(
          texts.reasons,
          html`<p>${texts.reasonsLead}</p>
            ${table(texts.reasons, [texts.code, texts.meaning], reasons)}`,
        )}
        ${section(texts.codes, table(texts.codes, [texts.code, texts.status, texts.meaning, texts.remedy], codes))}`,
      });
    }),

    openPage('GET', '/reference', async ({ language }) => {
      const texts = guideTexts(language);
      const byType = groupByType((await read()).fields);
      const shown = (type: string) => fieldsTable(byType.get(type) ?? [], type, texts);
      const roots = new Set(['Query', 'Mutation', 'Subscription']);
      const others = [...byType].filter(([type]) => !roots.has(type));
      return page({
        title: texts.reference,
        main: html`${pageHead(texts.reference, texts.referenceLead)} ${section(texts.queries, shown('Query'))}
        ${section(texts.mutations, shown('Mutation'))}
        ${section(
          texts.subscriptions,
          html`<p>${texts.subscriptionsText}</p>
            ${shown('Subscription')}`,
        )}
        ${eventReference(language)}
        ${section(
          texts.types,
          html`${others.map(
            ([type, fields]) =>
              html`<details>
                <summary><code>${type}</code></summary>
                ${fieldsTable(fields, type, texts)}
              </details>`,
          )}`,
        )}`,
      });
    }),

    openPage('GET', '/join', ({ language }) => {
      const texts = guideTexts(language);
      return page({
        title: texts.join,
        main: html`${pageHead(texts.join, texts.joinLead)} ${steps(texts.joinSteps)}
          <p class="soft">${texts.see}</p>`,
      });
    }),
  ];
}

function groupByType(fields: readonly CatalogueField[]): ReadonlyMap<string, readonly CatalogueField[]> {
  const byType = new Map<string, CatalogueField[]>();
  for (const field of fields) {
    const type = field.coordinate.split('.')[0]!;
    byType.set(type, [...(byType.get(type) ?? []), field]);
  }
  return byType;
}

function fieldsTable(fields: readonly CatalogueField[], caption: string, texts: ReturnType<typeof guideTexts>): Html {
  const rows = fields.map((field) => {
    const name = field.coordinate.split('.')[1]!;
    const signature = field.arguments.length === 0 ? name : `${name}(${field.arguments.join(', ')})`;
    const offices = field.policies?.map((all) => all.join(' + ')).join(' | ');
    return [
      codeWord(signature),
      codeWord(field.type),
      html`${described(field.description)}${offices !== undefined && html` <span class="soft">(${texts.forOffices} ${offices})</span>`}`,
    ];
  });
  return table(caption, [texts.field, texts.type, texts.what], rows);
}

function steps(texts: readonly string[]): Html {
  return html`<ol>
    ${texts.map((text) => html`<li>${text}</li>`)}
  </ol>`;
}

function exchangeExample(graphUrl: string): string {
  return [
    `curl ${new URL('session/token', graphUrl).href} \\`,
    '  -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange \\',
    '  -d client_id=$CLIENT_ID -d client_secret=$CLIENT_SECRET \\',
    '  -d subject_token=$FRANCECONNECT_TOKEN \\',
    '  -d subject_token_type=urn:ietf:params:oauth:token-type:access_token \\',
    '  -d purpose=canteen-pricing',
  ].join('\n');
}
