import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createFollow } from '../follow.ts';
import { createAsk, HubSilent, SessionOver } from '../graph.ts';
import { isLanguage, preferredLanguage, type Language } from '../i18n/language.ts';
import { SESSION_MS, type Party, type Sessions } from '../session/sessions.ts';
import { compressPage, encodeFor, type Assets } from './assets.ts';
import { readCookie, writeCookie } from './cookies.ts';
import { isFromOwnPage } from './fromOwnPage.ts';
import { streamEvents } from './events.ts';
import type { Html } from './html.ts';
import { localPath } from './localPath.ts';
import { contentSecurityPolicy, pageHeaders } from './policy.ts';
import { redirect, type Answer, type PageAnswer, type Route, type SignedInVisit, type Visit } from './route.ts';

/** A page that the site shows of its own accord. */
export type Mishap = 'not-found' | 'forged' | 'too-large' | 'hub-silent' | 'broken';

export interface SiteOptions {
  /** Where people reach the site: `https://portail.example.fr`. */
  readonly origin: string;
  readonly graphUrl: string;
  readonly routes: readonly Route[];
  readonly sessions: Sessions;
  /** Name of the session's cookie: other sites may run on the same host at another port, and browsers give cookies to every port. */
  readonly cookie: string;
  readonly assets: Assets;
  /** The whole document around a page. */
  readonly layout: (page: PageAnswer, visit: Visit) => Html;
  readonly mishap: (mishap: Mishap, visit: Visit) => PageAnswer;
  /** Origins to which any page's forms may lead: the identity providers', for signing out. */
  readonly formsLeadTo: readonly string[];
  /** Longest form, bytes [100000]; more where a document is sent. */
  readonly maxFormBytes?: number;
  readonly clock: () => number;
  /** Told of what broke, with the route's path: never an address that somebody wrote, never a value. */
  readonly onFault: (fault: unknown, path: string) => void;
}

/** Answers a request of the web's own kind. */
export type Site = (request: Request) => Response | Promise<Response>;

/** Longest form where the site does not say, bytes. */
const MAX_FORM_BYTES = 100_000;
const LANGUAGE_COOKIE = 'language';
const YEAR_SECONDS = 365 * 24 * 3600;

