import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { sandboxClientSecret } from '../../gateway/session/sandboxClients.ts';
import { CLIENT_SECRETS_FILE, type ClientSecrets } from '../../sandbox/identity/clientSecrets.ts';
import type { PublicDirectory } from '../../sandbox/identity/directory.ts';
import { exchangeToken } from '../../sandbox/identity/exchangeToken.ts';
import { walkFlow } from '../../sandbox/identity/walkFlow.ts';
import { startBrowser } from './browser.ts';
import { aDataDir, startedSandbox, type StartedSandbox } from './startedSandbox.ts';

/** One running sandbox and one browser, for all the tests of a file. */
export interface PortalSandbox {
  readonly portal: string;
  readonly sandbox: StartedSandbox;
  readonly browser: Browser;
  /** A service asks that persona; resolves to the consentUrl. */
  request(persona: string, service: AskingService, scopes: readonly string[], more?: object): Promise<string>;
  /** The same with the service's own token: a link that names nobody. */
  requestByLink(service: AskingService, scopes: readonly string[]): Promise<string>;
  /** Asks the graph as that persona through that service. */
  read(persona: string, service: string, query: string): ReturnType<StartedSandbox['ask']>;
  close(): Promise<void>;
}

/** A service of the sandbox, with the one purpose that it has. */
export type AskingService = keyof typeof PURPOSES;

const PURPOSES = {
  canteen: 'canteen-pricing',
  creche: 'creche-place',
  parking: 'parking-permit',
  housing: 'housing-file',
} as const;
const DAY_MS = 86_400_000;

const REQUEST = `mutation Request($input: RequestConsentInput!) { requestConsent(input: $input) { consentUrl } }`;

/** Where the sandbox's services have people come back to. */
export function returnUrlOf(service: AskingService): string {
  return `http://127.0.0.1:4020/${service}/retour`;
}

export async function startPortalSandbox(): Promise<PortalSandbox> {
  const dataDir = aDataDir();
  const sandbox = await startedSandbox(dataDir.path);
  // Not at the same time: a sandbox that does not start would leave a browser behind.
  const browser = await startBrowser();
  const tokens = new Map<string, Promise<string>>();
  const token = (persona: string, service: string): Promise<string> => {
    const key = `${persona} ${service}`;
    const known = tokens.get(key) ?? aToken(sandbox, dataDir.path, persona, service);
    tokens.set(key, known);
    return known;
  };
  return {
    ...{ portal: sandbox.ready.portal, sandbox, browser },
    request: async (persona, service, scopes, more) =>
      askConsent(sandbox, await token(persona, service), service, scopes, more),
    requestByLink: async (service, scopes) => askConsent(sandbox, await ownToken(sandbox, service), service, scopes),
    read: async (persona, service, query) => sandbox.ask(query, await token(persona, service)),
    async close() {
      await browser.close();
      await sandbox.end('SIGTERM');
      dataDir.remove();
    },
  };
}

/** The whole flow in this process: `npm run token` would start one for each. */
async function aToken({ ready }: StartedSandbox, dataDir: string, persona: string, clientId: string): Promise<string> {
  const directory = (await (await fetch(new URL('/directory.json', ready.sandbox))).json()) as PublicDirectory;
  const service = directory.services.find((one) => one.clientId === clientId);
  const secrets = JSON.parse(readFileSync(join(dataDir, 'sandbox', CLIENT_SECRETS_FILE), 'utf8')) as ClientSecrets;
  const clientSecret = secrets[clientId];
  const purpose = service?.purposes[0];
  if (service === undefined || clientSecret === undefined || purpose === undefined)
    throw new Error(`no service ${clientId}`);
  const { issuer } = directory;
  const franceConnect = await walkFlow({ issuer, clientId, clientSecret, persona, scope: service.scopes.join(' ') });
  const { accessToken } = await exchangeToken({
    ...{ hubIssuer: ready.session, clientId, clientSecret: sandboxClientSecret(clientId), purpose },
    franceConnectToken: franceConnect.accessToken,
  });
  return accessToken;
}

async function ownToken({ ready }: StartedSandbox, clientId: string): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: sandboxClientSecret(clientId) };
  const response = await fetch(`${ready.session}/token`, { method: 'POST', body: new URLSearchParams(form) });
  return ((await response.json()) as { readonly access_token: string }).access_token;
}

async function askConsent(
  sandbox: StartedSandbox,
  token: string,
  service: AskingService,
  scopes: readonly string[],
  more: object = {},
): Promise<string> {
  const input = {
    ...{ scopes, state: 'file-12', purpose: PURPOSES[service], returnUrl: returnUrlOf(service) },
    ...{ until: new Date(Date.now() + 200 * DAY_MS).toISOString(), ...more },
  };
  const { data, errors } = await sandbox.ask({ query: REQUEST, variables: { input } }, token);
  const made = (data as { readonly requestConsent: { readonly consentUrl: string } | null } | null)?.requestConsent;
  if (made == null) throw new Error(`no request: ${errors.map(({ message }) => message).join(' ')}`);
  return made.consentUrl;
}
