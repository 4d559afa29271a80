import { yearInParis } from '../../../schema/parisCalendar.ts';
import { agencyLabel, findAgency } from '../../agencies.ts';
import { card, facts, linkButton, note, pageHead, section } from '../../design/pieces.ts';
import { formatDay } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import { html, type Html } from '../../web/html.ts';
import { citizenPage, page, type Route } from '../../web/route.ts';
import { askFacts, type Holding } from '../facts/askFacts.ts';
import { findContradictions, type Contradiction } from '../facts/contradictions.ts';
import type { Holder } from '../facts/fact.ts';
import { factValue, needsStrongerSession } from '../facts/factViews.ts';
import { KNOWN_FACTS } from '../facts/knownFacts.ts';
import { myDataTexts } from './myDataTexts.ts';

/** Income years that scopes open, counted back from this one. */
const YEARS_BACK = [1, 2, 3] as const;

export const myDataRoutes: readonly Route[] = [
  citizenPage('GET', '/my-data', async ({ ask, clock, language }) => {
    const texts = myDataTexts(language);
    const currentYear = yearInParis(clock());
    const years = YEARS_BACK.map((back) => currentYear - back);
    const holdings = await askFacts(ask, KNOWN_FACTS, years, language);
    const contradictions = findContradictions(holdings);
    const holders = [...new Set(holdings.map(({ holder }) => holder))];
    return page({
      title: texts.title,
      main: html`${pageHead(texts.title, texts.lead)}
      ${
        needsStrongerSession(holdings.flatMap((holding) => holding.facts)) &&
        note('plain', texts.strongerTitle, strongerLink(language))
      }
      ${contradictions.length > 0 && disagreements(contradictions, language)}
      ${holders.map((holder) => {
        const own = holdings.filter((holding) => holding.holder === holder);
        return section(agencyLabel(holder, language), holderView(holder, own, language), holder);
      })}`,
    });
  }),
];

function strongerLink(language: Language): Html {
  const query = new URLSearchParams({ level: 'eidas2', to: '/my-data' });
  return html`<p><a href="/sign-in?${query.toString()}">${myDataTexts(language).stronger}</a></p>`;
}

/** Each disagreement: the versions side by side, and where each can be corrected. */
function disagreements(contradictions: readonly Contradiction[], language: Language): Html {
  const texts = myDataTexts(language);
  const shown = contradictions.map(
    ({ topic, versions }) =>
      html`<div class="section">
        <h3>${texts.topics[topic]}</h3>
        <ul role="list" class="cards cards--beside">
          ${versions.map(({ holder, source, asOf, line }) => {
            const since = asOf === undefined ? undefined : texts.asOf(formatDay(asOf, language));
            return html`<li class="card">
              <p><strong>${line}</strong></p>
              <p class="soft small">${[source ?? agencyLabel(holder, language), since].filter(Boolean).join(', ')}</p>
              ${correctAt(holder, language)}
            </li>`;
          })}
        </ul>
        ${topic === 'address' && html`<p>${linkButton('/moves/new', texts.moved, 'second')}</p>`}
      </div>`,
  );
  return html`<section class="section note note--attention" id="disagreements">
    <h2>${texts.disagreeTitle(contradictions.length)}</h2>
    <p>${texts.disagreeLead}</p>
    ${shown}
  </section>`;
}

function holderView(holder: Holder, holdings: readonly Holding[], language: Language): Html {
  const texts = myDataTexts(language);
  const answered = holdings.filter(({ facts }) => facts.some(({ told }) => told.kind !== 'absent'));
  const isSilent = holdings.every(({ facts }) =>
    facts.every(({ told }) => told.kind === 'missing' && told.fault.code.startsWith('HUB_AGENCY')),
  );
  if (isSilent) return note('attention', texts.silent);
  if (answered.length === 0) return html`<p class="empty">${texts.nothing}</p>`;
  // Of yearly files the newest is open, the others are there for who asks.
  const [newest, ...older] = answered;
  return html`${holdingCard(newest!, language)}
    ${older.map(
      (holding) =>
        html`<details>
          <summary>${texts.incomeYear(holding.incomeYear ?? 0)}</summary>
          ${holdingCard(holding, language)}
        </details>`,
    )}
    <details>
      <summary>${texts.freshness}, ${texts.contact.toLowerCase()}</summary>
      <div>
        <p class="soft">${findAgency(holder)?.freshness[language]}</p>
        ${correctAt(holder, language)}
      </div>
    </details>`;
}

function holdingCard({ incomeYear, source, asOf, facts: asked }: Holding, language: Language): Html {
  const texts = myDataTexts(language);
  const origin = [source && texts.heldBy(source), asOf && texts.asOf(formatDay(asOf, language))]
    .filter(Boolean)
    .join(', ');
  const rows = asked
    .filter(({ told }) => told.kind !== 'absent')
    .map((fact) => [fact.fact.label[language], factValue(fact, language)] as const);
  if (incomeYear === undefined) {
    return html`<div class="card">
      ${facts(rows)}
      <p class="soft small">${origin}</p>
    </div>`;
  }
  return card({
    title: texts.incomeYear(incomeYear),
    body: html`${facts(rows)}
      <p class="soft small">${origin}</p>`,
  });
}

function correctAt(holder: Holder, language: Language): Html {
  const agency = findAgency(holder);
  if (agency === undefined) return html``;
  const label = myDataTexts(language).correctAt(agency.label[language]);
  return html`<p class="small"><a href="mailto:${agency.contact}">${label}</a></p>`;
}
