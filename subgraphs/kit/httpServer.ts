import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refuse } from './authority.ts';
import type { Subgraph } from './createSubgraph.ts';
import type { Inbox } from './inbox/inbox.ts';

export interface ListenOptions {
  /** 0 = any free port. */
  readonly port: number;
  readonly host?: string;
  /** Largest body that is read, bytes [1000000]: two hundred subjects with their identities take 100,000. */
  readonly maxBodyBytes?: number;
}

export interface ListeningSubgraph {
  /** Origin, `http://127.0.0.1:4101`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening, lets requests in hand finish. The subgraph itself stays open. */
  close(): Promise<void>;
}

/** Serves `POST /graphql`, the inbox if there is one, `GET /health` and `GET /.well-known/jwks.json`; rejects when the port is taken. */
export async function listen(subgraph: Subgraph, options: ListenOptions): Promise<ListeningSubgraph> {
  const { port, host = '127.0.0.1', maxBodyBytes = 1_000_000 } = options;
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 65_000 },
    (request, response) => {
      void respond(subgraph, request, response, maxBodyBytes);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: boundPort } = server.address() as AddressInfo;
  return { url: `http://${host}:${boundPort}`, port: boundPort, close: () => close(server) };
}

/** Long-lived connections of the hub would hold the server open for ever. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
}

async function respond(
  subgraph: Subgraph,
  request: IncomingMessage,
  response: ServerResponse,
  maxBodyBytes: number,
): Promise<void> {
  const [path] = (request.url ?? '').split('?');
  if (path === '/health') return sendGet(request, response, { status: 'ok', agency: subgraph.name });
  if (path === '/.well-known/jwks.json') return sendGet(request, response, subgraph.publicJwks);
  if (path !== undefined && path === subgraph.inbox?.path) {
    return respondToDeclaration(subgraph.inbox, request, response, maxBodyBytes);
  }
  if (path !== '/graphql') return sendRefusal(response, 404, 'Not found');
  if (request.method !== 'POST') return sendRefusal(response, 405, 'Use POST', { allow: 'POST' });
  if (!isPlainJson(request)) return sendRefusal(response, 415, 'Send application/json in UTF-8, not compressed');

  const body = await readBody(request, maxBodyBytes);
  if (body === 'TOO_LARGE') return sendRefusal(response, 413, 'Body too large', { connection: 'close' });
  if (body === 'CUT') return;
  const credential = request.headers['hub-operator'];
  const { status, answer } = await subgraph.receive(body.text, typeof credential === 'string' ? credential : undefined);
  send(response, status, answer);
}

/** CloudEvents 1.0, HTTP binary mode: attributes are the headers `ce-*`. An answer that is not 200 has no body: it says nothing but its status. */
async function respondToDeclaration(
  inbox: Inbox,
  request: IncomingMessage,
  response: ServerResponse,
  maxBodyBytes: number,
): Promise<void> {
  if (request.method !== 'POST') return sendRefusal(response, 405, 'Use POST', { allow: 'POST' });
  const { 'content-type': mediaType = '', 'content-encoding': encoding } = request.headers;
  if (mediaType.toLowerCase() !== 'application/jose' || encoding !== undefined) {
    return sendRefusal(response, 415, 'Send application/jose, not compressed');
  }
  const body = await readBody(request, maxBodyBytes);
  if (body === 'TOO_LARGE') return sendRefusal(response, 413, 'Body too large', { connection: 'close' });
  if (body === 'CUT') return;
  const { status, body: sealed } = await inbox.receive(body.text, eventAttributes(request));
  response.writeHead(status, {
    ...(sealed !== '' && { 'content-type': 'application/jose' }),
    'content-length': Buffer.byteLength(sealed),
    'cache-control': 'no-store',
  });
  response.end(sealed);
}

const EVENT_HEADER = 'ce-';

function eventAttributes({ headers }: IncomingMessage): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(EVENT_HEADER) ? [[name.slice(EVENT_HEADER.length), value] as const] : [],
    ),
  );
}

function isPlainJson({ headers }: IncomingMessage): boolean {
  const [mediaType, ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const utf8 = parameters.every(
    (parameter) => !/^\s*charset=/.test(parameter) || /^\s*charset="?utf-8"?\s*$/.test(parameter),
  );
  return mediaType!.trim() === 'application/json' && utf8 && headers['content-encoding'] === undefined;
}

async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<{ readonly text: string } | 'TOO_LARGE' | 'CUT'> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return 'TOO_LARGE';
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) return 'TOO_LARGE';
      chunks.push(chunk);
    }
  } catch {
    return 'CUT';
  }
  return { text: Buffer.concat(chunks).toString('utf8') };
}

function sendGet(request: IncomingMessage, response: ServerResponse, body: object): void {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return sendRefusal(response, 405, 'Use GET', { allow: 'GET' });
  send(response, 200, body);
}

function sendRefusal(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  send(response, status, refuse(status, 'AGENCY_REQUEST_REFUSED', message).answer, headers);
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': text.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(text);
}
