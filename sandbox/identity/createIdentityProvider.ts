import { Provider } from 'oidc-provider';
import { toPublicAgents, type SandboxAgent } from './agents/agentDirectory.ts';
import { AGENT_CLIENT_ID, agentIssuerOf, createAgentProvider } from './agents/createAgentProvider.ts';
import { createChecktoken } from './checktoken.ts';
import { loadClientSecrets, type ClientSecrets } from './clientSecrets.ts';
import {
  createDataProviders,
  type DataProviderRegistration,
  type DataProviders,
  type RegisteredDataProvider,
} from './dataProviders.ts';
import { getPersona, toPublicDirectory, type Directory, type Persona, type SandboxService } from './directory.ts';
import { createInteractions } from './interactions.ts';
import { loadIdentityKeys, type IdentityKeys } from './keys.ts';
import { createMemoryStore } from './memoryStore.ts';
import { homePage } from './pages/homePage.ts';
import { STYLESHEET } from './pages/layout.ts';
import { errorPage, SIGN_OUT_SCRIPT } from './pages/messagePages.ts';
import { createProtocol } from './protocol.ts';
import { providerConfiguration, SESSION_COOKIE, type AccessTokenFacts } from './providerConfiguration.ts';
import { createSandboxServer, type Handler } from './sandboxServer.ts';
import { sendFile, sendHtml, sendJson } from './send.ts';

/** The path of FranceConnect v2's routes and of its issuer. */
const ISSUER_PATH = '/api/v2';

export interface IdentityProviderOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Keys and secrets are kept in `dataDir/keys`, made at the first start. */
  readonly dataDir: string;
  readonly personas: readonly Persona[];
  readonly services: readonly SandboxService[];
  /** Who logs in for an administration. [nobody] */
  readonly agents?: readonly SandboxAgent[];
  /** `aud` of agents' access tokens: the hub's name. */
  readonly audience: string;
  /** Milliseconds since the epoch; stamps and ends access tokens. [the system's] */
  readonly clock?: () => number;
  /** Redirects allowed for every client beside its own, e.g. the explorer's page. */
  readonly extraRedirectUris?: readonly string[];
}

export interface IdentityProvider {
  /** `http://host:port`: home page, `directory.json`. Known once listening. */
  readonly origin: string;
  /** `iss` of citizens' tokens; discovery is at `issuer/.well-known/openid-configuration`. Known once listening. */
  readonly issuer: string;
  /** `iss` of agents' tokens. Known once listening. */
  readonly agentIssuer: string;
  /** By client id; also in the file CLIENT_SECRETS_FILE of the data folder. Known once listening. */
  readonly clientSecrets: ClientSecrets;
  listen(): Promise<void>;
  /** Lets a data provider introspect tokens from now on; only once listening. */
  registerDataProvider(registration: DataProviderRegistration): Promise<RegisteredDataProvider>;
  close(): Promise<void>;
}

/**
 * The sandbox's stand-in for FranceConnect, and for ProConnect beside it: invented people log in without a password, services and
 * administrations get tokens for the hub.
 */
export function createIdentityProvider(options: IdentityProviderOptions): IdentityProvider {
  const server = createSandboxServer(options);
  const dataProviders = createDataProviders(options.dataDir);
  let clientSecrets: ClientSecrets | undefined;
  const issuerOf = (origin: string) => origin + ISSUER_PATH;

  return {
    get origin() {
      return server.origin;
    },
    get issuer() {
      return issuerOf(server.origin);
    },
    get agentIssuer() {
      return agentIssuerOf(server.origin);
    },
    get clientSecrets() {
      if (clientSecrets === undefined) throw new TypeError('secrets are known when listen() has resolved');
      return clientSecrets;
    },
    async listen() {
      const { dataDir, services } = options;
      const keys = await loadIdentityKeys(dataDir);
      const clientIds = [...services.filter(({ jwks }) => !jwks).map(({ clientId }) => clientId), AGENT_CLIENT_ID];
      const secrets = await loadClientSecrets(dataDir, clientIds);
      clientSecrets = secrets;
      await server.listen((origin) => createHandler(options, { origin, keys, secrets, dataProviders }));
    },
    async registerDataProvider(registration) {
      const iss = issuerOf(server.origin);
      const clientSecret = await dataProviders.register(registration);
      const { clientId, encryptedResponseAlg = 'ECDH-ES' } = registration;
      return {
        ...{ iss, checktokenUri: `${iss}/checktoken`, jwksUri: `${iss}/jwks`, clientId, clientSecret },
        signedResponseAlg: 'ES256',
        encryptedResponseAlg,
      };
    },
    close: () => server.close(),
  };
}

interface Started {
  readonly origin: string;
  readonly keys: IdentityKeys;
  readonly secrets: ClientSecrets;
  readonly dataProviders: DataProviders;
}

function createHandler(options: IdentityProviderOptions, { origin, keys, secrets, dataProviders }: Started): Handler {
  const { personas, services, agents = [], audience, clock = Date.now, extraRedirectUris = [] } = options;
  const directory = { personas, services };
  const issuer = origin + ISSUER_PATH;
  const store = createMemoryStore(clock);
  const provider = new Provider(
    issuer,
    providerConfiguration({ directory, keys, secrets, store, clock, extraRedirectUris }),
  );
  const protocol = createProtocol(provider, ISSUER_PATH, SESSION_COOKIE);
  const interact = createInteractions(provider, directory);
  const checktoken = createChecktoken({
    ...{ issuer, keys, dataProviders, clock },
    findToken: (value) => findLiveToken(provider, directory, value),
  });
  const agentProvider = createAgentProvider({
    ...{ origin, agents, audience, keys, clock, extraRedirectUris },
    clientSecret: secrets[AGENT_CLIENT_ID]!,
  });
  const publicDirectory = {
    ...toPublicDirectory(issuer, directory),
    ...toPublicAgents(agentIssuerOf(origin), agents),
  };

  return (request, response) => {
    const path = new URL(request.url ?? '/', origin).pathname;
    if (path === '/') return sendHtml(response, 200, homePage(publicDirectory));
    if (path === '/directory.json') return sendJson(response, 200, publicDirectory, ANY_ORIGIN);
    if (path === '/sandbox.css') return sendFile(response, 'text/css', STYLESHEET);
    if (path === '/sign-out.js') return sendFile(response, 'text/javascript', SIGN_OUT_SCRIPT);
    if (path === `${ISSUER_PATH}/checktoken`) return checktoken(request, response);
    if (path.startsWith('/interaction/')) return interact(request, response);
    if (path.startsWith(`${ISSUER_PATH}/`)) return protocol(request, response);
    if (agentProvider.serves(path)) return agentProvider.handle(request, response);
    return sendHtml(response, 404, errorPage('not_found', undefined));
  };
}

/** Public facts, readable by a page of any origin. */
const ANY_ORIGIN = { 'access-control-allow-origin': '*' };

/** Undefined for a token that nobody issued, that has had its minute, or whose session was ended. */
async function findLiveToken(provider: Provider, directory: Directory, value: string) {
  const found = await provider.AccessToken.find(value);
  if (!found?.isValid) return undefined;
  const { jti, accountId, clientId, scope = '', extra } = found;
  const token = { jti, clientId: clientId!, scope, ...(extra as unknown as AccessTokenFacts) };
  return { token, persona: getPersona(directory, accountId) };
}
