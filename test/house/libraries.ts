/** An outside library, the rooms that may import it, and in one line why it is here. What is not listed is not imported. */
export interface Library {
  readonly name: string;
  readonly rooms: readonly string[];
  readonly why: string;
}

const BENCH = 'scripts/bench/';

export const LIBRARIES: readonly Library[] = [
  {
    name: '@apollo/gateway',
    rooms: ['gateway/request/fetch/', BENCH],
    why: 'reference executor for tests and --unprotected; Elastic License 2.0, so in one room',
  },
  { name: '@apollo/query-planner', rooms: ['gateway/request/fetch/'], why: 'plans over the supergraph' },
  {
    name: '@apollo/federation-internals',
    rooms: ['gateway/platform/graph/', 'gateway/request/fetch/', 'scripts/compose/'],
    why: 'the supergraph as planner and composition understand it',
  },
  {
    name: '@apollo/composition',
    rooms: ['scripts/compose/', BENCH],
    why: 'composes the supergraph; Elastic License 2.0, so in one room',
  },
  { name: '@apollo/subgraph', rooms: ['subgraphs/kit/', BENCH], why: 'federation’s fields of a subgraph schema' },
  { name: '@electric-sql/pglite', rooms: ['gateway/platform/database/'], why: 'PostgreSQL without a server' },
  {
    name: 'pg',
    // After its kills, `npm run faults` reads what agencies and hub have in their tables.
    rooms: ['gateway/platform/database/', 'scripts/faults/'],
    why: 'PostgreSQL with a server',
  },
  {
    name: 'kysely',
    rooms: ['gateway/platform/database/', 'gateway/registers/', 'gateway/session/', 'subgraphs/', BENCH],
    why: 'SQL with types; held to stores and migrations by a test of its own',
  },
  { name: 'pg-boss', rooms: ['gateway/platform/database/'], why: 'durable jobs on the database that is there anyway' },
  {
    name: '@nats-io/transport-node',
    rooms: ['gateway/platform/broker/'],
    why: 'NATS, for hubs of several machines; by those who make it',
  },
  { name: '@nats-io/jetstream', rooms: ['gateway/platform/broker/'], why: 'its streams and durable consumers' },
  {
    name: 'jose',
    rooms: ['gateway/request/identify/', 'gateway/platform/', 'subgraphs/kit/', 'sandbox/identity/', 'scripts/faults/'],
    why: 'tokens and grants: each of the three parties has its own keys and its own room for them',
  },
  { name: 'graphql-shield', rooms: ['subgraphs/kit/guard.ts'], why: 'field rules of a subgraph, deny by default' },
  {
    name: 'graphql-middleware',
    rooms: ['subgraphs/kit/guard.ts'],
    why: 'puts graphql-shield’s rules before resolvers',
  },
  { name: 'dataloader', rooms: ['subgraphs/kit/'], why: 'one batch per question and request' },
  {
    name: 'graphql',
    rooms: ['gateway/', 'subgraphs/', 'scripts/', 'portal/explorer/', 'schema/'],
    why: 'the language itself: syntax trees and schemas are the hub’s material',
  },
  { name: 'graphiql', rooms: ['portal/explorer/'], why: 'the page a browser sees at /graphql' },
  { name: 'react', rooms: ['portal/explorer/'], why: 'GraphiQL asks for it' },
  { name: 'react-dom', rooms: ['portal/explorer/'], why: 'GraphiQL asks for it' },
  { name: 'undici', rooms: ['gateway/request/fetch/upstream/', BENCH], why: 'HTTP to agencies through its dispatch' },
  {
    name: 'hono',
    rooms: ['portal/web/'],
    why: 'routes, and markup that escapes what is put into it; no dependencies of its own',
  },
  { name: '@hono/node-server', rooms: ['portal/web/listen.ts'], why: 'hono’s way onto Node’s HTTP server' },
  { name: 'lru-cache', rooms: ['gateway/', 'portal/'], why: 'caches bounded by bytes or entries' },
  { name: 'pino', rooms: ['gateway/platform/log.ts', 'subgraphs/kit/log.ts'], why: 'logs as JSON lines' },
  {
    name: 'zod',
    rooms: [
      'schema/',
      'gateway/platform/',
      'gateway/registers/',
      'gateway/request/fetch/relatives/',
      'subgraphs/kit/',
      'scripts/',
    ],
    why: 'shapes of files and claims, with errors that name the field',
  },
  { name: 'oidc-provider', rooms: ['sandbox/identity/', 'gateway/session/'], why: 'OpenID provider' },
  { name: 'openid-client', rooms: ['sandbox/identity/', 'portal/'], why: 'the client’s side of a login' },
  { name: '@graphql-codegen/core', rooms: ['scripts/docs/'], why: 'typed operations of the front-end kit' },
  {
    name: '@graphql-codegen/typescript-operations',
    rooms: ['scripts/docs/'],
    why: 'typed operations of the front-end kit',
  },
  { name: 'minisearch', rooms: ['portal/agency/catalogue/search.ts'], why: 'search that forgives accents and typos' },
  { name: 'yaml', rooms: ['sandbox/seed/'], why: 'the siade cases are YAML' },
];
