import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';
import { createExplorer } from '../../portal/explorer/createExplorer.ts';
import type { Example } from '../../portal/explorer/examples.ts';
import { startIdentityProvider } from '../sandbox/identity/smallFrance.ts';

const SDL = 'type Query { "The caller." me: Citizen } type Citizen { names: String }';

const EXAMPLES: readonly Example[] = [
  {
    ...anExample('canteen', 'dupont-paul', 'canteen', 'query First { me { names } }'),
    variables: { incomeYear: 2025 },
  },
  anExample('creche', 'dupont-angela', 'creche', 'query Second { me { __typename names } }'),
];

function anExample(id: string, persona: string, service: string, query: string): Example {
  const text = { fr: `Exemple ${id}`, en: `Example ${id}` };
  return { id, title: text, shows: { fr: '</script><b>', en: 'x' }, persona, service, acr: 'eidas2', query };
}

/** The explorer before a graph of two types, with the sandbox's login and as much of a hub as the explorer needs. */
export interface ExplorerServer {
  readonly graphUrl: string;
  /** The authorization headers that reached the graph, since `forget`. */
  readonly authorizations: (string | undefined)[];
  /** The forms that reached the token endpoint, since `forget`. */
  readonly exchanges: Record<string, string>[];
  forget(): void;
  close(): Promise<void>;
}

export async function startExplorer(): Promise<ExplorerServer> {
  const authorizations: (string | undefined)[] = [];
  const exchanges: Record<string, string>[] = [];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const graphUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const { provider, stop } = await startIdentityProvider({ extraRedirectUris: [graphUrl] });
  const clientSecrets = Object.fromEntries(
    Object.entries(provider.clientSecrets).map(([id, secret]) => [id, { franceConnect: secret, hub: `hub ${id}` }]),
  );
  const hubIssuer = new URL('/session', graphUrl).href;
  const explorer = await createExplorer({
    signIn: { issuer: provider.issuer, hubIssuer, clientSecrets },
    graphUrl,
    examples: EXAMPLES,
    schemaSdl: SDL,
  });
  const graph = createHandler({
    schema: buildSchema(SDL),
    context: (request) => {
      authorizations.push((request.headers as Record<string, string | undefined>)['authorization']);
      return {};
    },
    rootValue: { me: { names: 'answered' } },
  });

  /** The hub's token endpoint, as far as the explorer needs it. */
  async function answerAsHub(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET') {
      response.end(JSON.stringify({ issuer: hubIssuer, token_endpoint: `${hubIssuer}/token` }));
      return;
    }
    let body = '';
    for await (const chunk of request) body += String(chunk);
    exchanges.push(Object.fromEntries(new URLSearchParams(body)));
    response.end(JSON.stringify({ access_token: 'hub-token', token_type: 'Bearer', expires_in: 300 }));
  }

  server.on('request', (request, response) => {
    if (request.url!.startsWith('/session/')) void answerAsHub(request, response);
    else if (!explorer(request, response)) void graph(request, response);
  });
  return {
    ...{ graphUrl, authorizations, exchanges },
    forget() {
      authorizations.length = 0;
      exchanges.length = 0;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await stop();
    },
  };
}
