import type { Config } from '../platform/config.ts';
import { createHttpServer, type HttpServerConfig, type HttpServerParts } from '../request/receive/httpServer.ts';
import { createReplyFault } from '../request/reply/replyFault.ts';
import type { GatewayOptions, Pages, Gateway } from './options.ts';

/** Listens, and mounts the pages when the address is known. */
export async function listen(
  {
    config,
    log,
    pages,
    mount,
  }: Pick<GatewayOptions, 'config' | 'log' | 'pages'> & { mount?: (origin: string) => Pages },
  served: Pick<HttpServerParts, 'onGraphql' | 'routes'>,
  closeRooms: () => Promise<void>,
): Promise<Gateway> {
  // Pages need the address, which is known when the server listens; until then it has none.
  let shown: Pages = () => false;
  const server = createHttpServer({
    ...served,
    config: httpConfig(config),
    onFault: createReplyFault(log),
    pages: (request, response) => shown(request, response),
  });
  const port = await server.listen(config.gatewayPort, config.gatewayHost);
  const origin = `http://${config.gatewayHost}:${port}`;
  const url = `${origin}/graphql`;
  const mounted = mount?.(config.publicUrl ?? origin);
  const shownPages = await pages?.(url);
  shown = (request, response) => mounted?.(request, response) === true || shownPages?.(request, response) === true;
  return {
    url,
    async close() {
      await server.close();
      await closeRooms();
    },
  };
}

function httpConfig(config: Config): HttpServerConfig {
  return {
    operatorCredential: config.operatorCredential,
    bodyLimitBytes: config.bodyLimitBytes,
    maxJsonDepth: 64,
    headersTimeoutMs: Math.min(5000, config.requestTimeoutMs),
    requestTimeoutMs: config.requestTimeoutMs,
    keepAliveTimeoutMs: 65_000,
    maxConnections: 10_000,
    maxHeaderBytes: 32_768,
    closeGraceMs: 3000,
  };
}

/** The first that answers. */
export function eitherOf(...pages: readonly Pages[]): Pages {
  return (request, response) => pages.some((page) => page(request, response));
}
