import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import { createRequestId } from '../../platform/ids.ts';
import type { EventStream, HttpAnswer, Received, ReplyContext } from '../exchange.ts';
import { negotiateLanguage, negotiateResponseType } from './negotiate.ts';
import { createOperatorCheck } from './operator.ts';
import { receive, type ReceiveLimits, type ReceivePowers } from './receive.ts';
import { rawAnswer, writeAnswer } from './writeAnswer.ts';
import { writeEvents } from './writeEvents.ts';

export interface HttpServerConfig extends ReceiveLimits {
  /** Credential that a header `Hub-Operator` must hold; undefined = no operators. */
  readonly operatorCredential: string | undefined;
  /** How long headers may take, milliseconds from the connection's first byte. */
  readonly headersTimeoutMs: number;
  /** How long the whole request, body included, may take to arrive. */
  readonly requestTimeoutMs: number;
  /** How long a connection may stay open with nothing asked. */
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;
  /** Bytes of all headers together. */
  readonly maxHeaderBytes: number;
  /** How long `close` waits for answers under way before it cuts them. */
  readonly closeGraceMs: number;
}

/** What one of the hub's other addresses is asked. */
export interface RouteCall {
  readonly request: IncomingMessage;
  readonly context: ReplyContext;
  /** The server is closing: whoever asks for health should be told. */
  readonly stopping: boolean;
}

export type Route = (call: RouteCall) => HttpAnswer | Promise<HttpAnswer>;

export interface HttpServerParts {
  readonly config: HttpServerConfig;
  readonly onGraphql: (received: Received) => HttpAnswer | EventStream | Promise<HttpAnswer | EventStream>;
  /** Puts whatever was thrown, by any step or by the wire, into the hub's words. */
  readonly onFault: (fault: unknown, context: ReplyContext) => HttpAnswer;
  /** By exact path, read by GET: `/health`, `/.well-known/jwks.json`. */
  readonly routes?: ReadonlyMap<string, Route>;
  /** Pages for people (the explorer): answers and returns true, or leaves the request alone and returns false. Asked first. */
  readonly pages?: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly clock?: Clock;
}

export interface HttpServer {
  /** Resolves with the port; 0 asks for a free one. */
  listen(port: number, host: string): Promise<number>;
  /** Takes no more requests, lets answers under way leave for `closeGraceMs`, then cuts. Safe to call twice. */
  close(): Promise<void>;
}

const GRAPHQL_PATH = '/graphql';
/** How often node looks for connections that have exceeded a timeout; its own default of 30 s would make the timeouts say little. */
const CHECK_INTERVAL_MS = 500;

