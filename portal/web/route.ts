import type { Follow } from '../follow.ts';
import type { Ask } from '../graph.ts';
import type { Language } from '../i18n/language.ts';
import type { Session, SignedIn } from '../session/sessions.ts';
import type { Html } from './html.ts';

/** One request, as a page sees it. */
export interface Visit {
  readonly method: 'GET' | 'POST';
  /** As the browser wrote it, below the site's public origin. */
  readonly url: URL;
  /** Of the route's `:name` parts. */
  readonly params: Readonly<Record<string, string>>;
  /** Empty unless the visit is a POST, which has been checked to come from a page of this site. */
  readonly form: FormData;
  readonly language: Language;
  readonly sessionId: string | undefined;
  /** Undefined for a browser that never began to sign in. */
  readonly session: Session | undefined;
  readonly clock: () => number;
}

/** A visit by somebody who is signed in. */
export interface SignedInVisit extends Visit {
  readonly session: Session;
  readonly person: SignedIn;
  /** Asks the graph as that person; every page asks once. */
  readonly ask: Ask;
  /** Follows a subscription of the graph as that person. */
  readonly follow: Follow;
}

/** A page of the site: what stands between header and footer. */
export interface PageAnswer {
  readonly kind: 'page';
  /** For the window; the page's own `h1` says the same or more. */
  readonly title: string;
  readonly main: Html;
  /** [200] */
  readonly status?: number;
  /** Where the redirects of this page's forms may lead beside the site itself: origins, for the policy's `form-action`. */
  readonly formsLeadTo?: readonly string[];
  /** Whether the page shows the site's menu [true]; a page that asks one question does without. */
  readonly menu?: boolean;
}

export interface RedirectAnswer {
  readonly kind: 'redirect';
  /** A path of the site, or an address elsewhere that the site itself chose, never one out of a request. */
  readonly location: string;
  /** The browser's session from now on; null ends it. */
  readonly sessionId?: string | null;
  /** The browser's language from now on. */
  readonly language?: Language;
}

export interface DownloadAnswer {
  readonly kind: 'download';
  readonly contentType: string;
  readonly fileName: string;
  readonly body: string;
}

/** Server-Sent Events without data, by their names, for a page that is open; the signal goes when the browser does. */
export interface EventsAnswer {
  readonly kind: 'events';
  readonly names: (signal: AbortSignal) => AsyncIterable<string>;
}

export type Answer = PageAnswer | RedirectAnswer | DownloadAnswer | EventsAnswer;

/** Who may come: everybody, or somebody who signed in as a citizen, or as an agent of an administration. */
export type Access = 'everyone' | 'citizen' | 'agent';

export interface Route {
  readonly method: 'GET' | 'POST';
  /** `/consents/:id`; fixed paths go before those with parts. */
  readonly path: string;
  readonly access: Access;
  readonly handle: (visit: never) => Promise<Answer> | Answer;
}

/** `openPage('GET', '/accessibility', (visit) => page({ title, main }))`. */
export function openPage(
  method: Route['method'],
  path: string,
  handle: (visit: Visit) => Promise<Answer> | Answer,
): Route {
  return { method, path, access: 'everyone', handle };
}

/** For who is signed in as a citizen; everybody else signs in first and comes back. */
export function citizenPage(
  method: Route['method'],
  path: string,
  handle: (visit: SignedInVisit) => Promise<Answer> | Answer,
): Route {
  return { method, path, access: 'citizen', handle };
}

/** For who is signed in as an agent of an administration. */
export function agentPage(
  method: Route['method'],
  path: string,
  handle: (visit: SignedInVisit) => Promise<Answer> | Answer,
): Route {
  return { method, path, access: 'agent', handle };
}

export function page(answer: Omit<PageAnswer, 'kind'>): PageAnswer {
  return { kind: 'page', ...answer };
}

/** After a form: 303, so that reloading the page does not send it again. */
export function redirect(location: string, more: Omit<RedirectAnswer, 'kind' | 'location'> = {}): RedirectAnswer {
  return { kind: 'redirect', location, ...more };
}

export function events(names: EventsAnswer['names']): EventsAnswer {
  return { kind: 'events', names };
}

export function download(answer: Omit<DownloadAnswer, 'kind'>): DownloadAnswer {
  return { kind: 'download', ...answer };
}
