import type { Browser } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { aDataDir, startedSandbox, type StartedSandbox } from './startedSandbox.ts';

/** One running sandbox and one browser, for all the tests of a file. */
export interface PortalSandbox {
  readonly portal: string;
  readonly sandbox: StartedSandbox;
  readonly browser: Browser;
  /** A service asks that persona; resolves to the consentUrl. */
  request(persona: string, service: AskingService, scopes: readonly string[], state?: string): Promise<string>;
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
    const known = tokens.get(key) ?? sandbox.token(persona, service);
    tokens.set(key, known);
    return known;
  };
  return {
    ...{ portal: sandbox.ready.portal, sandbox, browser },
    async request(persona, service, scopes, state = 'file-12') {
      const input = {
        ...{ scopes, state, purpose: PURPOSES[service], returnUrl: returnUrlOf(service) },
        until: new Date(Date.now() + 200 * DAY_MS).toISOString(),
      };
      const { data, errors } = await sandbox.ask(
        { query: REQUEST, variables: { input } },
        await token(persona, service),
      );
      const made = (data as { readonly requestConsent: { readonly consentUrl: string } | null } | null)?.requestConsent;
      if (made == null) throw new Error(`no request: ${errors.map(({ message }) => message).join(' ')}`);
      return made.consentUrl;
    },
    read: async (persona, service, query) => sandbox.ask(query, await token(persona, service)),
    async close() {
      await browser.close();
      await sandbox.end('SIGTERM');
      dataDir.remove();
    },
  };
}
