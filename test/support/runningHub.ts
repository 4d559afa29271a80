import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '../../gateway/main.ts';
import { loadConfig, type Issuer } from '../../gateway/platform/config.ts';
import { openDatabase, type Database } from '../../gateway/platform/database/database.ts';
import { openDeclarationKeys } from '../../gateway/platform/declarationSeal.ts';
import { openKeys } from '../../gateway/platform/keys.ts';
import { createLog } from '../../gateway/platform/log.ts';
import { getPersona, getService, loadDirectory } from '../../sandbox/identity/directory.ts';
import type { Acr } from '../../schema/acr.ts';
import { agencyLabels, agencyTimeouts, ownSchema } from '../../scripts/start/agencies.ts';
import { type AgencyKeys, createAgencyKeys, generateAgencyKey } from '../../subgraphs/kit/agencyKeys.ts';
import { discoverAgencies, type AgencyFolder } from '../../subgraphs/kit/agencyFolder.ts';
import { listen } from '../../subgraphs/kit/httpServer.ts';
import { type HubKeys, fixedHubKeys } from '../../subgraphs/kit/hubKeys.ts';
import { createKitLog } from '../../subgraphs/kit/log.ts';
import { openAgency } from '../../subgraphs/kit/openAgency.ts';
import { openAgencyFront, type AgencyFront, type AgencyRequest, type Misbehaviour } from './agencyFront.ts';
import { startTestIssuer, type TestIssuer } from './testIssuer.ts';

export type { AgencyRequest, Misbehaviour } from './agencyFront.ts';

export const OPERATOR_CREDENTIAL = 'operator-credential-of-the-tests';
const root = join(import.meta.dirname, '../..');

export interface HubOptions {
  /** [the system's] Fixed where ages, years or whole answers are written down. */
  readonly clock?: () => number;
  /** [in memory] */
  readonly databaseUrl?: string;
  /** HUB_* settings beside those of the test. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long the hub waits for any agency [as their manifests say]. */
  readonly agencyTimeoutMs?: number;
  /** How often agencies that pull ask for declarations [as the kit does]. */
  readonly pullEveryMs?: number;
  /** false: agencies know no hub, so that none pulls or tells anything by itself [true] */
  readonly agenciesSpeak?: boolean;
  /** Issuers beside the one whose clients are the sandbox's services. */
  readonly otherIssuers?: readonly Issuer[];
}

