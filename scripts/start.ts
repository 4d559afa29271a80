import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startGateway } from '../gateway/main.ts';
import { loadConfig, readEnvironment, type Config } from '../gateway/platform/config.ts';
import { openDatabase } from '../gateway/platform/database/database.ts';
import { openDeclarationKeys } from '../gateway/platform/declarationSeal.ts';
import { openKeys } from '../gateway/platform/keys.ts';
import { hubAddresses } from '../gateway/session/session.ts';
import { createLog } from '../gateway/platform/log.ts';
import { yearInParis } from '../schema/parisCalendar.ts';
import { agencyPortalRedirects, createAgencyPortal } from '../portal/agency/createAgencyPortal.ts';
import { createPortal } from '../portal/createPortal.ts';
import { createExplorer } from '../portal/explorer/createExplorer.ts';
import { createExamples } from '../portal/explorer/examples.ts';
import { createServiceSite, serviceRedirects } from '../portal/service/createServiceSite.ts';
import { listen } from '../portal/web/listen.ts';
import { createIdentityProvider } from '../sandbox/identity/createIdentityProvider.ts';
import { loadDirectory } from '../sandbox/identity/directory.ts';
import { discoverAgencies } from '../subgraphs/kit/agencyFolder.ts';
import { fixedHubKeys } from '../subgraphs/kit/hubKeys.ts';
import { agencyPortalClients, playableServices } from './start/agencyPortal.ts';
import { agencyLabels, agencyTimeouts, startAgency } from './start/agencies.ts';
import { explorerSignIn, registerHub } from './start/franceConnect.ts';
import { openLogFile } from './start/logFile.ts';
import { portalClients, portalRedirects } from './start/portal.ts';
import { runUntilSignal } from './start/runUntilSignal.ts';
import { serviceClients } from './start/service.ts';
import { whatToTry } from './start/whatToTry.ts';

/*
 * npm start
 * Everything on one machine with invented people: identity provider, agencies, gateway and its pages, in one process with the embedded
 * database (or HUB_DATABASE_URL).
 */

/** What tokens of the sandbox's identity provider are for. */
const HUB_AUDIENCE = 'https://hub.trait-dunion.example';
const HOST = '127.0.0.1';
const root = join(import.meta.dirname, '..');

/** What runs and where, as `npm run token` reads it. */
interface Ready {
  readonly gateway: string;
  /** Issuer of the hub's tokens: the token endpoint's metadata stand below it. */
  readonly session: string;
  readonly portal: string;
  readonly agencyPortal: string;
  /** A town's forms. */
  readonly service: string;
  readonly sandbox: string;
  readonly subgraphs: Readonly<Record<string, string>>;
}

