import type { IncomingMessage, ServerResponse } from 'node:http';
import { loadAssets, type Asset } from './assets.ts';
import type { Example } from './examples.ts';
import { explorerPage } from './page.ts';
import { createSignIn, type SandboxSignIn } from './signIn.ts';
import { answerSignIn } from './signInRoutes.ts';

export interface ExplorerOptions {
  /** How visitors sign in; without it they bring their own token. */
  readonly signIn?: SandboxSignIn;
  /** Where queries go, and the path at which the page stands: `http://127.0.0.1:4000/graphql`. */
  readonly graphUrl: string;
  readonly examples: readonly Example[];
  /** Public schema of the graph, so that completion and docs work before anybody signed in; without it the page asks the graph. */
  readonly schemaSdl?: string;
}

/** Answers the request and returns true, or leaves it alone and returns false. */
export type ExplorerHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * GraphiQL for people who open the graph's address in a browser: `GET` of that path that asks for text/html, and the page's files
 * below /explorer/; with a sandbox, its sign-in. Everything else is left to the graph. Nothing is loaded from elsewhere.
 */
export async function createExplorer(options: ExplorerOptions): Promise<ExplorerHandler> {
  const { pathname: graphPath, origin } = new URL(options.graphUrl);
  const assets = await loadAssets(options.schemaSdl);
  const page = explorerPage(options, assets);
  const policy = contentSecurityPolicy(options.signIn?.issuer, origin);
  const signIn = options.signIn && createSignIn(options.signIn, options.graphUrl);

  return (request, response) => {
    if (signIn && answerSignIn(request, response, signIn, options.graphUrl)) return true;
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const { pathname } = new URL(request.url ?? '/', 'http://explorer.invalid');
    if (pathname === graphPath && wantsHtml(request)) {
      send(
        request,
        response,
        { contentType: 'text/html; charset=utf-8', body: page },
        {
          'cache-control': 'no-store',
          'content-security-policy': policy,
          'referrer-policy': 'no-referrer',
          'cross-origin-opener-policy': 'same-origin',
          vary: 'accept',
        },
      );
      return true;
    }
    const asset = assets.files.get(pathname);
    if (!asset) return false;
    send(request, response, asset, { 'cache-control': 'public, max-age=31536000, immutable' });
    return true;
  };
}

/** A browser names text/html; a client that takes anything gets the graph. */
function wantsHtml({ headers }: IncomingMessage): boolean {
  return (headers.accept ?? '').split(',').some((range) => range.trim().toLowerCase().startsWith('text/html'));
}

/**
 * Own scripts only, none inline. Styles may be inline, since GraphiQL's editor positions itself with them; fonts are in its
 * stylesheet as data. Requests go to the graph and to the sandbox.
 */
function contentSecurityPolicy(sandboxIssuer: string | undefined, graphOrigin: string): string {
  const sandbox = sandboxIssuer ? ` ${new URL(sandboxIssuer).origin}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    `connect-src 'self' ${graphOrigin}${sandbox}`,
    `form-action 'self'`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

function send(request: IncomingMessage, response: ServerResponse, asset: Asset, headers: Record<string, string>): void {
  const gzip = asset.gzip && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) ? asset.gzip : undefined;
  const body = gzip ?? asset.body;
  response.writeHead(200, {
    'content-type': asset.contentType,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
    ...(gzip && { 'content-encoding': 'gzip', vary: 'accept-encoding' }),
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