/** A site of pages made on the server: routes, sessions, languages, forms that only its own pages send, and one policy for all. */
export function createSite(options: SiteOptions): Site {
  const { origin, sessions, assets } = options;
  const isSecure = origin.startsWith('https:');
  const app = new Hono();

  for (const [path, asset] of assets.byPath) {
    app.get(path, (context) => {
      const { body, coding } = encodeFor(asset, context.req.header('accept-encoding') ?? '');
      return context.body(new Uint8Array(body), 200, {
        'content-type': asset.contentType,
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        vary: 'accept-encoding',
        ...(coding && { 'content-encoding': coding }),
      });
    });
  }

  app.use(
    bodyLimit({
      maxSize: options.maxFormBytes ?? MAX_FORM_BYTES,
      onError: (context) => {
        const visit = toVisit(context, new FormData());
        return send(context, { ...options.mishap('too-large', visit), status: 413 }, visit);
      },
    }),
  );
  for (const route of options.routes) {
    app.on(route.method, route.path, (context) => answerRoute(context, route));
  }
  app.notFound((context) => {
    const visit = toVisit(context, new FormData());
    return send(context, { ...options.mishap('not-found', visit), status: 404 }, visit);
  });
  return (request) => app.fetch(request);

  async function answerRoute(context: Context, route: Route): Promise<Response> {
    const form = route.method === 'POST' ? await readForm(context) : new FormData();
    const visit = toVisit(context, form);
    const { headers } = context.req.raw;
    const from = { origin: headers.get('origin') ?? undefined, site: headers.get('sec-fetch-site') ?? undefined };
    if (route.method === 'POST' && !isFromOwnPage(from, origin, visit.session, form)) {
      return send(context, { ...options.mishap('forged', visit), status: 403 }, visit);
    }
    try {
      return await send(context, await handle(route, visit), visit);
    } catch (fault) {
      if (fault instanceof SessionOver) return send(context, signInAgain(route, visit, headers.get('referer')), visit);
      options.onFault(fault, route.path);
      const isSilent = fault instanceof HubSilent;
      const page = options.mishap(isSilent ? 'hub-silent' : 'broken', visit);
      return send(context, { ...page, status: isSilent ? 503 : 500 }, visit);
    }
  }

  async function handle(route: Route, visit: Visit): Promise<Answer> {
    if (route.access === 'everyone') return route.handle(visit as never);
    const person = visit.session?.people[route.access];
    if (visit.session === undefined || person === undefined) throw new SessionOver();
    const ask = createAsk(options.graphUrl, visit.language, person.token);
    const follow = createFollow(options.graphUrl, person.token);
    const signedIn: SignedInVisit = { ...visit, session: visit.session, person, ask, follow };
    return route.handle(signedIn as never);
  }

  /** Away to the login page, and back to this page; to the page that a form stood on, since a form cannot be sent again. */
  function signInAgain(route: Route, visit: Visit, referer: string | null): Answer {
    const party = route.access as Party;
    if (visit.session?.people[party] !== undefined) {
      const { [party]: _gone, ...people } = visit.session.people;
      sessions.replace(visit.sessionId!, { ...visit.session, people });
    }
    const stoodOn = referer?.startsWith(`${origin}/`) ? referer.slice(origin.length) : '/';
    const to = localPath(visit.method === 'GET' ? visit.url.pathname + visit.url.search : stoodOn) ?? '/';
    return redirect(`${party === 'agent' ? '/agents/sign-in' : '/sign-in'}?${new URLSearchParams({ to }).toString()}`);
  }

  function toVisit(context: Context, form: FormData): Visit {
    const cookies = context.req.header('cookie');
    const sessionId = readCookie(cookies, options.cookie, isSecure);
    const chosen = readCookie(cookies, LANGUAGE_COOKIE, isSecure);
    const { pathname, search } = new URL(context.req.url);
    return {
      method: context.req.method === 'POST' ? 'POST' : 'GET',
      url: new URL(pathname + search, origin),
      params: context.req.param() as Readonly<Record<string, string>>,
      form,
      language: isLanguage(chosen) ? chosen : preferredLanguage(context.req.header('accept-language')),
      sessionId,
      session: sessions.find(sessionId),
      clock: options.clock,
    };
  }

  async function send(context: Context, answer: Answer, visit: Visit): Promise<Response> {
    if (answer.kind === 'redirect') return sendRedirect(context, answer.location, cookiesOf(answer));
    if (answer.kind === 'events') return streamEvents(answer);
    if (answer.kind === 'download') {
      return context.body(answer.body, 200, {
        'content-type': answer.contentType,
        'content-disposition': `attachment; filename="${answer.fileName}"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
    }
    const headers: Record<string, string> = {
      ...pageHeaders(isSecure),
      'content-security-policy': contentSecurityPolicy([...options.formsLeadTo, ...(answer.formsLeadTo ?? [])]),
      'content-language': visit.language,
    };
    const markup = options.layout(answer, visit).toString();
    const takesGzip = /\bgzip\b/.test(context.req.header('accept-encoding') ?? '');
    if (takesGzip) headers['content-encoding'] = 'gzip';
    const body = takesGzip ? new Uint8Array(await compressPage(markup)) : markup;
    return context.body(body, (answer.status ?? 200) as 200, headers);
  }

  function cookiesOf({ sessionId, language }: { sessionId?: string | null; language?: Language }): readonly string[] {
    const cookies = [];
    if (typeof sessionId === 'string') {
      cookies.push(writeCookie(options.cookie, sessionId, { isSecure, maxAgeSeconds: SESSION_MS / 1000 }));
    }
    if (sessionId === null) cookies.push(writeCookie(options.cookie, '', { isSecure, maxAgeSeconds: 0 }));
    if (language !== undefined) {
      cookies.push(writeCookie(LANGUAGE_COOKIE, language, { isSecure, maxAgeSeconds: YEAR_SECONDS }));
    }
    return cookies;
  }
}

function sendRedirect(context: Context, location: string, cookies: readonly string[]): Response {
  const response = context.body(null, 303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}

async function readForm(context: Context): Promise<FormData> {
  return context.req.raw.formData().catch(() => new FormData());
}
