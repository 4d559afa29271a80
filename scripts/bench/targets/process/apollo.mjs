/**
 * Process: `apollo.mjs FOLDER SUPERGRAPH PORT own|undici`. Forwards `authorization` to every agency, as every target does. Plain
 * JavaScript, since tsx's source maps cost this peer 5 % of its CPU.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder = '', supergraphFile = '', port = '', fetcher = 'own'] = process.argv.slice(2);
/** Packages come from the peer's own folder: the product doesn't depend on them. */
const requirePeer = createRequire(join(folder, 'package.json'));
const { ApolloGateway, RemoteGraphQLDataSource } = requirePeer('@apollo/gateway');
const { ApolloServer } = requirePeer('@apollo/server');
const { startStandaloneServer } = requirePeer('@apollo/server/standalone');

class ForwardingDataSource extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
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
  context: ({ req }) => Promise.resolve({ authorization: req.headers.authorization }),
});
process.on('SIGTERM', () => process.exit(0));

/** The fetcher interface of RemoteGraphQLDataSource over undici's `request`, on one pool per agency. */
function undiciFetcher() {
  const { Agent, request } = requirePeer('undici');
  const dispatcher = new Agent({ connections: 128, pipelining: 1 });
  return async (url, init) => {
    const reply = await request(url, { ...init, dispatcher });
    return {
      url,
      status: reply.statusCode,
      statusText: '',
      ok: reply.statusCode >= 200 && reply.statusCode < 300,
      headers: { get: (name) => reply.headers[name.toLowerCase()] ?? null },
      json: () => reply.body.json(),
      text: () => reply.body.text(),
    };
  };
}