async function start(): Promise<() => Promise<void>> {
  const environment: Readonly<Record<string, string>> = { HUB_ENV: 'sandbox', ...readEnvironment() };
  const config = loadConfig(environment);
  await mkdir(config.dataDir, { recursive: true });
  const logFile = openLogFile(join(config.dataDir, 'hub.log'));
  const log = createLog({ level: config.logLevel, destination: logFile });
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.reverse()) await close();
    logFile.end();
  };
  try {
    const database = await openDatabase({ url: config.databaseUrl, dataDir: config.dataDir, log });
    closers.push(() => database.close());

    // Its address is known before what stands behind it: identity provider and hub send people there.
    const portal = await listen(config.gatewayPort === 0 ? 0 : config.portalPort, HOST);
    closers.push(() => portal.close());
    const portalUrl = environment['HUB_PORTAL_URL'] ? config.portalUrl : portal.origin;

    const agencyPortal = await listen(config.gatewayPort === 0 ? 0 : config.agencyPortalPort, HOST);
    closers.push(() => agencyPortal.close());
    const service = await listen(config.gatewayPort === 0 ? 0 : config.servicePort, HOST);
    closers.push(() => service.close());
    const directory = await loadDirectory();

    const identity = createIdentityProvider({
      port: config.sandboxPort,
      host: HOST,
      dataDir: join(config.dataDir, 'sandbox'),
      audience: HUB_AUDIENCE,
      ...directory,
      extraRedirectUris: [
        `http://${config.gatewayHost}:${config.gatewayPort}/graphql`,
        ...portalRedirects(portalUrl),
        ...serviceRedirects(service.origin),
        ...agencyPortalRedirects(agencyPortal.origin, playableServices(directory)),
      ],
    });
    await identity.listen();
    closers.push(() => identity.close());
    const franceConnect = config.franceConnect ?? (await registerHub(identity, config.dataDir));

    const folders = await discoverAgencies(join(root, 'subgraphs'));
    const hubKeys = fixedHubKeys([
      ...openKeys({ dataDir: config.dataDir }).publicJwks.keys,
      ...openDeclarationKeys({ dataDir: config.dataDir }).publicJwks,
    ]);
    // Agencies start before the gateway: they tell it what became of a declaration as soon as it listens.
    const hub: { origin?: string } = {};
    const subgraphs = await Promise.all(
      folders.map((folder) =>
        startAgency(folder, {
          dataDir: config.dataDir,
          database,
          hubKeys,
          hubOrigin: () => hub.origin,
          operatorCredential: config.operatorCredential,
          log: logFile,
          // With any free port for the gateway, nobody counts on the others either.
          ...(config.gatewayPort === 0 && { port: 0 }),
        }),
      ),
    );
    closers.push(async () => void (await Promise.all(subgraphs.map((subgraph) => subgraph.close()))));

    const own = new Map(subgraphs.map(({ name, url }) => [name, url]));
    const gateway = await startGateway({
      config: {
        ...sandboxConfig(config, identity.agentIssuer, own),
        ...{ franceConnect, portalUrl, servicePort: Number(new URL(service.origin).port) },
      },
      supergraphSdl: await readComposed('supergraph.graphql'),
      database,
      log,
      agencyLabels: agencyLabels(folders),
      manifests: folders.map(({ manifest }) => manifest),
      timeoutsMs: agencyTimeouts(folders),
      pages: async (graphUrl) =>
        createExplorer({
          signIn: explorerSignIn(identity, sessionIssuer(config, graphUrl)),
          graphUrl,
          examples: createExamples(yearInParis(Date.now()) - 1),
          schemaSdl: await readComposed('api.graphql'),
        }),
    });
    closers.push(() => gateway.close());
    hub.origin = new URL(gateway.url).origin;

    portal.show(
      await createPortal({
        ...portalClients(identity, sessionIssuer(config, gateway.url)),
        origin: portalUrl,
        graphUrl: gateway.url,
        isSandbox: true,
        clock: Date.now,
        onFault: (fault, path) => log.error({ err: fault, path }, 'a page of the portal could not be made'),
      }),
    );

    agencyPortal.show(
      await createAgencyPortal({
        ...agencyPortalClients(identity, directory, sessionIssuer(config, gateway.url)),
        origin: agencyPortal.origin,
        graphUrl: gateway.url,
        clock: Date.now,
        onFault: (fault, path) => log.error({ err: fault, path }, 'a page for administrations could not be made'),
      }),
    );

    service.show(
      await createServiceSite({
        ...serviceClients(identity, sessionIssuer(config, gateway.url)),
        origin: service.origin,
        portalOrigin: new URL(portalUrl).origin,
        graphUrl: gateway.url,
        isSandbox: true,
        clock: Date.now,
        onFault: (fault, path) => log.error({ err: fault, path }, 'a page of the service could not be made'),
      }),
    );

    const ready: Ready = {
      gateway: gateway.url,
      session: sessionIssuer(config, gateway.url),
      portal: portalUrl,
      agencyPortal: agencyPortal.origin,
      service: service.origin,
      sandbox: identity.origin,
      subgraphs: Object.fromEntries(own),
    };
    await writeFile(readyFile(config), `${JSON.stringify(ready)}\n`);
    // From here on: a start that is refused leaves the file of the one that runs.
    closers.push(() => rm(readyFile(config), { force: true }));
    process.stdout.write(`${whatToTry(ready, config.dataDir)}\n`);
    process.stdout.write(`ready ${JSON.stringify(ready)}\n`);
    return stop;
  } catch (fault) {
    await stop();
    throw fault;
  }
}

/** The settings, with what only a started sandbox knows: its issuer of agents' tokens, and where the agencies listen. */
function sandboxConfig(config: Config, issuer: string, own: ReadonlyMap<string, string>): Config {
  return {
    ...config,
    issuers: [
      { iss: issuer, jwksUri: `${issuer}/jwks`, audience: HUB_AUDIENCE, algorithms: ['ES256'], holders: 'agents' },
      ...config.issuers,
    ],
    subgraphUrls: new Map([...own, ...(config.subgraphUrls ?? [])]),
  };
}

/** Issuer of the hub's tokens; its metadata lead to the token endpoint. */
function sessionIssuer({ publicUrl }: Config, graphUrl: string): string {
  return hubAddresses(publicUrl ?? new URL(graphUrl).origin).issuer;
}

function readyFile({ dataDir }: Config): string {
  return join(dataDir, 'ready.json');
}

function readComposed(name: string): Promise<string> {
  return readFile(join(root, 'schema/composed', name), 'utf8');
}

await runUntilSignal(start).catch((fault: unknown) => {
  const known = fault instanceof TypeError || (fault as Error).name === 'FolderInUse';
  const portTaken = (fault as NodeJS.ErrnoException).code === 'EADDRINUSE';
  const text = portTaken
    ? `${(fault as Error).message}\nAnother program uses that port: end it, or set HUB_GATEWAY_PORT=0 and HUB_SANDBOX_PORT=0.`
    : known
      ? (fault as Error).message
      : String((fault as Error).stack);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
