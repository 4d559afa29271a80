import { brokerAddress, brokerContradictions } from './broker/brokerAddress.ts';
import { franceConnect } from './franceConnect/franceConnectSetting.ts';
import { type Setting, choice, integer, issuerList, origin, secret, text, urlMap, word } from './settings.ts';

export type { Issuer } from './settings.ts';

/**
 * Every setting of the hub, declared once: name, default, bounds and why. docs/config.md is generated from this table, and a `HUB_*`
 * variable that is not in it stops the start, so that a misspelt limit is never a limit that is not there.
 */
export const SETTINGS = {
  env: choice('HUB_ENV', ['production', 'sandbox', 'test', 'development'], {
    default: 'production',
    why: 'What this hub is. Seeds, introspection for everybody and plain-HTTP issuers exist outside production only.',
  }),
  gatewayPort: integer('HUB_GATEWAY_PORT', {
    default: 4000,
    min: 0,
    max: 65_535,
    why: 'TCP port of the graph; 0 takes any free one.',
  }),
  gatewayHost: text('HUB_GATEWAY_HOST', {
    default: '127.0.0.1',
    why: 'Address on which the hub listens. The default is this machine alone: put a TLS proxy in front before widening it.',
  }),
  dataDir: text('HUB_DATA_DIR', {
    default: '.data',
    why: 'Folder of keys, of the embedded database and of ready.json. Back it up: a lost reference key loses every reference.',
  }),
  databaseUrl: secret('HUB_DATABASE_URL', {
    minLength: 13,
    why: 'PostgreSQL of ledger and logs (postgres://…). Without it the embedded database in HUB_DATA_DIR is used: it survives kill -9, not a loss of power.',
  }),
  subgraphUrls: urlMap('HUB_SUBGRAPH_URLS', {
    why: 'Where agencies answer when not at the address of the supergraph: `family=http://127.0.0.1:4102/graphql,income=…`.',
  }),
  jwksUrl: text('HUB_JWKS_URL', {
    default: 'http://127.0.0.1:4000/.well-known/jwks.json',
    why: "Where an agency that runs alone (npm run subgraph) finds the hub's public keys.",
    url: true,
  }),
  sandboxPort: integer('HUB_SANDBOX_PORT', {
    default: 4010,
    min: 0,
    max: 65_535,
    why: "TCP port of the sandbox's identity provider; 0 takes any free one.",
  }),
  bodyLimitBytes: integer('HUB_BODY_LIMIT_BYTES', {
    default: 100_000,
    min: 1_000,
    max: 10_000_000,
    why: 'Longest request body, in bytes; what is longer is refused while it arrives. The largest operation of our own portal has 4,000.',
  }),
  requestTimeoutMs: integer('HUB_REQUEST_TIMEOUT_MS', {
    default: 10_000,
    min: 100,
    max: 120_000,
    why: 'How long a client may take to send its request, in milliseconds, so that slow senders cannot hold every connection.',
  }),
  maxDepth: integer('HUB_MAX_DEPTH', {
    default: 15,
    min: 3,
    max: 100,
    why: "Deepest field of an operation after fragments are inlined. A household's deepest useful question has 8; GraphiQL's introspection has 14.",
  }),
  maxTokens: integer('HUB_MAX_TOKENS', {
    default: 2_000,
    min: 100,
    max: 100_000,
    why: 'Longest document, in lexical tokens: parsing stops there.',
  }),
  maxAliases: integer('HUB_MAX_ALIASES', {
    default: 50,
    min: 0,
    max: 10_000,
    why: 'Aliases in one document: 5,000 aliases of one field are 5,000 reads for the price of one request.',
  }),
  maxRootFields: integer('HUB_MAX_ROOT_FIELDS', {
    default: 20,
    min: 1,
    max: 1_000,
    why: 'Fields at the root of one operation.',
  }),
  maxDirectives: integer('HUB_MAX_DIRECTIVES', {
    default: 50,
    min: 0,
    max: 10_000,
    why: 'Directives in one document: each is a check on every position it stands on.',
  }),
  maxSelections: integer('HUB_MAX_SELECTIONS', {
    default: 1_000,
    min: 10,
    max: 100_000,
    why: 'Fields of one operation after fragments are inlined: 1.3 KB of nested fragments can stand for millions.',
  }),
  newOperationsPerMinute: integer('HUB_NEW_OPERATIONS_PER_MINUTE', {
    default: 300,
    min: 1,
    max: 1_000_000,
    why: 'Operations that one citizen by one service may make the hub plan anew, a minute: planning costs 2 to 20 ms, everything else a fraction of one.',
  }),
  supergraphPollSeconds: integer('HUB_SUPERGRAPH_POLL_SECONDS', {
    default: 10,
    min: 0,
    max: 86_400,
    why: 'How often npm run gateway looks whether its supergraph file has changed, and takes the new one without a stop; 0 looks at SIGHUP alone.',
  }),
  subgraphHosts: text('HUB_SUBGRAPH_HOSTS', {
    default: '',
    why: 'Hosts (name or name:port, with commas) at which a supergraph that is taken while the hub runs may let agencies answer, beside those in service.',
  }),
  maxStreams: integer('HUB_MAX_STREAMS', {
    default: 5_000,
    min: 0,
    max: 100_000,
    why: 'Subscriptions followed at a time on this node. An idle one takes a connection and about 20 kB.',
  }),
  maxStreamsPerCaller: integer('HUB_MAX_STREAMS_PER_CALLER', {
    default: 10,
    min: 1,
    max: 100_000,
    why: 'Subscriptions that one citizen follows at a time by one service: a browser has six connections to one host.',
  }),
  streamHeartbeatMs: integer('HUB_STREAM_HEARTBEAT_MS', {
    default: 15_000,
    min: 50,
    max: 60_000,
    why: 'How often a stream without events sends a comment, so that no proxy takes it for dead, and asks again what its caller may.',
  }),
  streamIntervalMs: integer('HUB_STREAM_INTERVAL_MS', {
    default: 250,
    min: 0,
    max: 60_000,
    why: 'Least time between two events of a stream, in milliseconds: what happens meanwhile is told in one.',
  }),
  streamIdleSeconds: integer('HUB_STREAM_IDLE_SECONDS', {
    default: 1_800,
    min: 1,
    max: 86_400,
    why: 'A stream without an event for so long ends; its client subscribes anew if somebody is still there.',
  }),
  streamLifeSeconds: integer('HUB_STREAM_LIFE_SECONDS', {
    default: 3_600,
    min: 1,
    max: 86_400,
    why: 'A stream so old ends, even when its token lives longer: nodes can be stopped and load evened out.',
  }),
  streamSlowReaderMs: integer('HUB_STREAM_SLOW_READER_MS', {
    default: 10_000,
    min: 50,
    max: 60_000,
    why: 'A client that takes nothing of what was sent to it for so long is hung up on.',
  }),
  operatorCredential: secret('HUB_OPERATOR_CREDENTIAL', {
    minLength: 32,
    why: "Secret that opens introspection, dry runs and agencies' SDL to operators. Without it nobody is an operator.",
  }),
  issuers: issuerList('HUB_ISSUERS', {
    why: 'Identity providers whose tokens count, as JSON: `[{"iss":"https://…","jwksUri":"https://…","audience":"https://…","algorithms":["ES256"]}]`. With `"holders":"agents"` its tokens are those of administrations\' agents (ProConnect), never a citizen\'s. Without any, every token is refused.',
  }),
  publicUrl: origin('HUB_PUBLIC_URL', {
    why: "Where clients reach the hub, e.g. `https://hub.example.fr`: issuer (`…/session`) and audience (`…/graphql`) of the hub's own tokens. Without it: the address on which it listens.",
  }),
  siret: word('HUB_SIRET', {
    default: '99900000500012',
    pattern: /^\d{14}$/,
    shape: 'fourteen digits',
    why: "SIRET of the body that runs the hub: as whom agencies and citizens' logs see it when it asks for itself, who is whose child. The default is an invented one (no establishment starts with 999): give your own.",
  }),
  franceConnect: franceConnect('HUB_FRANCECONNECT', {
    why: "The hub as a data provider of FranceConnect v2: opens the token endpoint `/session` and lets FranceConnect's own tokens in. FranceConnect encrypts to the key at `/session/jwks`. Without it neither exists.",
  }),
  engine: choice('HUB_ENGINE', ['compiled', 'reference'], {
    default: 'compiled',
    why: "Executor of query plans. `reference` is @apollo/gateway's own, for comparison with --unprotected only: it knows no verdicts.",
  }),
  logLevel: choice('HUB_LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    default: 'info',
    why: 'Least level that is logged. No level logs personal values.',
  }),
  portalPort: integer('HUB_PORTAL_PORT', {
    default: 4030,
    min: 0,
    max: 65_535,
    why: 'TCP port of the portal; 0 takes any free one, and so does a gateway that does.',
  }),
  agencyPortalPort: integer('HUB_AGENCY_PORTAL_PORT', {
    default: 4031,
    min: 0,
    max: 65_535,
    why: 'TCP port of the pages for administrations: catalogue, habilitations, services; 0 takes any free one, and so does a gateway that does.',
  }),
  servicePort: integer('HUB_SERVICE_PORT', {
    default: 4020,
    min: 0,
    max: 65_535,
    why: "TCP port of the sandbox's service, a town's forms; 0 takes any free one, and so does a gateway that does. Its return addresses are registered at that port.",
  }),
  portalUrl: text('HUB_PORTAL_URL', {
    default: 'http://127.0.0.1:4030',
    why: 'Where people reach the portal, on which citizens see and give consents: the start of every consentUrl.',
    url: true,
  }),
  deliveryTimeoutMs: integer('HUB_DELIVERY_TIMEOUT_MS', {
    default: 3_000,
    min: 100,
    max: 13_000,
    why: "How long an agency's inbox may take to answer, in milliseconds. A cancellation waits for an attempt under way, so keep it short.",
  }),
  moveRetentionDays: integer('HUB_MOVE_RETENTION_DAYS', {
    default: 90,
    min: 1,
    max: 3_650,
    why: 'Days after which names, addresses and what recipients wrote are erased from a declared move, counted from its day or from the last thing that happened to it. No law names a number: a move may be declared until three months after its day, so people come back to it that long.',
  }),
  deliveryRetrySeconds: integer('HUB_DELIVERY_RETRY_SECONDS', {
    default: 2,
    min: 1,
    max: 3_600,
    why: 'First pause before a declaration is tried again, in seconds; each is about twice the one before, with jitter.',
  }),
  natsUrl: brokerAddress('HUB_NATS_URL', {
    why: 'NATS JetStream, for deliveries that many nodes share: `nats://user:password@127.0.0.1:4222`, or `tls://…` anywhere else. It is told ids alone. Without it jobs are in the database, which does for one machine and a few more (docs/operations.md).',
  }),
  natsCredentials: text('HUB_NATS_CREDENTIALS', {
    default: '',
    why: 'File of credentials (`.creds`: JWT and seed) with which the hub comes to NATS; none when the URL says who it is.',
  }),
  natsStream: word('HUB_NATS_STREAM', {
    default: 'trait-dunion',
    // A name that NATS takes for a stream, a file and a word of a subject alike.
    pattern: /^[A-Za-z0-9_-]{1,40}$/,
    shape: '1 to 40 letters, digits, _ or -',
    why: "Name of the hub's stream, and first word of all its subjects. Two hubs on one account need two names, all nodes of one hub the same.",
  }),
  natsReplicas: integer('HUB_NATS_REPLICAS', {
    default: 1,
    min: 1,
    max: 5,
    why: 'On how many servers of a NATS cluster the stream is kept. Whatever they lose is told to them again from the database, later.',
  }),
  accessLogGroupMs: integer('HUB_ACCESS_LOG_GROUP_MS', {
    default: 2,
    min: 0,
    max: 10,
    why: 'How long access records may wait for each other to be committed together, in milliseconds. Every reply waits that long at most.',
  }),
} as const;

