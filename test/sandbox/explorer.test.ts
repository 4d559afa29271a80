import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { buildSchema, parse, validate } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createExplorer } from '../../portal/explorer/createExplorer.ts';
import { createExamples, type Example } from '../../portal/explorer/examples.ts';
import { startBrowser } from '../support/browser.ts';
import { startIdentityProvider } from './identity/smallFrance.ts';

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

let browser: Browser;
let server: Server;
let graphUrl: string;
let stopProvider: () => Promise<void>;
/** The authorization headers that reached the graph, since the test began. */
let authorizations: (string | undefined)[] = [];

/** The forms that reached the token endpoint, since the test began. */
let exchanges: Record<string, string>[] = [];

/** The hub's token endpoint, as far as the explorer needs it. */
async function answerAsHub(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const issuer = new URL('/session', graphUrl).href;
  response.setHeader('content-type', 'application/json');
  if (request.method === 'GET') {
    response.end(JSON.stringify({ issuer, token_endpoint: `${issuer}/token` }));
    return;
  }
  let body = '';
  for await (const chunk of request) body += String(chunk);
  exchanges.push(Object.fromEntries(new URLSearchParams(body)));
  response.end(JSON.stringify({ access_token: 'hub-token', token_type: 'Bearer', expires_in: 300 }));
}

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  graphUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const { provider, stop } = await startIdentityProvider({ extraRedirectUris: [graphUrl] });
  stopProvider = stop;
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
  server.on('request', (request, response) => {
    if (request.url!.startsWith('/session/')) void answerAsHub(request, response);
    else if (!explorer(request, response)) void graph(request, response);
  });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
  await stopProvider();
});

