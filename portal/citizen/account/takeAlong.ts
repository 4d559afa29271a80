import { yearInParis } from '../../../schema/parisCalendar.ts';
import { HubSilent, operation, type Fault } from '../../graph.ts';
import type { SignedInVisit } from '../../web/route.ts';
import { readWholeLog } from '../accessLog/accessLogGraph.ts';
import { AUTHORISATIONS_IN_FULL, type AuthorisationInFull } from '../authorisations/authorisationGraph.ts';
import { factsDocument } from '../facts/askFacts.ts';
import { KNOWN_FACTS } from '../facts/knownFacts.ts';
import { MOVES_IN_FULL, requestsDocument } from './accountGraph.ts';

/** A hundred thousand lines of the log. */
const MAX_LOG_PAGES = 1000;
/** Questions in one operation. */
const REQUESTS_AT_ONCE = 20;

/**
 * All that the hub holds about somebody, table by table (gateway/platform/database/migrations), and what agencies answer at this moment. What did not
 * come is said to be missing, and never left out in silence. Not in it, for it says nothing that is not in it: hashes of tokens, the copies of a
 * declaration on its way to its recipients, and the same lines by other keys.
 */
export async function takeAlong(visit: SignedInVisit): Promise<object> {
  const { ask, language, clock, person } = visit;
  const inLanguage = { language: language === 'fr' ? 'FR' : 'EN' } as const;
  const year = yearInParis(clock());
  const consents = await ask(AUTHORISATIONS_IN_FULL, inLanguage);
  const authorisations = consents.data?.me?.consents;
  if (authorisations === undefined || authorisations === null)
    throw new HubSilent(consents.faults[0]?.code ?? 'no answer');
  const moves = await ask(MOVES_IN_FULL, inLanguage);
  const held = await ask(operation<{ me: unknown }>(factsDocument(KNOWN_FACTS, [year - 1, year - 2, year - 3])));
  return {
    at: new Date(clock()).toISOString(),
    heldByTheHub: {
      session: { name: person.name, level: person.level, identity: person.identity ?? null },
      authorisations,
      requests: await readRequests(visit, authorisations),
      moves: moves.data?.me?.moves ?? null,
      accessLog: await readWholeLog(ask, language, MAX_LOG_PAGES),
    },
    readFromAgenciesForThisFile: held.data?.me ?? null,
    notAnswered: [...moves.faults, ...held.faults].map(inWords),
  };
}

/** Each question that a service put, with what it wrote beside it. */
async function readRequests({ ask }: SignedInVisit, all: readonly AuthorisationInFull[]): Promise<readonly unknown[]> {
  const asked = all.filter(({ requestedAt }) => requestedAt !== null).map(({ id }) => id);
  const answers: unknown[] = [];
  for (let from = 0; from < asked.length; from += REQUESTS_AT_ONCE) {
    const ids = asked.slice(from, from + REQUESTS_AT_ONCE);
    const document = operation<Readonly<Record<string, unknown>>, Readonly<Record<string, string>>>(
      requestsDocument(ids.length),
    );
    const { data } = await ask(document, Object.fromEntries(ids.map((id, index) => [`r${index}`, id])));
    answers.push(...Object.values(data ?? {}).filter((answer) => answer !== null));
  }
  return answers;
}

function inWords({ path, message, code }: Fault): object {
  return { path: path.join('.'), message, code };
}