/** The settings, read and checked; keys as in SETTINGS. */
export type Config = {
  readonly [Key in keyof typeof SETTINGS]: (typeof SETTINGS)[Key] extends Setting<infer Value> ? Value : never;
};

/** Variables of the process that concern the hub: the only place in the gateway that reads process.env. */
export function readEnvironment(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => {
      return entry[0].startsWith('HUB_') && entry[1] !== undefined;
    }),
  );
}

/**
 * Reads and checks every setting; an empty variable counts as absent. Throws one TypeError that names every fault: unknown `HUB_*` keys, values out of
 * bounds, contradictions. Secrets are never repeated in it.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const entries = Object.entries(SETTINGS).map(([key, setting]) => {
    try {
      const written = env[setting.name];
      return [key, written === undefined || written === '' ? setting.default : setting.read(written)];
    } catch (fault) {
      faults.push(`${setting.name}: ${(fault as Error).message}`);
      return [key, setting.default];
    }
  });
  const config = Object.fromEntries(entries) as Config;
  faults.push(...unknownKeys(env), ...contradictions(config));
  if (faults.length > 0) throw new TypeError(`settings refused:\n  ${faults.join('\n  ')}`);
  return Object.freeze(config);
}

function unknownKeys(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set<string>(Object.values(SETTINGS).map((setting) => setting.name));
  return Object.keys(env)
    .filter((name) => name.startsWith('HUB_') && !known.has(name))
    .map((name) => `${name}: no such setting (docs/config.md lists them all)`);
}

function contradictions(config: Config): string[] {
  const broker = brokerContradictions(config);
  if (config.env !== 'production') return broker;
  const insecure = config.issuers.filter((issuer) => !issuer.jwksUri.startsWith('https:'));
  const { franceConnect: provider, publicUrl } = config;
  const uris = [provider?.checktokenUri, provider?.jwksUri];
  return [
    ...broker,
    ...insecure.map((issuer) => `HUB_ISSUERS: in production the jwksUri of ${issuer.iss} must be https`),
    ...(uris.some((uri) => uri?.startsWith('http:'))
      ? ['HUB_FRANCECONNECT: in production checktokenUri and jwksUri must be https']
      : []),
    ...(provider !== undefined && publicUrl?.startsWith('https:') !== true
      ? ['HUB_PUBLIC_URL: in production the token endpoint needs a public https address']
      : []),
  ];
}