describe('explorer in a browser', () => {
  let context: BrowserContext;
  let page: Page;
  let faults: string[];
  let hosts: Set<string>;

  beforeEach(async () => {
    authorizations = [];
    exchanges = [];
    faults = [];
    hosts = new Set();
    context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1300, height: 900 } });
    page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('request', (request) => hosts.add(new URL(request.url()).hostname));
    await page.goto(graphUrl);
    await page.locator('.graphiql-query-editor .CodeMirror-line').first().waitFor();
  });
  afterEach(() => context.close());

  /** Through the sandbox's pages, from the button to the panel again. */
  async function signIn(): Promise<void> {
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page
      .getByRole('button', { name: /^Continuer/ })
      .first()
      .click();
    const box = page.getByRole('checkbox');
    if (await box.count()) await box.check();
    await page.getByRole('button', { name: /^Continuer/ }).click();
    await page.waitForURL(graphUrl);
    await page.locator('.graphiql-query-editor .CodeMirror-line').first().waitFor();
  }

  it('shows GraphiQL and the examples, asks no other host for anything, and breaks no rule of its own policy', async () => {
    expect(await page.locator('#examples button').allInnerTexts()).toEqual([
      expect.stringContaining('Exemple canteen'),
      expect.stringContaining('dupont-angela → creche · eidas2'),
    ]);
    expect(await page.locator('.graphiql-query-editor').innerText()).toContain('query First');
    expect(faults).toEqual([]);
    expect([...hosts]).toEqual(['127.0.0.1']);
  });

  it('puts the variables of the first example where GraphiQL runs them from', async () => {
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.result-window').getByText('"answered"').waitFor();
    await page.getByRole('button', { name: 'Variables' }).click();
    await page.locator('.graphiql-editor-tool').getByText('2025').waitFor();
  });

  it('knows the schema before anybody signed in, without asking the graph', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Query', exact: true }).click();
    await page.getByText('The caller.').waitFor();
    expect(authorizations).toEqual([]);
  });

  it('opens an example with the session it needs', async () => {
    await page.getByRole('button', { name: /Exemple creche/ }).click();
    await page.getByText('query Second').waitFor();
    expect(await page.locator('[name=persona]').inputValue()).toBe('dupont-angela');
    expect(await page.locator('[name=service]').inputValue()).toBe('creche creche-place');
    expect(await page.locator('[name=acr]').inputValue()).toBe('eidas2');
    expect(await page.locator('[name=scope]').inputValue()).toContain('cnaf_quotient_familial');
  });

  it('opens an example beside what the visitor wrote, and keeps both over a reload', async () => {
    await page.locator('.graphiql-query-editor .CodeMirror').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('query Mine { me ');
    await page.getByRole('button', { name: /Exemple creche/ }).click();
    await page.getByText('query Second').waitFor();
    await page.reload();
    await page.getByText('query Second').waitFor();
    expect((await page.locator('.graphiql-tab').allInnerTexts()).toSorted()).toEqual(['Mine', 'Second']);
  });

  it('signs in at the sandbox, comes back, and sends the token with the next query', async () => {
    await page.getByRole('button', { name: /Exemple creche/ }).click();
    await signIn();
    await page.getByText(/Angela Rose MARTIN → creche, eidas2\./).waitFor();
    expect(await page.locator('#session-time').innerText()).toMatch(/^Expire dans (5:00|4:\d\d)\.$/);
    expect(page.url()).toBe(graphUrl);
    // With one tab alone GraphiQL shows no bar of tabs.
    expect(await page.locator('.graphiql-tab').count()).toBe(0);
    expect(await page.locator('.graphiql-query-editor').innerText()).toContain('query Second');
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.result-window').getByText('"answered"').waitFor();
    expect(authorizations).toEqual(['Bearer hub-token']);
    expect(exchanges).toEqual([
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: expect.stringMatching(/^[\w-]{43}$/),
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        purpose: 'creche-place',
        client_id: 'creche',
        client_secret: 'hub creche',
      },
    ]);
    // Neither FranceConnect's token nor a secret reaches the page.
    const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    expect(kept).toContain('hub-token');
    expect(kept).not.toContain(exchanges[0]!['subject_token']);
    expect(kept).not.toContain('hub creche');
    expect(faults).toEqual([]);
  });

  it('forgets the token when asked to', async () => {
    await signIn();
    await page.getByRole('button', { name: 'Oublier' }).click();
    await page.getByText('Pas encore de jeton.').waitFor();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.result-window').getByText('"answered"').waitFor();
    expect(authorizations).toEqual([undefined]);
  });

  it('says so when the person cancels the login', async () => {
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByRole('button', { name: /Annuler/ }).click();
    await page.getByText('Connexion refusée : the person cancelled').waitFor();
  });

  it('does not take a code that it did not ask for', async () => {
    await page.route(/interaction/, (route) => route.abort());
    const [login] = await Promise.all([
      page.waitForRequest((request) => request.url().includes('/authorize?')),
      page.getByRole('button', { name: 'Se connecter' }).click(),
    ]);
    const issuer = login.url().replace(/\/authorize.*/, '');
    await page.goto(`${graphUrl}?${new URLSearchParams({ code: 'stolen', state: 'forged', iss: issuer })}`);
    await page.getByText('Connexion refusée : state').waitFor();
    expect(page.url()).toBe(graphUrl);
  });

  it('starts and finishes a sign-in for its own page alone', async () => {
    for (const path of ['/explorer/sign-in', '/explorer/session']) {
      for (const origin of ['https://elsewhere.example', 'null', undefined]) {
        const answer = await fetch(new URL(path, graphUrl), {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(origin && { origin }) },
          body: JSON.stringify({
            persona: 'dupont-paul',
            service: 'canteen',
            purpose: 'x',
            scope: 'birth',
            acr: 'eidas1',
          }),
        });
        expect([path, answer.status]).toEqual([path, 403]);
      }
    }
  });

  it('speaks English too', async () => {
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('No token yet.').waitFor();
    expect(await page.locator('#examples').innerText()).not.toContain('Exemple');
  });

  it('uses login pages that work without JavaScript', async () => {
    const [login] = await Promise.all([
      page.waitForRequest((request) => request.url().includes('/authorize?')),
      page.getByRole('button', { name: 'Se connecter' }).click(),
    ]);
    const plain = await browser.newContext({ javaScriptEnabled: false });
    try {
      const plainPage = await plain.newPage();
      await plainPage.goto(login.url());
      await plainPage.getByRole('button', { name: /^Continuer.*DIALLO/ }).click();
      await plainPage.getByRole('button', { name: /^Continuer/ }).click();
      await plainPage.waitForURL(/graphql\?code=/);
    } finally {
      await plain.close();
    }
  });

  it('has a panel and login pages without a fault that axe finds', async () => {
    expect(await findBarriers(page, '#panel')).toEqual([]);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.waitForURL(/interaction/);
    expect(await findBarriers(page, 'body')).toEqual([]);
    await page
      .getByRole('button', { name: /^Continuer/ })
      .first()
      .click();
    await page.getByText('Ce qui sera demandé pour vous').waitFor();
    expect(await findBarriers(page, 'body')).toEqual([]);
  });
});

