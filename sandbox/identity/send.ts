import type { IncomingMessage, ServerResponse } from 'node:http';

/** Sends a page that may load its stylesheet and nothing else; `formTarget`: an origin that its form's redirects may lead to, '' for none. */
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

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(JSON.stringify(body));
}

/** A stylesheet or script of the pages. */
export function sendFile(response: ServerResponse, type: 'text/css' | 'text/javascript', body: string): void {
  response.writeHead(200, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'public, max-age=3600',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

/** A login form is a few dozen bytes, an introspection request a few hundred. */
const MAX_FORM_BYTES = 10_000;

export async function readForm(request: IncomingMessage): Promise<URLSearchParams | 'too large'> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk as string;
    if (body.length > MAX_FORM_BYTES) return 'too large';
  }
  return new URLSearchParams(body);
}
