import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What may be on a wire; the one who kills waits for one of them. */
export type Line = 'act' | 'inbox' | 'pull' | 'status';
/** The question is on the wire and has not arrived; it has arrived and is being worked on; the answer is on the wire and has not arrived. */
export type Moment = 'asked' | 'worked' | 'answered';

export interface Crossing {
  readonly line: Line;
  readonly moment: Moment;
  /** At whose door. */
  readonly to: string;
}

/** The network's piece before one process, which stays while that process dies and comes back on another port. */
export interface Wire {
  /** `http://host:port` */
  readonly origin: string;
  /** Where the process is now; what comes while it is nowhere finds nobody. */
  leadTo(origin: string | undefined): void;
  close(): void;
}

export interface WireOptions {
  readonly to: string;
  readonly lineOf: (path: string, body: string) => Line | undefined;
  /** What is on the wire waits until it resolves; what is being worked on waits for nothing. */
  readonly onCrossing: (crossing: Crossing) => Promise<void>;
  /** Whether this message, or its answer, is lost. */
  readonly isLost: () => boolean;
}

export async function openWire({ to, lineOf, onCrossing, isLost }: WireOptions): Promise<Wire> {
  let target: string | undefined;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const line = lineOf(request.url!, body.toString());
      const cross = (moment: Moment) => (line ? onCrossing({ line, moment, to }) : Promise.resolve());
      const loses = () => line !== undefined && line !== 'act' && isLost();
      if (loses()) return void response.destroy();
      await cross('asked');
      const asking = ask(target, { method: request.method!, path: request.url!, headers: request.headers, body });
      void cross('worked');
      const answer = await asking;
      await cross('answered');
      if (loses()) return void response.destroy();
      response.writeHead(answer.status, answer.headers).end(answer.body);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (origin) => (target = origin),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

function ask(
  target: string | undefined,
  { path, body, ...options }: { method: string; path: string; headers: object; body: Buffer },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (target === undefined) return reject(new Error('nobody is there'));
    const headers = { ...options.headers, connection: 'close' };
    const asking = httpRequest(new URL(path, target), { ...options, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { connection: _own, 'transfer-encoding': _ownToo, ...kept } = response.headers;
        resolve({ status: response.statusCode!, headers: kept, body: Buffer.concat(chunks) });
      });
      response.on('error', reject);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
