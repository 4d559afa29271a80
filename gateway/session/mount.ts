import { IncomingMessage, type ServerResponse } from 'node:http';
import { metadata } from './metadata.ts';
import type { HubAddresses, SessionParts } from './parts.ts';
import { createProvider } from './provider.ts';
import type { EndSession } from './sessionEnds.ts';

/** Answers a request that is the token endpoint's and returns true, or leaves it alone and returns false. */
export type SessionHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

const PREFIX = '/session';
/** A client assertion, a token of 2 kB and a proof; nothing that is right is longer. */
const BODY_LIMIT_BYTES = 32_768;
const PROTECTION: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** The token endpoint's addresses under `/session`, and its metadata where RFC 8414 (3.1) puts it. Every other path below is 404. */
export function createSessionHandler(
  parts: SessionParts,
  addresses: HubAddresses,
  endSession: EndSession,
): SessionHandler {
  const provider = createProvider(parts, addresses, endSession);
  const callback = provider.callback();
  const document = JSON.stringify(metadata(addresses));
  const read = new Map<string, () => string>([
    [`${PREFIX}/.well-known/openid-configuration`, () => document],
    [`${PREFIX}/.well-known/oauth-authorization-server`, () => document],
    [`/.well-known/oauth-authorization-server${PREFIX}`, () => document],
    [
      `${PREFIX}/jwks`,
      () => JSON.stringify({ keys: [...parts.tokenKeys.publicJwks(), parts.franceConnect.publicJwk] }),
    ],
  ]);

  async function forward(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = await readBody(request);
    if (body === undefined)
      return send(response, 413, oauthBody('invalid_request', 'the request is too large'), request);
    const shown = path === '/token/revocation' ? withoutDots(body) : body;
    await callback(asLibraryReads(request, path, shown, addresses), response);
  }

  return (request, response) => {
    const path = request.url!.split('?', 1)[0]!;
    const document = read.get(path);
    if (document === undefined && path !== PREFIX && !path.startsWith(`${PREFIX}/`)) return false;
    for (const [name, value] of Object.entries(PROTECTION)) response.setHeader(name, value);
    if (document !== undefined) {
      if (request.method === 'GET' || request.method === 'HEAD') send(response, 200, document(), request);
      else refuseMethod(request, response, 'GET, HEAD');
    } else if (path === `${PREFIX}/token` || path === `${PREFIX}/token/revocation`) {
      if (request.method === 'POST') {
        forward(request, response, path.slice(PREFIX.length)).catch((err: unknown) => {
          // The client left, or sent its request too slowly and has its answer.
          parts.log.info({ err }, 'token endpoint: request broken off');
          response.destroy();
        });
      } else refuseMethod(request, response, 'POST');
    } else {
      send(response, 404, oauthBody('invalid_request', 'no such address'), request);
    }
    return true;
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT_BYTES) chunks.push(chunk);
  }
  return size > BODY_LIMIT_BYTES ? undefined : Buffer.concat(chunks);
}

/** The library refuses to revoke what looks like a JWT; the hub's can be revoked, so it travels in disguise (libraryStorage.ts). */
function withoutDots(body: Buffer): Buffer {
  const form = new URLSearchParams(body.toString());
  const token = form.get('token');
  if (token === null || !token.includes('.')) return body;
  form.set('token', Buffer.from(token).toString('base64url'));
  return Buffer.from(form.toString());
}

/**
 * The request as if it had come to the hub's public address: the library compares assertions with the address that it reads from Host and
 * X-Forwarded-Proto, which a client could write as it likes.
 */
function asLibraryReads(
  request: IncomingMessage,
  path: string,
  body: Buffer,
  { issuer }: HubAddresses,
): IncomingMessage {
  const { protocol, host, pathname } = new URL(issuer);
  const copy = new IncomingMessage(request.socket);
  const kept = ['content-type', 'accept', 'authorization', 'dpop', 'user-agent'];
  copy.headers = Object.fromEntries(
    kept.flatMap((name) => (name in request.headers ? [[name, request.headers[name]]] : [])),
  );
  Object.assign(copy.headers, { host, 'x-forwarded-proto': protocol.slice(0, -1), 'content-length': `${body.length}` });
  Object.assign(copy, {
    method: request.method,
    url: path,
    originalUrl: pathname + path,
    httpVersion: request.httpVersion,
    // Arrived whole: otherwise node would take its end for a broken connection.
    complete: true,
  });
  copy.push(body);
  copy.push(null);
  return copy;
}

function refuseMethod(request: IncomingMessage, response: ServerResponse, allow: string): void {
  response.setHeader('Allow', allow);
  send(response, 405, oauthBody('invalid_request', 'method not allowed'), request);
}

function send(response: ServerResponse, status: number, body: string, request: IncomingMessage): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function oauthBody(error: string, description: string): string {
  return JSON.stringify({ error, error_description: description });
}