/** Rules of WCAG 2.2 AA that the part of the page breaks, by axe-core; evaluated outside the page's own policy. */
async function findBarriers(page: Page, part: string): Promise<string[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  return page.evaluate(async (selector) => {
    const { axe } = globalThis as unknown as { axe: { run(part: string, options: object): Promise<AxeResult> } };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await axe.run(selector, { runOnly: tags });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, part);
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

describe('what the explorer answers', () => {
  async function get(path: string, accept: string, method = 'GET'): Promise<Response> {
    return fetch(new URL(path, graphUrl), { method, headers: { accept } });
  }

  it('is the page for whoever names text/html, and nothing for a client of the graph', async () => {
    const browserAccept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    expect((await get('/graphql', browserAccept)).headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const accept of ['*/*', 'application/json', 'application/graphql-response+json, application/json;q=0.9']) {
      const answer = await get('/graphql?query={me{names}}', accept);
      expect(await answer.json()).toEqual({ data: { me: { names: 'answered' } } });
    }
    const posted = await fetch(graphUrl, {
      method: 'POST',
      headers: { accept: 'text/html, application/json', 'content-type': 'application/json' },
      body: '{"query":"{ me { names } }"}',
    });
    expect(await posted.json()).toEqual({ data: { me: { names: 'answered' } } });
  });

  it('is files that browsers keep, under an address that changes with them', async () => {
    const html = await (await get('/graphql', 'text/html')).text();
    const paths = [...html.matchAll(/(?:src|href)="(\/explorer\/[0-9a-f]{12}\/[\w.-]+)"/g)].map(([, path]) => path!);
    expect(paths).toHaveLength(6);
    for (const path of paths) {
      const file = await get(path, '*/*');
      expect(file.status).toBe(200);
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect((await file.text()).length).toBeGreaterThan(1000);
    }
    expect((await get('/explorer/000000000000/graphiql.js', '*/*')).status).not.toBe(200);
  });

  it('is a page whose data cannot end their script element', async () => {
    const html = await (await get('/graphql', 'text/html')).text();
    expect(html.match(/<\/script><b>/g)).toBeNull();
    expect(html).toContain('&lt;/script&gt;&lt;b&gt;');
  });

  it('has no sign-in where there is no sandbox', async () => {
    const bare = await createExplorer({ graphUrl, examples: [] });
    const other = createServer((request, response) => void bare(request, response));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}/graphql`;
      const page = await fetch(address, { headers: { accept: 'text/html' } });
      expect(await page.text()).not.toContain('id="sign-in"');
      expect(page.headers.get('content-security-policy')).toContain(`connect-src 'self' ${new URL(graphUrl).origin};`);
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });
});

describe('examples', () => {
  it('are valid on the public graph, with ids of their own, for people and services of the sandbox', async () => {
    const examples = createExamples(2025);
    const read = async (file: string): Promise<Record<string, unknown>[]> =>
      JSON.parse(await readFile(new URL(`../../sandbox/identity/${file}`, import.meta.url), 'utf8'));
    const personas = (await read('personas.json')).map(({ id }) => id);
    const services = (await read('services.json')).map(({ clientId }) => clientId);
    expect(new Set(examples.map(({ id }) => id)).size).toBe(examples.length);
    const sdl = await readFile(new URL('../../schema/composed/api.graphql', import.meta.url), 'utf8');
    const schema = buildSchema(sdl);
    for (const { persona, service, query } of examples) {
      expect(personas).toContain(persona);
      expect(services).toContain(service);
      expect(validate(schema, parse(query))).toEqual([]);
    }
  });
});