/** The hub's front door on `node:http`, whose parser refuses what a request must not hold (lenient parsing stays off). */
export function createHttpServer(parts: HttpServerParts): HttpServer {
  const { config } = parts;
  const door = { stopping: false };
  const powers: ReceivePowers = {
    limits: config,
    isOperator: createOperatorCheck(config.operatorCredential),
    clock: parts.clock ?? systemClock,
  };
  /** The response that each connection waits for. */
  const underWay = new WeakMap<Socket, ServerResponse>();
  const server = createServer(
    {
      headersTimeout: config.headersTimeoutMs,
      requestTimeout: config.requestTimeoutMs,
      keepAliveTimeout: config.keepAliveTimeoutMs,
      maxHeaderSize: config.maxHeaderBytes,
      connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, config.headersTimeoutMs, config.requestTimeoutMs),
    },
    (request, response) => {
      underWay.set(request.socket, response);
      // Only a refusal that could not be written ends here: nothing is left but to hang up.
      serve(request, response, parts, powers, door).catch(() => response.destroy());
    },
  );
  server.maxConnections = config.maxConnections;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    refuseOnWire(error, socket, underWay.get(socket), parts.onFault);
  });

  return {
    listen: (port, host) => listen(server, port, host),
    close: () => {
      door.stopping = true;
      return close(server, config.closeGraceMs);
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  parts: HttpServerParts,
  powers: ReceivePowers,
  door: { readonly stopping: boolean },
): Promise<void> {
  const context = readContext(request);
  let answer: HttpAnswer | EventStream;
  try {
    if (!door.stopping && parts.pages?.(request, response) === true) return;
    answer = await answerTo(request, response, context, parts, powers, door);
  } catch (fault) {
    // A client that has left reads no answer, and what broke off because of that is nobody's defect.
    if (response.destroyed) return;
    answer = parts.onFault(fault, context);
  }
  if ('begin' in answer) return writeEvents(response, answer, context);
  writeAnswer(response, answer, { requestId: context.requestId, close: door.stopping, head: isHead(request) });
}

async function answerTo(
  request: IncomingMessage,
  response: ServerResponse,
  context: ReplyContext,
  parts: HttpServerParts,
  powers: ReceivePowers,
  door: { readonly stopping: boolean },
): Promise<HttpAnswer | EventStream> {
  const path = pathOf(request.url!);
  const route = parts.routes?.get(path);
  if (route !== undefined) {
    requireReading(request);
    return route({ request, context, stopping: door.stopping });
  }
  if (path !== GRAPHQL_PATH) throw new HubError('HUB_REQUEST_NOT_FOUND');
  if (door.stopping) throw new HubError('HUB_NOT_READY');
  return parts.onGraphql(await receive(request, response, context, powers));
}

function requireReading(request: IncomingMessage): void {
  if (request.method === 'GET' || isHead(request)) return;
  throw new HubError('HUB_REQUEST_METHOD_NOT_ALLOWED', { extensions: { allow: 'GET, HEAD' } });
}

function isHead(request: IncomingMessage): boolean {
  return request.method === 'HEAD';
}

function readContext(request: IncomingMessage): ReplyContext {
  return {
    requestId: createRequestId(),
    language: negotiateLanguage(request.headers['accept-language']),
    // A refusal has to be written in something, also when nothing acceptable was named.
    responseType: negotiateResponseType(request.headers.accept) ?? 'application/json',
  };
}

function pathOf(url: string): string {
  const question = url.indexOf('?');
  return question === -1 ? url : url.slice(0, question);
}

/**
 * What node's parser or its clock refused. Nothing is written out of turn: behind a proxy the connection may be shared, and an
 * answer too many would be read as somebody else's.
 */
function refuseOnWire(
  error: NodeJS.ErrnoException,
  socket: Socket,
  waiting: ServerResponse | undefined,
  onFault: HttpServerParts['onFault'],
): void {
  const code = codeOnWire(error.code);
  const isWaiting = waiting !== undefined && !waiting.writableFinished;
  if (!socket.writable || error.code === 'ECONNRESET' || (isWaiting && code !== 'HUB_REQUEST_TIMEOUT')) {
    socket.destroy();
    return;
  }
  const context: ReplyContext = { requestId: createRequestId(), language: 'fr', responseType: 'application/json' };
  const answer = onFault(new HubError(code, { detail: error.code ?? 'no request' }), context);
  if (isWaiting) writeAnswer(waiting, answer, { requestId: context.requestId, close: true, head: false });
  else socket.end(rawAnswer(answer, context));
  // Whoever does not read its refusal is not waited for.
  socket.setTimeout(1000, () => socket.destroy());
}

function codeOnWire(
  errorCode: string | undefined,
): 'HUB_REQUEST_TIMEOUT' | 'HUB_REQUEST_TOO_LARGE' | 'HUB_REQUEST_MALFORMED' {
  if (errorCode === 'ERR_HTTP_REQUEST_TIMEOUT') return 'HUB_REQUEST_TIMEOUT';
  if (errorCode === 'HPE_HEADER_OVERFLOW' || errorCode === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return 'HUB_REQUEST_TOO_LARGE';
  return 'HUB_REQUEST_MALFORMED';
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
