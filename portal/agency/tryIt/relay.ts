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
const EVENTS = 'text/event-stream';

/**
 * `POST /try/graphql`: the graph for this page alone, with the session's token added here, so that no token is in the browser; a subscription
 * (`Accept: text/event-stream`) is passed on as it comes, and ends when the browser leaves. Other sites cannot
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
    const isStream = headers.get('accept')?.includes('text/event-stream') === true;
    return relay(graphUrl, body, token, isLanguage(language) ? language : 'fr', isStream);
  };
}

/** The hub's answer, with nothing of its headers but the kind of content. */
export async function relay(
  graphUrl: string,
  body: string,
  token: string,
  language: string,
  isStream = false,
): Promise<Response> {
  const answer = await fetch(graphUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: isStream ? EVENTS : 'application/json',
      'accept-language': language,
      authorization: `Bearer ${token}`,
    },
    body,
    // A stream's end is the hub's to say.
    ...(!isStream && { signal: AbortSignal.timeout(15_000) }),
  }).catch(() => undefined);
  if (answer === undefined) return refused(503, 'the hub does not answer');
  const isOpened = isStream && answer.headers.get('content-type')?.startsWith(EVENTS) === true;
  return isOpened ? respond(answer.status, answer.body, EVENTS) : respond(answer.status, await answer.text());
}

function refused(status: number, message: string): Response {
  return respond(status, JSON.stringify({ errors: [{ message }] }));
}

function respond(
  status: number,
  body: string | ReadableStream<Uint8Array> | null,
  contentType = 'application/json; charset=utf-8',
): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': contentType,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}
