import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorPage } from './pages/messagePages.ts';
import { sendHtml } from './send.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface SandboxServer {
  /** `http://host:port`. Throws a TypeError before `listen` has resolved. */
  readonly origin: string;
  /** Resolves when the handler, made once the origin is known, answers. */
  listen(createHandler: (origin: string) => Handler): Promise<void>;
  close(): Promise<void>;
}

/** A server whose issuer holds its own port. 0 takes any free one. */
export function createSandboxServer({ port, host }: { readonly port: number; readonly host: string }): SandboxServer {
  let origin: string | undefined;
  let handle: Handler = () => undefined;
  const server = createServer((request, response) => {
    Promise.resolve(handle(request, response)).catch((error: unknown) => {
      console.error('sandbox identity provider:', error);
      if (!response.headersSent) sendHtml(response, 500, errorPage('server_error', undefined));
      else response.destroy();
    });
  });

  return {
    get origin() {
      if (origin === undefined) throw new TypeError('the identity provider has no origin before listen() has resolved');
      return origin;
    },
    async listen(createHandler) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
      });
      origin = `http://${host}:${(server.address() as AddressInfo).port}`;
      handle = createHandler(origin);
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
