import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { startExplorer, type ExplorerServer } from '../support/explorerServer.ts';

let browser: Browser;
let explorer: ExplorerServer;

beforeAll(async () => {
  explorer = await startExplorer();
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await explorer.close();
});

describe('explorer in a browser', () => {
  let context: BrowserContext;
  let page: Page;
  let faults: string[];
  let hosts: Set<string>;

  beforeEach(async () => {
    explorer.forget();
    faults = [];
    hosts = new Set();
    context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1300, height: 900 } });
    page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('request', (request) => hosts.add(new URL(request.url()).hostname));
    await page.goto(explorer.graphUrl);
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
    await page.waitForURL(explorer.graphUrl);
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
    expect(explorer.authorizations).toEqual([]);
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
    expect(page.url()).toBe(explorer.graphUrl);
    // With one tab alone GraphiQL shows no bar of tabs.
    expect(await page.locator('.graphiql-tab').count()).toBe(0);
    expect(await page.locator('.graphiql-query-editor').innerText()).toContain('query Second');
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.result-window').getByText('"answered"').waitFor();
    expect(explorer.authorizations).toEqual(['Bearer hub-token']);
    expect(explorer.exchanges).toEqual([
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
    expect(kept).not.toContain(explorer.exchanges[0]!['subject_token']);
    expect(kept).not.toContain('hub creche');
    expect(faults).toEqual([]);
  });

  it('forgets the token when asked to', async () => {
    await signIn();
    await page.getByRole('button', { name: 'Oublier' }).click();
    await page.getByText('Pas encore de jeton.').waitFor();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.result-window').getByText('"answered"').waitFor();
    expect(explorer.authorizations).toEqual([undefined]);
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
    await page.goto(`${explorer.graphUrl}?${new URLSearchParams({ code: 'stolen', state: 'forged', iss: issuer })}`);
    await page.getByText('Connexion refusée : state').waitFor();
    expect(page.url()).toBe(explorer.graphUrl);
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
