import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createAgencyKeys } from './platform/agencyKeys.ts';
import { createAgencyRequestIds } from './platform/agencyRequestIds.ts';
import { systemClock, type Clock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import type { Database } from './platform/database/database.ts';
import { readAddresses } from './platform/graph/addresses.ts';
import { loadGraph } from './platform/graph/loadGraph.ts';
import type { AgencyId } from './platform/ids.ts';
import { openKeys } from './platform/keys.ts';
import type { Log } from './platform/log.ts';
import { createMetPersonOpener } from './platform/metPersons.ts';
import { openReceiptKeys } from './platform/receiptKeys.ts';
import { createReferences } from './platform/references.ts';
import { createGrantSealer } from './platform/seal.ts';
import { createSubjectKeyOf, type SubjectKeyOf } from './platform/subjectKey.ts';
import { createAccessLog, type RunningAccessLog } from './registers/access/accessLog.ts';
import type { AccessTables } from './registers/access/accessTables.ts';
import type { AgencyLabels } from './registers/access/face.ts';
import { createConsentLedger, type RunningConsentLedger } from './registers/consent/consentLedger.ts';
import type { ConsentTables } from './registers/consent/consentTables.ts';
import { seedConsents } from './registers/consent/seedConsents.ts';
import type { HabilitationRegister } from './registers/habilitation/habilitation.ts';
import { openHabilitationRegister } from './registers/habilitation/habilitationRegister.ts';
import type { HabilitationTables } from './registers/habilitation/habilitationTables.ts';
import { seedHabilitations } from './registers/habilitation/seedHabilitations.ts';
import { createHubSubgraph } from './registers/hubSubgraph.ts';
import { readSeeds } from './registers/seeds/readSeeds.ts';
import { createDecide } from './request/decide/decide.ts';
import { explain } from './request/decide/explain.ts';
import { createEngine } from './request/fetch/engine.ts';
import { createFetch } from './request/fetch/fetch.ts';
import { createReferenceEngine } from './request/fetch/reference.ts';
import { createGrants } from './request/fetch/sealGrants.ts';
import { createWhoIs } from './request/fetch/whoIs.ts';
import { createAgencies, type HttpAgencyConfig } from './request/fetch/upstream/agencies.ts';
import { createIdentify } from './request/identify/identify.ts';
import { createMask } from './request/mask/mask.ts';
import { createPipeline } from './request/pipeline.ts';
import {
  createHttpServer,
  type HttpServerConfig,
  type HttpServerParts,
  type Route,
} from './request/receive/httpServer.ts';
import { createRecord } from './request/record/record.ts';
import { HEADERS, reply } from './request/reply/reply.ts';
import { createReplyFault } from './request/reply/replyFault.ts';
import { replyVerdicts } from './request/reply/replyVerdicts.ts';
import { createUnderstand, type UnderstandOptions } from './request/understand/understand.ts';
import { createUnprotectedWay } from './request/unprotected.ts';
import { seedSandboxClients } from './session/sandboxClients.ts';
import { openSession } from './session/session.ts';
import type { SessionTables } from './session/sessionTables.ts';

export interface GatewayOptions {
  readonly config: Config;
  readonly supergraphSdl: string;
  readonly database: Database;
  readonly log: Log;
  /** Names of agencies as citizens read them in the log. */
  readonly agencyLabels: AgencyLabels;
  /** How long the hub waits for each agency, ms; 3000 for one that is not named. */
  readonly timeoutsMs?: ReadonlyMap<string, number>;
  /** Pages for people, asked before the graph; made when the gateway's own address is known. */
  readonly pages?: (graphUrl: string) => Promise<Pages>;
  readonly clock?: Clock;
}

type Pages = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface Gateway {
  /** `http://host:port/graphql`. */
  readonly url: string;
  close(): Promise<void>;
}

const HUB = 'hub' as AgencyId;
const LOCAL_HOST = '127.0.0.1';
const MIGRATIONS = join(import.meta.dirname, 'platform/database/migrations');
const DEFAULT_TIMEOUT_MS = 3000;
const ENGINE_CACHE_BYTES = 128_000_000;

/** Starts the hub's gateway under its rules: config -> platform -> registers -> request -> listen. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, database, log, clock = systemClock } = options;
  const graph = loadGraph(options.supergraphSdl);
  if (graph.rules.empty) throw new TypeError('this supergraph has no rules: it can be served with --unprotected alone');

  const keys = openKeys({ dataDir: config.dataDir });
  const receiptKeys = openReceiptKeys({ dataDir: config.dataDir });
  const references = createReferences(keys, clock);
  const subjectKeyOf = createSubjectKeyOf(keys);
  const registers = await openRegisters(options, subjectKeyOf, clock);
  const session = await openSession({ ...registers, config, database, references, subjectKeyOf, clock, log });
  const hub = createHubSubgraph({
    ...{ ...registers, references, clock, log },
    ...{ agencyLabels: options.agencyLabels, portalUrl: config.portalUrl, signReceipt: receiptKeys.sign },
  });

  const addresses = agencyAddresses(options.supergraphSdl, config);
  const agencyKeys = createAgencyKeys({ urls: addresses, log });
  await agencyKeys.refreshAll();
  const agencies = createAgencies({
    http: httpAgencies(addresses, options),
    inProcess: { [HUB]: (body, { signal }) => hub.answer(body, signal) },
    log,
  });

  const engine = createEngine({ cacheBytes: ENGINE_CACHE_BYTES });
  engine.warm(graph);
  const handle = createPipeline({
    identify: createIdentify({
      ...session.identification,
      issuers: config.issuers,
      habilitations: registers.habilitations,
      subjectKeyOf,
      clock,
    }),
    understand: createUnderstand(understandOptions(config, () => graph)),
    decide: createDecide({ openConsents: registers.ledger.openConsents, clock }),
    explain: (decided) => replyVerdicts(explain(decided.judgement), decided),
    fetch: createFetch({
      engine,
      send: agencies.send,
      grants: createGrants({
        seal: createGrantSealer(keys),
        agencyKeys,
        carry: new Map([[HUB, hub.carryGrant]]),
        references,
        agencyRequestIdOf: createAgencyRequestIds(keys),
        clock,
      }),
      references,
      openMetPerson: createMetPersonOpener(keys),
      whoIs: createWhoIs(subjectKeyOf),
      log,
    }),
    mask: createMask({ portalUrl: config.portalUrl }),
    record: createRecord(registers.accessLog),
    reply,
  });

  const routes = new Map<string, Route>([
    ['/health', healthRoute(database)],
    ['/.well-known/jwks.json', jsonRoute({ keys: [...keys.publicJwks.keys, ...receiptKeys.publicJwks] })],
  ]);
  return listen({ ...options, mount: session.mount }, { onGraphql: handle, routes }, async () => {
    agencyKeys.close();
    await agencies.close();
    await session.close();
    await registers.close();
  });
}

/** Serves a graph without rules: no token, no grant, no record, on this machine alone (conformance suites). */
export async function startUnprotectedGateway(
  options: Pick<GatewayOptions, 'config' | 'supergraphSdl' | 'log'>,
): Promise<Gateway> {
  const { config, log } = options;
  if (config.env !== 'sandbox' && config.env !== 'test') {
    throw new TypeError(`--unprotected serves with HUB_ENV=sandbox or test only, got HUB_ENV=${config.env}`);
  }
  const graph = loadGraph(options.supergraphSdl);
  if (!graph.rules.empty)
    throw new TypeError('--unprotected refuses a supergraph that has rules: it would not hold them');
  const agencies = createAgencies({ http: httpAgencies(agencyAddresses(options.supergraphSdl, config), {}), log });
  const reference = config.engine === 'reference' ? await createReferenceEngine(graph) : undefined;
  const handle = createUnprotectedWay({
    graph,
    understand: createUnderstand({ ...understandOptions(config, () => graph), introspection: 'everyone' }),
    engine: reference ?? createEngine({ cacheBytes: ENGINE_CACHE_BYTES }),
    send: agencies.send,
  });
  const routes = new Map<string, Route>([['/health', jsonRoute({ status: 'ok' })]]);
  const local = { ...options, config: { ...config, gatewayHost: LOCAL_HOST } };
  return listen(local, { onGraphql: handle, routes }, async () => {
    await reference?.stop();
    await agencies.close();
  });
}

interface Registers {
  readonly habilitations: HabilitationRegister;
  readonly ledger: RunningConsentLedger;
  readonly accessLog: RunningAccessLog;
  close(): Promise<void>;
}

/** Each register on the hub's own schema; the sandbox's seeds go in before anybody reads. */
async function openRegisters(
  { database, config }: GatewayOptions,
  subjectKeyOf: SubjectKeyOf,
  clock: Clock,
): Promise<Registers> {
  await database.migrate('hub', MIGRATIONS);
  const habilitationTables = await database.forOwner<HabilitationTables>('hub');
  const consentTables = await database.forOwner<ConsentTables>('hub');
  const accessTables = await database.forOwner<AccessTables>('hub');
  // Under FranceConnect the seeds' services are its clients; without it, the first issuer's.
  const seedIssuer = config.franceConnect?.iss ?? config.issuers[0]?.iss;
  if (config.env === 'sandbox' && seedIssuer !== undefined) {
    const seeds = await readSeeds({ issuer: seedIssuer, clock });
    await seedHabilitations(habilitationTables, seeds);
    await seedConsents(consentTables, seeds, subjectKeyOf);
    await seedSandboxClients(await database.forOwner<SessionTables>('hub'), seeds);
  }
  const habilitations = await openHabilitationRegister(habilitationTables, { database, clock });
  const ledger = await createConsentLedger({ database, db: consentTables, clock });
  const accessLog = await createAccessLog({ db: accessTables, clock, groupMs: config.accessLogGroupMs });
  return {
    habilitations,
    ledger,
    accessLog,
    async close() {
      await accessLog.close();
      await ledger.close();
      await habilitations.close();
    },
  };
}

function understandOptions(config: Config, graph: UnderstandOptions['graph']): UnderstandOptions {
  const { maxDepth, maxTokens, maxAliases, maxRootFields, maxDirectives, maxSelections } = config;
  return {
    graph,
    introspection: config.env === 'sandbox' || config.env === 'test' ? 'everyone' : 'operator',
    limits: {
      depth: maxDepth,
      tokens: maxTokens,
      aliases: maxAliases,
      rootFields: maxRootFields,
      directives: maxDirectives,
      height: maxSelections,
      selections: 2 * maxSelections,
    },
  };
}

/** Every agency but the hub itself, at the address of the settings or else of the supergraph. */
function agencyAddresses(supergraphSdl: string, { subgraphUrls }: Config): ReadonlyMap<AgencyId, string> {
  const composed = [...readAddresses(supergraphSdl)].filter(([agency]) => agency !== HUB);
  return new Map(composed.map(([agency, url]) => [agency, subgraphUrls?.get(agency) ?? url]));
}

function httpAgencies(
  addresses: ReadonlyMap<AgencyId, string>,
  { timeoutsMs }: Pick<GatewayOptions, 'timeoutsMs'>,
): Record<string, HttpAgencyConfig> {
  const entries = [...addresses].map(([agency, url]) => {
    return [agency, { url, timeoutMs: timeoutsMs?.get(agency) ?? DEFAULT_TIMEOUT_MS }] as const;
  });
  return Object.fromEntries(entries);
}

async function listen(
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

function healthRoute(database: Database): Route {
  return async ({ stopping }) => {
    const up =
      !stopping &&
      (await database.ping().then(
        () => true,
        () => false,
      ));
    const body = JSON.stringify({ status: up ? 'ok' : 'unavailable' });
    return { status: up ? 200 : 503, headers: HEADERS['application/json'], body, encoding: 'utf8' };
  };
}

function jsonRoute(value: unknown): Route {
  const body = JSON.stringify(value);
  return () => ({ status: 200, headers: HEADERS['application/json'], body, encoding: 'utf8' });
}
