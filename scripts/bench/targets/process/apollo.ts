/** Process: `apollo.ts FOLDER SUPERGRAPH PORT own|undici`. Forwards `authorization` to every agency, as every target does. */
import { readFileSync } from 'node:fs';
import { requireFrom } from '../apollo.ts';

interface HeadersLike {
  get(name: string): string | null | undefined;
  set(name: string, value: string): void;
}
interface WillSend {
  request: { http: { headers: HeadersLike } };
  context: { authorization?: string };
}
type DataSource = new (options: { url: string; fetcher?: unknown }) => object;
interface GatewayPackage {
  ApolloGateway: new (options: {
    supergraphSdl: string;
    buildService: (definition: { url: string }) => object;
  }) => object;
  RemoteGraphQLDataSource: DataSource;
}
interface ServerPackage {
  ApolloServer: new (options: object) => object;
}
interface StandalonePackage {
  startStandaloneServer(server: object, options: object): Promise<{ url: string }>;
}
interface UndiciPackage {
  Agent: new (options: object) => object;
  request(url: string, options: object): Promise<UndiciReply>;
}
interface UndiciReply {
  statusCode: number;
  headers: Record<string, string | undefined>;
  body: { json(): Promise<unknown>; text(): Promise<string> };
}

const [folder = '', supergraphFile = '', port = '', fetcher = 'own'] = process.argv.slice(2);
const { ApolloGateway, RemoteGraphQLDataSource } = requireFrom<GatewayPackage>(folder, '@apollo/gateway');
const { ApolloServer } = requireFrom<ServerPackage>(folder, '@apollo/server');
const { startStandaloneServer } = requireFrom<StandalonePackage>(folder, '@apollo/server/standalone');

class ForwardingDataSource extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }: WillSend): void {
    if (context.authorization) request.http.headers.set('authorization', context.authorization);
  }
}

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(supergraphFile, 'utf8'),
  buildService: ({ url }) =>
    new ForwardingDataSource(fetcher === 'undici' ? { url, fetcher: undiciFetcher() } : { url }),
});
await startStandaloneServer(new ApolloServer({ gateway, includeStacktraceInErrorResponses: false }), {
  listen: { port: Number(port), host: '127.0.0.1' },
  context: ({ req }: { req: { headers: { authorization?: string } } }) =>
    Promise.resolve({ authorization: req.headers.authorization }),
});
process.on('SIGTERM', () => process.exit(0));

/** The fetcher interface of RemoteGraphQLDataSource over undici's `request`, on one pool per agency. */
function undiciFetcher() {
  const { Agent, request } = requireFrom<UndiciPackage>(folder, 'undici');
  const dispatcher = new Agent({ connections: 128, pipelining: 1 });
  return async (
    url: string,
    init: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<object> => {
    const reply = await request(url, { ...init, dispatcher });
    return {
      url,
      status: reply.statusCode,
      statusText: '',
      ok: reply.statusCode >= 200 && reply.statusCode < 300,
      headers: { get: (name: string) => reply.headers[name.toLowerCase()] ?? null },
      json: () => reply.body.json(),
      text: () => reply.body.text(),
    };
  };
}