/** Who asks, through which service. */
export interface Visit {
  readonly persona: string;
  readonly service: string;
  /** [all of the service's] */
  readonly scopes?: readonly string[];
  /** [the persona's usual one] */
  readonly acr?: Acr;
  /** Claims beside the right ones, or instead; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface HubAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data: unknown;
  readonly errors: readonly AnswerError[];
}

export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface Question {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string | null;
}

/** The assembled hub with its agencies, in this process, each on a port of its own. */
export interface RunningHub {
  readonly url: string;
  readonly database: Database;
  readonly issuer: TestIssuer;
  /** The real agency's own address, past the front. */
  readonly agencyUrls: Readonly<Record<string, string>>;
  /** What each agency seals with, and to: whoever plays an agency needs them. */
  readonly agencyKeys: Readonly<Record<string, AgencyKeys>>;
  readonly hubKeys: HubKeys;
  /** All that gateway and agencies logged so far, as JSON lines. */
  readonly logged: () => string;
  token(visit: Visit): Promise<string>;
  /** Asks with a token, one for that visit, or none. */
  ask(
    question: Question | string,
    by?: Visit | { readonly token: string },
    headers?: Record<string, string>,
  ): Promise<HubAnswer>;
  /** What agencies were asked since the last call, by agency. */
  takeRequests(): readonly AgencyRequest[];
  misbehave(agency: string, misbehaviour: Misbehaviour | undefined): void;
  replaceSupergraph(supergraphSdl: string): Promise<void>;
  close(): Promise<void>;
}

export async function startHub(options: HubOptions = {}): Promise<RunningHub> {
  const { clock = Date.now } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'trait-dunion-hub-'));
  const closers: (() => Promise<void>)[] = [() => rm(dataDir, { recursive: true, force: true })];
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const config = loadConfig({
    HUB_ENV: 'sandbox',
    HUB_DATA_DIR: dataDir,
    HUB_GATEWAY_PORT: '0',
    HUB_OPERATOR_CREDENTIAL: OPERATOR_CREDENTIAL,
    ...options.settings,
  });
  const log = createLog({ level: 'info', destination });
  const database = await openDatabase({ url: options.databaseUrl, log });
  closers.push(() => database.close());

  const directory = await loadDirectory();
  const issuer = await startTestIssuer(clock);
  closers.push(() => issuer.close());
  // Services are registered with the first issuer: their clients of any other are strangers.
  const issuers: readonly Issuer[] = [issuer.settings, ...(options.otherIssuers ?? [])];

  const hubKeys = fixedHubKeys([
    ...openKeys({ dataDir }).publicJwks.keys,
    ...openDeclarationKeys({ dataDir }).publicJwks,
  ]);
  const hub: { origin?: string } = {};
  const folders = await discoverAgencies(join(root, 'subgraphs'));
  const fronts = new Map<string, AgencyFront>();
  const agencyUrls: Record<string, string> = {};
  const agencyKeys: Record<string, AgencyKeys> = {};
  for (const folder of folders) {
    const { name } = folder.manifest;
    const { front, url, ownKeys, close } = await startAgency(folder, {
      ...{ clock, database, hubKeys, destination },
      hubOrigin: () => (options.agenciesSpeak === false ? undefined : hub.origin),
      pullEveryMs: options.pullEveryMs,
    });
    closers.push(close);
    fronts.set(name, front);
    agencyUrls[name] = url;
    agencyKeys[name] = ownKeys;
  }

  const gateway = await startGateway({
    config: { ...config, issuers, subgraphUrls: new Map([...fronts].map(([name, front]) => [name, front.url])) },
    supergraphSdl: await readFile(join(root, 'schema/composed/supergraph.graphql'), 'utf8'),
    database,
    log,
    agencyLabels: agencyLabels(folders),
    manifests: folders.map(({ manifest }) => manifest),
    timeoutsMs: options.agencyTimeoutMs
      ? new Map(folders.map(({ manifest }) => [manifest.name, options.agencyTimeoutMs!]))
      : agencyTimeouts(folders),
    clock,
  });
  closers.push(() => gateway.close());
  hub.origin = new URL(gateway.url).origin;

  const token = async ({ persona, service, scopes, acr, claims }: Visit): Promise<string> => {
    const { scopes: all, siret, purposes } = getService(directory, service);
    const scope = (scopes ?? all).join(' ');
    const who = getPersona(directory, persona);
    const { email: _email, ...pivot } = who.claims;
    const asked = { client_id: service, purpose: purposes[0], scope: `openid ${scope}`, acr: acr ?? who.acr };
    return issuer.sign({ sub: `${persona}-${siret}`, ...asked, ...pivot, ...claims });
  };

  return {
    url: gateway.url,
    database,
    issuer,
    agencyUrls,
    agencyKeys,
    hubKeys,
    logged: () => lines.join(''),
    token,
    async ask(question, by, headers = {}) {
      const presented = by && ('token' in by ? by.token : await token(by));
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'accept-language': 'en',
          ...(presented !== undefined && { authorization: `Bearer ${presented}` }),
          ...headers,
        },
        body: JSON.stringify(typeof question === 'string' ? { query: question } : question),
      });
      return readAnswer(response);
    },
    takeRequests() {
      const taken = [...fronts.keys()].sort().flatMap((name) => fronts.get(name)!.requests.splice(0));
      return taken;
    },
    misbehave(agency, misbehaviour) {
      fronts.get(agency)!.misbehaviour = misbehaviour;
    },
    replaceSupergraph: (supergraphSdl) => gateway.replaceSupergraph(supergraphSdl),
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}

export async function readAnswer(response: Response): Promise<HubAnswer> {
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '');
  const body = json ? (JSON.parse(text) as { data?: unknown; errors?: AnswerError[] }) : {};
  return { status: response.status, headers: response.headers, text, data: body.data, errors: body.errors ?? [] };
}

/** The real agency on its port, and the front before it. */
async function startAgency(
  folder: AgencyFolder,
  parts: {
    readonly clock: () => number;
    readonly database: Database;
    readonly hubKeys: ReturnType<typeof fixedHubKeys>;
    readonly hubOrigin: () => string | undefined;
    readonly pullEveryMs: number | undefined;
    readonly destination: Parameters<typeof createKitLog>[1];
  },
): Promise<{
  readonly front: AgencyFront;
  readonly url: string;
  readonly ownKeys: AgencyKeys;
  readonly close: () => Promise<void>;
}> {
  const { clock, database, hubKeys, hubOrigin, pullEveryMs, destination } = parts;
  const { name } = folder.manifest;
  const ownKeys = createAgencyKeys([generateAgencyKey()]);
  const subgraph = await openAgency(folder, {
    clock,
    log: createKitLog(name, destination),
    mayLoadFixtures: true,
    hubOrigin,
    ...(pullEveryMs !== undefined && { pullEveryMs }),
    authority: { ownKeys, hubKeys, operatorCredential: OPERATOR_CREDENTIAL },
    ...(folder.manifest.database && { database: await ownSchema(database, name) }),
  });
  const listening = await listen(subgraph, { port: 0 });
  const front = await openAgencyFront({ agency: name, target: listening.url, ownKeys, hubKeys });
  return {
    front,
    url: `${listening.url}/graphql`,
    ownKeys,
    async close() {
      await front.close();
      await listening.close();
      await subgraph.close();
    },
  };
}
