import { connect } from 'node:net';
import type { HttpAnswer, Received, ReplyContext } from '../../../gateway/request/exchange.ts';
import {
  createHttpServer,
  type HttpServer,
  type HttpServerConfig,
  type HttpServerParts,
} from '../../../gateway/request/receive/httpServer.ts';
import { createReplyFault } from '../../../gateway/request/reply/replyFault.ts';

export const OPERATOR_CREDENTIAL = 'an-operator-credential-of-32-characters';

const CONFIG: HttpServerConfig = {
  bodyLimitBytes: 10_000,
  maxJsonDepth: 20,
  operatorCredential: OPERATOR_CREDENTIAL,
  headersTimeoutMs: 5000,
  requestTimeoutMs: 5000,
  keepAliveTimeoutMs: 5000,
  maxConnections: 100,
  maxHeaderBytes: 16_384,
  closeGraceMs: 500,
};

export interface FrontDoor {
  readonly url: string;
  readonly port: number;
  readonly server: HttpServer;
  /** What reached the step after receive. */
  readonly received: Received[];
  readonly logged: { readonly facts: object; readonly message: string }[];
  post(body: string | Buffer, headers?: Record<string, string>): Promise<Response>;
}

/** The hub's front door with nothing behind it: every request that is received is answered `{"data":{"ok":true}}`. */
export async function openFrontDoor(
  config: Partial<HttpServerConfig> = {},
  parts: Partial<HttpServerParts> = {},
): Promise<FrontDoor> {
  const received: Received[] = [];
  const logged: { facts: object; message: string }[] = [];
  const log = (facts: object, message: string) => logged.push({ facts, message });
  const server = createHttpServer({
    config: { ...CONFIG, ...config },
    onGraphql: (request) => {
      received.push(request);
      return { ...OK, headers: { 'Content-Type': request.responseType } };
    },
    onFault: createReplyFault({ error: log, info: log }),
    ...parts,
  });
  const port = await server.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}/graphql`;
  return {
    url,
    port,
    server,
    received,
    logged,
    post: (body, headers = {}) =>
      fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }),
  };
}

export const OK: HttpAnswer = { status: 200, headers: {}, body: '{"data":{"ok":true}}', encoding: 'utf8' };

export const CONTEXT: ReplyContext = {
  requestId: 'req_test' as ReplyContext['requestId'],
  language: 'en',
  responseType: 'application/json',
};

/** Writes bytes on a bare connection, one part at a time, and reads until the other side hangs up. */
export function speakRaw(port: number, parts: readonly string[], pauseMs = 0): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', async () => {
      for (const part of parts) {
        if (socket.destroyed) return;
        socket.write(part);
        await new Promise((next) => setTimeout(next, pauseMs));
      }
    });
    socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
  });
}

/** Status and code of a refusal. */
export async function refusalOf(response: Response): Promise<string> {
  const body = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return `${response.status} ${body.errors[0]!.extensions.code}`;
}
