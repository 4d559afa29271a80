import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { toPublicDirectory, type Persona, type SandboxService } from './directory.ts';
import { createPurposeStore } from './grants.ts';
import { createInteractions } from './interactions.ts';
import { loadIdentityKeys, type IdentityKeys } from './keys.ts';
import { createMemoryStore } from './memoryStore.ts';
import { homePage } from './pages/homePage.ts';
import { STYLESHEET } from './pages/layout.ts';
import { errorPage } from './pages/messagePages.ts';
import { providerConfiguration } from './providerConfiguration.ts';
import { contentSecurityPolicy, sendHtml, sendJson } from './send.ts';
import { createUserinfo } from './userinfo.ts';

/** The path of FranceConnect v2's routes and of its issuer. */
const ISSUER_PATH = '/api/v2';

export interface IdentityProviderOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Keys are kept in `dataDir/keys`, made at the first start. */
  readonly dataDir: string;
  readonly personas: readonly Persona[];
  readonly services: readonly SandboxService[];
  /** `aud` of access tokens: the hub's name. */
  readonly audience: string;
  /** Milliseconds since the epoch; stamps access tokens. Default: the system's. */
  readonly clock?: () => number;
  /** Redirects allowed for every service beside its own, e.g. the explorer's page. */
  readonly extraRedirectUris?: readonly string[];
}

export interface IdentityProvider {
  /** `http://host:port`: home page, `directory.json`. Known once listening. */
  readonly origin: string;
  /** `iss` of tokens; discovery is at `issuer/.well-known/openid-configuration`. Known once listening. */
  readonly issuer: string;
  listen(): Promise<void>;
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** The sandbox's stand-in for FranceConnect: invented people log in without a password and services get tokens for the hub. */
export function createIdentityProvider(options: IdentityProviderOptions): IdentityProvider {
  let origin: string | undefined;
  let handle: Handler = () => undefined;
  const server = createServer((request, response) => {
    Promise.resolve(handle(request, response)).catch((error: unknown) => {
      console.error('sandbox identity provider:', error);
      if (!response.headersSent) sendHtml(response, 500, errorPage('server_error', undefined));
      else response.destroy();
    });
  });

  function getOrigin(): string {
    if (origin === undefined) throw new TypeError('the identity provider has no origin before listen() has resolved');
    return origin;
  }

  return {
    get origin() {
      return getOrigin();
    },
    get issuer() {
      return getOrigin() + ISSUER_PATH;
    },
    async listen() {
      const keys = await loadIdentityKeys(options.dataDir);
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, options.host, resolve);
      });
      origin = `http://${options.host}:${(server.address() as AddressInfo).port}`;
      handle = createHandler(options, origin, keys);
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function createHandler(options: IdentityProviderOptions, origin: string, keys: IdentityKeys): Handler {
  const { personas, services, audience, clock = Date.now, extraRedirectUris = [] } = options;
  const directory = { personas, services };
  const issuer = origin + ISSUER_PATH;
  const purposes = createPurposeStore();
  const store = createMemoryStore();
  const provider = new Provider(
    issuer,
    providerConfiguration({ directory, keys, store, purposes, audience, clock, extraRedirectUris }),
  );
  provider.on('server_error', (_ctx, error) => console.error('sandbox identity provider:', error));
  const protocol = provider.callback();
  const interact = createInteractions(provider, directory, purposes);
  const userinfo = createUserinfo({ issuer, audience, directory, keys, clock });
  const publicDirectory = toPublicDirectory(issuer, directory);

  return (request, response) => {
    const path = new URL(request.url ?? '/', origin).pathname;
    if (path === '/') return sendHtml(response, 200, homePage(publicDirectory));
    if (path === '/directory.json') return sendJson(response, 200, publicDirectory);
    if (path === '/sandbox.css') return sendStylesheet(response);
    if (path === `${ISSUER_PATH}/userinfo`) return userinfo(request, response);
    if (path.startsWith('/interaction/')) return interact(request, response);
    if (path.startsWith(`${ISSUER_PATH}/`)) {
      if (path === `${ISSUER_PATH}/authorize`) forgetSession(request);
      response.setHeader('content-security-policy', contentSecurityPolicy());
      response.setHeader('x-content-type-options', 'nosniff');
      return protocol(mounted(request), response);
    }
    return sendHtml(response, 404, errorPage('not_found', undefined));
  };
}

/** The library serves paths below its issuer and reads the whole address from `originalUrl`, as it does under Express. */
function mounted(request: IncomingMessage): IncomingMessage {
  const url = request.url!;
  return Object.assign(request, { originalUrl: url, url: url.slice(ISSUER_PATH.length) });
}

/**
 * Every authorization starts with a login: whoever tries the hub changes persona all the time, and the library would put a
 * sign-out page, which needs JavaScript, between two of them.
 */
function forgetSession(request: IncomingMessage): void {
  const cookies = (request.headers.cookie ?? '').split('; ');
  request.headers.cookie = cookies.filter((cookie) => !cookie.startsWith('sandbox_session')).join('; ');
}

function sendStylesheet(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=3600' });
  response.end(STYLESHEET);
}
