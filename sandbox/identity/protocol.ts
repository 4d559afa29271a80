import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { errorPage } from './pages/messagePages.ts';
import type { Handler } from './sandboxServer.ts';
import { contentSecurityPolicy, sendHtml } from './send.ts';

/** Answers below the issuer's path with the library's own routes: what both providers of the sandbox have in common. */
export function createProtocol(provider: Provider, issuerPath: string, sessionCookie: string): Handler {
  provider.on('server_error', (_ctx, error) => console.error('sandbox identity provider:', error));
  const answer = provider.callback();

  return (request, response) => {
    const url = new URL(request.url!, provider.issuer);
    const route = url.pathname.slice(issuerPath.length);
    if (route === '/authorize') forgetSession(request, sessionCookie);
    if (route === '/session/end' && !isLogout(url.searchParams)) return refuseLogout(response);
    response.setHeader('content-security-policy', policyOf(route, url.searchParams));
    response.setHeader('x-content-type-options', 'nosniff');
    return answer(mounted(request, issuerPath), response);
  };
}

/** The library serves paths below its issuer and reads the whole address from `originalUrl`, as it does under Express. */
function mounted(request: IncomingMessage, issuerPath: string): IncomingMessage {
  const url = request.url!;
  return Object.assign(request, { originalUrl: url, url: url.slice(issuerPath.length) });
}

/**
 * Every authorization starts with a login: whoever tries the hub changes persona all the time, and the library would put a
 * sign-out page between two of them.
 */
function forgetSession(request: IncomingMessage, sessionCookie: string): void {
  const cookies = (request.headers.cookie ?? '').split('; ');
  request.headers.cookie = cookies.filter((cookie) => !cookie.startsWith(sessionCookie)).join('; ');
}

/** FranceConnect asks for all three; who has no ID token of this session cannot end it. */
function isLogout(parameters: URLSearchParams): boolean {
  return ['id_token_hint', 'state', 'post_logout_redirect_uri'].every((name) => parameters.get(name));
}

function refuseLogout(response: ServerResponse): void {
  const words = 'id_token_hint, state and post_logout_redirect_uri are required';
  sendHtml(response, 400, errorPage('invalid_request', words));
}

/** The sign-out page sends its form by itself, and browsers hold the redirect after it to `form-action` too. */
function policyOf(route: string, parameters: URLSearchParams): string {
  const target = parameters.get('post_logout_redirect_uri') ?? '';
  if (route !== '/session/end' || !URL.canParse(target)) return contentSecurityPolicy();
  return `${contentSecurityPolicy(new URL(target).origin)}; script-src 'self'`;
}
