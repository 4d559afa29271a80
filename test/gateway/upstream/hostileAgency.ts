import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';

export interface HostileAgency {
  readonly url: string;
  /** Requests that arrived, with headers and body. */
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly body: string }[];
  /** Connections that are open. */
  readonly openSockets: () => number;
  readonly closedSockets: () => number;
  close(): Promise<void>;
}

type Answer = (response: ServerResponse, nth: number) => void;

/** An agency that speaks HTTP and says what it is told to. */
export async function openAgency(answer: Answer): Promise<HostileAgency> {
  const requests: { headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      answer(response, requests.length);
    });
  });
  return listen(server, requests);
}

/** An agency that speaks whatever bytes it is told to, once something has been asked. */
export async function openRawAgency(speak: (socket: Socket) => void): Promise<HostileAgency> {
  const requests: { headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createTcp((socket) => {
    socket.on('error', () => {});
    socket.once('data', (chunk) => {
      requests.push({ headers: {}, body: chunk.toString('utf8') });
      speak(socket);
    });
  });
  return listen(server, requests);
}

async function listen(server: Server, requests: HostileAgency['requests']): Promise<HostileAgency> {
  const sockets = new Set<Socket>();
  let closed = 0;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      closed += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    requests,
    openSockets: () => sockets.size,
    closedSockets: () => closed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export function json(response: ServerResponse, body: string | Buffer, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(body);
}
