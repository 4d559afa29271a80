import { readCookie } from '../../web/cookies.ts';
import { isLanguage } from '../../i18n/language.ts';
import type { Sessions } from '../../session/sessions.ts';

export interface RelayOptions {
  readonly origin: string;
  readonly graphUrl: string;
  readonly sessions: Sessions;
  /** Name of the session's cookie. */
  readonly cookie: string;
}

const MAX_BYTES = 100_000;

/**
 * `POST /try/graphql`: the graph for this page alone, with the session's token added here, so that no token is in the browser. Other sites cannot
 * use it: the browser names the page that asks, the cookie stays home on requests of theirs, and a form cannot send JSON.
 */
export function createRelay({
  origin,
  graphUrl,
  sessions,
  cookie,
}: RelayOptions): (request: Request) => Promise<Response> {
  const isSecure = origin.startsWith('https:');
  return async (request) => {
    const { headers } = request;
    const isOwn =
      headers.get('origin') === origin && (headers.get('sec-fetch-site') ?? 'same-origin') === 'same-origin';
    const isJson = headers.get('content-type')?.startsWith('application/json') === true;
    if (request.method !== 'POST' || !isOwn || !isJson) return refused(403, 'not a page of this site');
    const cookies = headers.get('cookie') ?? undefined;
    const token = await sessions.find(readCookie(cookies, cookie, isSecure))?.people.citizen?.token();
    if (token === undefined) return refused(401, 'nobody is signed in: choose a person first');
    const body = await request.text();
    if (body.length > MAX_BYTES) return refused(413, 'too large');
    const language = readCookie(cookies, 'language', isSecure);
    return relay(graphUrl, body, token, isLanguage(language) ? language : 'fr');
  };
}

/** The hub's answer, with nothing of its headers but the kind of content. */
export async function relay(graphUrl: string, body: string, token: string, language: string): Promise<Response> {
  const answer = await fetch(graphUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': language, authorization: `Bearer ${token}` },
    body,
    signal: AbortSignal.timeout(15_000),
  }).catch(() => undefined);
  if (answer === undefined) return refused(503, 'the hub does not answer');
  return respond(answer.status, await answer.text());
}

function refused(status: number, message: string): Response {
  return respond(status, JSON.stringify({ errors: [{ message }] }));
}

function respond(status: number, body: string): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}
