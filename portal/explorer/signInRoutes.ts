import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SignIn, SignInChoice } from './signIn.ts';

const START = '/explorer/sign-in';
const FINISH = '/explorer/session';
/** A choice with every scope has less than two thousand. */
const MAX_BODY_BYTES = 20_000;
const CHOICE = ['persona', 'service', 'purpose', 'scope', 'acr'] as const;

/** `POST /explorer/sign-in` and `POST /explorer/session`, for the page of the same origin; undefined for every other request. */
export function answerSignIn(
  request: IncomingMessage,
  response: ServerResponse,
  signIn: SignIn,
  pageUrl: string,
): Promise<void> | undefined {
  const { pathname } = new URL(request.url ?? '/', pageUrl);
  if (request.method !== 'POST' || (pathname !== START && pathname !== FINISH)) return undefined;
  return answer(request, pathname, signIn, pageUrl).then(
    ([status, body]) => send(response, status, body),
    // The sandbox or the hub does not answer; the page says so in its own words.
    () => send(response, 502, {}),
  );
}

type Answer = readonly [status: number, body: object];

async function answer(request: IncomingMessage, path: string, signIn: SignIn, pageUrl: string): Promise<Answer> {
  // A page elsewhere must not start or finish a sign-in in the visitor's browser.
  if (request.headers.origin !== new URL(pageUrl).origin) return [403, {}];
  const body = await readJson(request);
  if (path === START) return isChoice(body) ? [200, await signIn.start(body)] : [400, {}];
  const search = typeof body === 'object' && body !== null && 'search' in body ? String(body.search) : '';
  const result = await signIn.finish(new URL(search, pageUrl));
  return ['refusal' in result ? 403 : 200, result];
}

function isChoice(body: unknown): body is SignInChoice {
  return (
    typeof body === 'object' &&
    body !== null &&
    CHOICE.every((name) => typeof (body as Record<string, unknown>)[name] === 'string')
  );
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > MAX_BODY_BYTES) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(JSON.stringify(body));
}
