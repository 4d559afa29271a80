import { createAdaptorServer } from '@hono/node-server';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Site } from './createSite.ts';

export interface Listening {
  /** `http://127.0.0.1:4030`. */
  readonly origin: string;
  /** What answers from now on; 503 until then. */
  show(site: Site): void;
  close(): Promise<void>;
}

/** Takes the port before the site is made: whoever makes it, and the hub that leads people to it, need its address. */
export async function listen(port: number, hostname: string): Promise<Listening> {
  let shown: Site = () => new Response(null, { status: 503 });
  const server = createAdaptorServer({ fetch: (request) => shown(request), hostname }) as Server;
  server.listen(port, hostname);
  await once(server, 'listening');
  return {
    origin: `http://${hostname}:${(server.address() as AddressInfo).port}`,
    show: (site) => void (shown = site),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
