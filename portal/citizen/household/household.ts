import { dayInParis } from '../../../schema/parisCalendar.ts';
import { card, empty, facts, note, pageHead, section, tag } from '../../design/pieces.ts';
import { HubSilent, operation } from '../../graph.ts';
import { formatDay } from '../../i18n/formats.ts';
import type { Language } from '../../i18n/language.ts';
import { html, type Html } from '../../web/html.ts';
import { citizenPage, page, type Route } from '../../web/route.ts';
import { sayNames, sayOneOf, UNIONS, type Names } from '../facts/sayings.ts';
import { householdTexts } from './householdTexts.ts';

interface Relative {
  readonly id: string;
  /** Null where the person's own right does not reach: another adult, or a child without proven authority. */
  readonly civilStatus: (Names & { readonly birthDate: string | null }) | null;
}

interface Household {
  readonly civilStatus: {
    readonly union: {
      readonly kind: string | null;
      readonly since: string | null;
      readonly partner: Relative | null;
    } | null;
    readonly children: readonly { readonly parentalAuthority: boolean; readonly child: Relative }[] | null;
  } | null;
}

const HOUSEHOLD = operation<{ readonly me: Household | null }>(`query Household {
  me {
    civilStatus {
      union { kind since partner { id civilStatus { givenNames birthName usageName birthDate } } }
      children { parentalAuthority child { id civilStatus { givenNames birthName usageName birthDate } } }
    }
  }
}`);

/** From this age on a minor may authorise an online service alone (loi Informatique et Libertés, article 45). */
const OWN_SAY_AGE = 15;
const MAJORITY_AGE = 18;

export const householdRoutes: readonly Route[] = [
  citizenPage('GET', '/household', async ({ ask, language, clock, url }) => {
    const texts = householdTexts(language);
    const { data, faults } = await ask(HOUSEHOLD);
    const found = data?.me?.civilStatus;
    if (data === null || (found == null && faults.some(({ code }) => code.startsWith('HUB_')))) {
      throw new HubSilent(faults[0]?.code ?? 'no answer');
    }
    const children = found?.children ?? [];
    const union = found?.union ?? undefined;
    return page({
      title: texts.title,
      main: html`${pageHead(texts.title, texts.lead)}
      ${section(
        texts.children,
        children.length === 0
          ? empty(texts.noChildren)
          : html`<ul role="list" class="cards">
              ${children.map((one) => html`<li>${childCard(one, language, clock())}</li>`)}
            </ul>`,
      )}
      ${section(texts.partner, union === undefined ? empty(texts.noPartner) : partnerView(union, url.origin, language))}`,
    });
  }),
];

function childCard(
  { parentalAuthority, child }: { readonly parentalAuthority: boolean; readonly child: Relative },
  language: Language,
  nowMs: number,
): Html {
  const texts = householdTexts(language);
  const birthDate = child.civilStatus?.birthDate ?? undefined;
  const name = child.civilStatus === null ? texts.child : sayNames(child.civilStatus);
  return card({
    title: name === '' ? texts.child : name,
    aside: parentalAuthority ? tag('good', texts.youDecide) : tag('plain', texts.notYou),
    body: html`${birthDate !== undefined && facts([[texts.born, formatDay(birthDate, language)]])}
      <p>${parentalAuthority ? whoDecides(birthDate, nowMs, language) : texts.without}</p>`,
  });
}

/** Who decides for a minor, now and at the birthdays that change it. */
function whoDecides(birthDate: string | undefined, nowMs: number, language: Language): string {
  const texts = householdTexts(language);
  if (birthDate === undefined || birthDate.length < 10) return texts.decides;
  const today = dayInParis(nowMs);
  const majority = birthday(birthDate, MAJORITY_AGE);
  const ownSay = birthday(birthDate, OWN_SAY_AGE);
  const end = texts.turns18(formatDay(majority, language));
  return today >= ownSay ? `${texts.together} ${end}` : `${texts.decides} ${end}`;
}

/** The day on which somebody reaches that age; born on 29 February, the day after the 28th where there is none. */
function birthday(birthDate: string, age: number): string {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  return new Date(Date.UTC(year + age, month - 1, day)).toISOString().slice(0, 10);
}

function partnerView(
  { kind, since, partner }: NonNullable<NonNullable<Household['civilStatus']>['union']>,
  origin: string,
  language: Language,
): Html {
  const texts = householdTexts(language);
  const names = partner?.civilStatus ? sayNames(partner.civilStatus) : '';
  return html`${card({
    title: names === '' ? texts.yourPartner : names,
    body: facts([
      [texts.union, kind !== null && sayOneOf(UNIONS)(kind, language)],
      [texts.since, since !== null && formatDay(since, language)],
    ]),
  })}
  ${note(
    'plain',
    texts.invite,
    html`<p>${texts.inviteLead}</p>
      <p>
        <a href="/requests"><code>${origin}/requests</code></a>
      </p>`,
  )}`;
}
