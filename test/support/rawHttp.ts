import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request with exactly these headers and bytes; undefined when the connection was cut without an answer. */
export function sendRaw(
  url: string,
  options: { readonly method?: string; readonly headers: Record<string, string>; readonly body?: string | Buffer },
): Promise<RawAnswer | undefined> {
  return new Promise((resolve) => {
    const { method = 'POST', headers, body } = options;
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(undefined));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode!, headers: response.headers, text });
      });
    });
    request.on('error', () => resolve(undefined));
    request.end(body);
  });
}

/** Opens connections and says nothing on them; returns what closes them all. */
export async function openIdle(url: string, count: number): Promise<() => void> {
  const { hostname, port } = new URL(url);
  const sockets = await Promise.all(
    Array.from({ length: count }, () => {
      return new Promise<ReturnType<typeof connect>>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => resolve(socket));
        socket.once('error', reject);
      });
    }),
  );
  for (const socket of sockets) socket.on('error', () => undefined);
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}
