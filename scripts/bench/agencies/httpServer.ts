import { createServer, type Server, type Socket } from 'node:net';

export interface HttpAnswerer {
  /** Answer to a POST body (latin1) or to a GET path; a promise only when it has to be made. */
  answer(method: string, path: string, body: string): Buffer | Promise<Buffer>;
  /** Milliseconds by which every answer is delayed. */
  latencyMs(): number;
}

/**
 * A bare HTTP/1.1 server for agencies that only answer: keep-alive, pipelining (answers in order), bodies by content-length or
 * chunked, nothing else. It is no server for anything but the bench: cheap, so that it never is what is measured.
 */
export function createBareServer(answerer: HttpAnswerer): Server {
  return createServer({ noDelay: true }, (socket) => serve(socket, answerer));
}

interface ParsedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Where the next request starts. */
  readonly end: number;
}

function serve(socket: Socket, answerer: HttpAnswerer): void {
  let pending = '';
  let lastAnswer: Promise<void> | undefined;
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    pending = pending === '' ? chunk : pending + chunk;
    socket.cork();
    for (let request = parseRequest(pending); request; request = parseRequest(pending)) {
      pending = pending.slice(request.end);
      const answer = answerer.answer(request.method, request.path, request.body);
      const delayMs = answerer.latencyMs();
      if (Buffer.isBuffer(answer) && delayMs === 0 && !lastAnswer) {
        send(socket, answer);
        continue;
      }
      const before = lastAnswer;
      const own: Promise<void> = Promise.all([answer, delay(delayMs), before]).then(([bytes]) => {
        send(socket, bytes);
        if (lastAnswer === own) lastAnswer = undefined;
      });
      lastAnswer = own;
    }
    socket.uncork();
  });
}

/** The first whole request of `text`, or undefined while it has not arrived. */
export function parseRequest(text: string): ParsedRequest | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const head = text.slice(0, headEnd);
  const [method = '', path = ''] = head.slice(0, head.indexOf('\r\n')).split(' ');
  const bodyStart = headEnd + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length) {
    const end = bodyStart + Number(length[1]);
    return text.length < end ? undefined : { method, path, body: text.slice(bodyStart, end), end };
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return readChunked(text, bodyStart, method, path);
  return { method, path, body: '', end: bodyStart };
}

function readChunked(text: string, start: number, method: string, path: string): ParsedRequest | undefined {
  let body = '';
  for (let at = start; ;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = parseInt(text.slice(at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (text.length < end) return undefined;
    if (size === 0) return { method, path, body, end };
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = end;
  }
}

function send(socket: Socket, bytes: Buffer): void {
  if (socket.destroyed) return;
  socket.write(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`,
    'latin1',
  );
  socket.write(bytes);
}

function delay(milliseconds: number): Promise<void> | undefined {
  return milliseconds === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, milliseconds));
}
