import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { HttpAnswer, ReplyContext } from '../exchange.ts';

/** Headers of every answer, unless the answer says otherwise. Personal data is kept by no cache, and no other site shows our pages. */
const DEFAULT_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export interface WriteContext {
  readonly requestId: ReplyContext['requestId'];
  /** Whether the connection ends with this answer. */
  readonly close: boolean;
  /** HEAD: headers only. */
  readonly head: boolean;
}

/** Writes an answer in one piece. Does nothing when the client has left or has been answered (a body that came too slowly). */
export function writeAnswer(response: ServerResponse, answer: HttpAnswer, context: WriteContext): void {
  if (response.destroyed || response.headersSent) return;
  const headers = headersOf(answer, context);
  if (context.close) headers['Connection'] = 'close';
  response.writeHead(answer.status, headers);
  if (context.head) response.end();
  else response.end(answer.body, answer.encoding);
}

/** The same as bytes of an HTTP/1.1 message, for a socket that holds no request. */
export function rawAnswer(answer: HttpAnswer, context: Pick<WriteContext, 'requestId'>): Buffer {
  const headers = { ...headersOf(answer, context), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(answer.body, answer.encoding)]);
}

function headersOf(answer: HttpAnswer, context: Pick<WriteContext, 'requestId'>): Record<string, string> {
  return {
    ...withDefaults(answer.headers),
    'Content-Length': String(Buffer.byteLength(answer.body, answer.encoding)),
    'Hub-Request-Id': context.requestId,
  };
}

/** By the answer's own headers, which for answers with data are always the same two objects. */
const merged = new WeakMap<HttpAnswer['headers'], Readonly<Record<string, string>>>();

function withDefaults(headers: HttpAnswer['headers']): Readonly<Record<string, string>> {
  const known = merged.get(headers);
  if (known !== undefined) return known;
  const all = { ...DEFAULT_HEADERS, ...headers };
  merged.set(headers, all);
  return all;
}
