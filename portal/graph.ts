import type { Language } from './i18n/language.ts';

/** An operation with the types of its answer and of its variables; a test holds every one of them against the public schema. */
export interface Operation<Data, Variables extends object> {
  readonly document: string;
  /** For the types alone; never there. */
  readonly types?: { readonly data: Data; readonly variables: Variables };
}

/** What the graph says of one place of the answer that is null. */
export interface Fault {
  readonly message: string;
  readonly path: readonly (string | number)[];
  /** `UNAUTHORIZED_FIELD_OR_TYPE` or one of docs/errors.md. */
  readonly code: string;
  /** Why a field was refused: `CONSENT_REQUIRED`, `ACR_TOO_LOW`… */
  readonly reason?: string;
  /** What to do about it. */
  readonly remedy?: string;
  readonly agency?: string;
  readonly subject?: string;
  readonly consentUrl?: string;
  readonly missingScopes?: readonly (readonly string[])[];
  readonly detailKey?: string;
  readonly argument?: string;
}

/** Partial data and what is missing of it: refusals are values. */
export interface GraphAnswer<Data> {
  /** Null when nothing came, for the first reason in `faults`. */
  readonly data: Data | null;
  readonly faults: readonly Fault[];
}

/** Asks as somebody. Throws SessionOver and HubSilent, which the site turns into a new sign-in and a page that says so. */
export type Ask = <Data, Variables extends object>(
  operation: Operation<Data, Variables>,
  ...variables: Record<never, never> extends Variables ? [variables?: Variables] : [variables: Variables]
) => Promise<GraphAnswer<Data>>;

/** Whoever asked has to sign in again. */
export class SessionOver extends Error {
  override readonly name = 'SessionOver';
}

/** The hub did not answer, or not with an answer. */
export class HubSilent extends Error {
  override readonly name = 'HubSilent';
}

/** Longer than the hub itself waits for its agencies, ms: one after the other where a file leads to the next, and each once more (12.6 s with all of them hung). */
const TIMEOUT_MS = 30_000;

/** Writes an operation down with its types: `operation<{ me: … }, { id: string }>(\`query …\`)`. */
export function operation<Data, Variables extends object = Record<never, never>>(
  document: string,
): Operation<Data, Variables> {
  return { document };
}

/** The graph as one person may ask it, in their language. `token` is asked anew for each question, since tokens live five minutes. */
export function createAsk(graphUrl: string, language: Language, token: () => Promise<string | undefined>): Ask {
  return async ({ document }, variables?: object) => {
    const presented = await token();
    if (presented === undefined) throw new SessionOver();
    const response = await fetch(graphUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        'accept-language': language,
        authorization: `Bearer ${presented}`,
      },
      body: JSON.stringify({ query: document, variables: variables ?? {} }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new HubSilent('no answer', { cause });
    });
    if (response.status === 401) throw new SessionOver();
    return readAnswer(response);
  };
}

/** The fault at that very place or above it, if any. */
export function faultAt(faults: readonly Fault[], ...path: readonly (string | number)[]): Fault | undefined {
  return faults.find((fault) => fault.path.length > 0 && fault.path.every((part, index) => part === path[index]));
}

interface WireError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Omit<Fault, 'message' | 'path'>;
}

async function readAnswer<Data>(response: Response): Promise<GraphAnswer<Data>> {
  const body = (await response.json().catch((cause: unknown) => {
    throw new HubSilent(`status ${response.status}`, { cause });
  })) as { readonly data?: Data | null; readonly errors?: readonly WireError[] };
  if (body.data === undefined && body.errors === undefined) throw new HubSilent(`status ${response.status}`);
  const faults = (body.errors ?? []).map(({ message, path = [], extensions }) => {
    return { ...extensions, message, path, code: extensions?.code ?? 'UNKNOWN' };
  });
  return { data: body.data ?? null, faults };
}
