import type { ServerResponse } from 'node:http';

/** Sends a page that may load its stylesheet and nothing else; `formTarget`: an origin that its form's redirects may lead to. */
export function sendHtml(response: ServerResponse, status: number, body: string, formTarget = ''): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy(formTarget),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

export function contentSecurityPolicy(formTarget = ''): string {
  const formAction = `form-action 'self' ${formTarget}`.trimEnd();
  return `default-src 'none'; style-src 'self'; img-src data:; ${formAction}; frame-ancestors 'none'; base-uri 'none'`;
}

/** Public facts, readable by a page of any origin. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(JSON.stringify(body));
}
