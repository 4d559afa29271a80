import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { KIT_FILES } from '../../portal/agency/guides/kitFiles.ts';
import { DECLARATION_EVENT_TYPES } from '../../schema/declaration.ts';
import { ERROR_CODES } from '../../schema/errorCodes.ts';
import { REFUSAL_TEXTS } from '../../schema/refusals.ts';
import { startBrowser } from '../support/browser.ts';
import { aVisitor, axeFaults, layoutFaults, logIn, logInAgent } from '../support/portalVisitor.ts';
import { aDataDir, startedSandbox, type StartedSandbox } from '../support/startedSandbox.ts';

const dataDir = aDataDir();
let sandbox: StartedSandbox;
let browser: Browser;
let pages: string;

beforeAll(async () => {
  sandbox = await startedSandbox(dataDir.path);
  browser = await startBrowser();
  pages = sandbox.ready.agencyPortal;
});
afterAll(async () => {
  await browser.close();
  await sandbox.end('SIGTERM');
  dataDir.remove();
});

const signedIn = async (page: Page, path: string, agent: string) => {
  await page.goto(`${pages}${path}`);
  await logInAgent(page, agent);
};
const title = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();

const OPEN_PAGES = ['/agencies', '/developers', '/reference', '/errors', '/join', '/fields/No.where', '/?q=zzzzz'];

describe('the catalogue', () => {
  it('finds a field by everyday words, misspelt and without accents, by keyboard', async () => {
    const { page, context } = await aVisitor(browser);
    await page.goto(pages);
    expect(await axeFaults(page)).toEqual([]);
    await page.getByLabel('Que cherchez-vous').fill('cotient familial');
    await page.keyboard.press('Enter');
    const first = page.locator('main .card a').first();
    expect(await first.getAttribute('href')).toMatch(/^\/fields\/(FamilyFile.quotient|FamilyQuotient.value)$/);
    expect(await axeFaults(page)).toEqual([]);
    await first.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Pièges connus' }).waitFor();
    const shown = await page.locator('main').innerText();
    for (const words of ['cnaf_quotient_familial', 'CAF et MSA', 'eidas1', 'Répond', 'CRPA', '2550']) {
      expect(shown).toContain(words);
    }
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });

  it('reads well on every page: in English, dark, 320 pixels wide, where nothing overhangs', async () => {
    const { page, context } = await aVisitor(browser, {
      language: 'en',
      viewport: { width: 320, height: 800 },
      colorScheme: 'dark',
    });
    for (const path of [...OPEN_PAGES, '/fields/TaxAssessment.referenceTaxIncome', '/try', '/accessibility']) {
      await page.goto(`${pages}${path}`);
      expect(await axeFaults(page)).toEqual([]);
      expect(await layoutFaults(page)).toEqual([]);
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
    }
    await context.close();
  });

  it.each(OPEN_PAGES)('is made on the server: %s has its heading without a browser', async (path) => {
    const markup = await (await fetch(`${pages}${path}`)).text();
    expect(markup).toMatch(/<h1>.{4,}<\/h1>/s);
  });

  it('tells of every error, reason and event there is, and hands out the kit', async () => {
    const read = async (path: string) => (await (await fetch(`${pages}${path}`)).text()).replaceAll('<wbr />', '');
    const errors = await read('/errors');
    for (const code of [...Object.keys(ERROR_CODES), ...Object.keys(REFUSAL_TEXTS)])
      expect(errors).toContain(`<code>${code}<`);
    const reference = await read('/reference');
    for (const type of [...DECLARATION_EVENT_TYPES, 'subjectChanged']) expect(reference).toContain(type);
    for (const name of KIT_FILES) {
      expect(await read(`/developers/kit/${name}`)).toBe(await readFile(`portal/frontend-kit/${name}`, 'utf8'));
    }
    expect((await fetch(`${pages}/developers/kit/..%2f..%2fgraph.ts`)).status).toBe(404);
  });

  it('is a collection of requests to download, without a secret in it', async () => {
    const response = await fetch(`${pages}/developers/collection.json`);
    expect(response.headers.get('content-disposition')).toContain('attachment');
    const collection = (await response.json()) as { item: { name: string; item?: { name: string }[] }[] };
    const names = collection.item.flatMap(({ item }) => item?.map(({ name }) => name) ?? []);
    expect(names).toContain('FamilyQuotient.value');
    expect(JSON.stringify(collection)).not.toMatch(/sandbox-secret|eyJ/);
  });
});

describe('trying the graph as an invented person', () => {
  it('needs no script, and no token comes to the browser', async () => {
    const { page, context } = await aVisitor(browser, { javaScriptEnabled: false });
    await page.goto(`${pages}/fields/FamilyQuotient.value`);
    await page.getByRole('link', { name: 'Essayer avec une personne inventée' }).click();
    await page.getByRole('link', { name: /Cantine/ }).click();
    await logIn(page, 'dupont-paul');
    await page.getByRole('button', { name: 'Exécuter' }).click();
    expect(await page.getByRole('status').innerText()).toContain('2550');
    const cookies = await context.cookies();
    expect(cookies.filter(({ value }) => value.startsWith('eyJ'))).toEqual([]);
    expect(await page.content()).not.toContain('eyJ');
    await context.close();
  });

  it('works in GraphiQL, whose relay answers its own page alone', async () => {
    const { page, context } = await aVisitor(browser);
    await page.goto(`${pages}/try`);
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('link', { name: /Cantine/ }).click();
    await logIn(page, 'dupont-paul');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Ouvrir dans GraphiQL' }).click();
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.result-window', { hasText: '2550' }).waitFor();
    const kept = await context.cookies();
    // A subscription too: by Server-Sent Events, through the same relay.
    await page.locator('.graphiql-query-editor .CodeMirror').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('subscription { subjectChanged { open { name } } }');
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.locator('.result-window', { hasText: 'subjectChanged' }).waitFor();
    await page.locator('.result-window', { hasText: 'cnaf_quotient_familial' }).waitFor();
    const refusedStream = page.waitForResponse(`${pages}/try/graphql`);
    await page.getByRole('button', { name: /Stop query/ }).click();
    await context.clearCookies();
    await page.getByRole('button', { name: /Execute query/ }).click();
    expect((await refusedStream).status()).toBe(401);
    await page.locator('.result-window', { hasText: 'choose a person first' }).waitFor();
    const cookie = kept.map(({ name, value }) => `${name}=${value}`).join('; ');
    const ask = async (headers: Record<string, string>) => {
      const body = JSON.stringify({ query: '{ me { id } }' });
      return (await fetch(`${pages}/try/graphql`, { method: 'POST', headers: { cookie, ...headers }, body })).status;
    };
    const json = { 'content-type': 'application/json' };
    expect(await ask({ ...json, origin: pages })).toBe(200);
    expect(await ask({ ...json, origin: 'https://evil.example' })).toBe(403);
    expect(await ask(json)).toBe(403);
    expect(await ask({ origin: pages, 'content-type': 'text/plain' })).toBe(403);
    expect(await ask({ ...json, origin: pages, cookie: 'agency_session=nobody' })).toBe(401);
    await context.close();
  });
});

describe('a habilitation', () => {
  it('is asked for, sent back, mended, validated and revoked, each by whom it belongs to', async () => {
    const { page: town, context: ofTown } = await aVisitor(browser);
    const { page: hub, context: ofHub } = await aVisitor(browser, { language: 'en' });
    await signedIn(town, '/habilitations/new?scopes=adresse_declaree', 'mairie-agente');
    expect(await axeFaults(town)).toEqual([]);
    await town.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
    await town.getByRole('alert').waitFor();
    expect(await axeFaults(town)).toEqual([]);

    await town.getByLabel('Finalité').selectOption('parking-permit');
    expect(await town.getByRole('checkbox', { name: /Adresse déclarée/ }).isChecked()).toBe(true);
    await town.locator('[name="why-adresse_declaree"]').fill('La carte est réservée aux riverains.');
    await town.getByLabel('Texte sur lequel').fill('Délibération du 3 mars');
    await town.getByLabel('Adresse de ce texte').fill('https://villeneuve.example/deliberation');
    await town.getByLabel('Conservation').fill('12');
    await town.getByLabel('délégué').fill('dpo@villeneuve.example');
    await town.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
    await town.getByRole('button', { name: 'Déposer la demande' }).click();
    await town.getByText('Déposée').first().waitFor();
    const path = new URL(town.url()).pathname;
    expect(await axeFaults(town)).toEqual([]);

    await signedIn(hub, '/habilitations', 'hub-instructeur');
    expect(await axeFaults(hub)).toEqual([]);
    await hub.goto(`${pages}${path}`);
    await hub.locator('summary', { hasText: 'Request changes' }).click();
    await hub.locator('[name="reason-changes"]').fill('Say which streets.');
    await hub.getByRole('button', { name: 'Request changes' }).click();
    await hub.getByText('To be changed').first().waitFor();
    expect(await axeFaults(hub)).toEqual([]);

    await town.reload();
    expect(await town.locator('main').innerText()).toContain('Say which streets.');
    await town.getByRole('link', { name: 'Modifier' }).click();
    await town.locator('[name="why-adresse_declaree"]').fill('La carte vaut pour les rues du centre.');
    await town.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
    await town.getByRole('button', { name: 'Déposer la demande' }).click();
    await hub.reload();
    await hub.getByRole('button', { name: 'Validate' }).click();
    await hub.getByText('Version 1 in force').waitFor();

    await hub.locator('summary', { hasText: 'Revoke' }).click();
    await hub.locator('[name="reason-revoke"]').fill('The procedure has ended.');
    await hub.getByRole('button', { name: 'Revoke' }).click();
    await hub.getByText('Nothing is in force').waitFor();
    await town.reload();
    expect(await town.locator('main').innerText()).toContain('The procedure has ended.');
    await ofTown.close();
    await ofHub.close();
  });

  it('of another body is not there', async () => {
    const { page, context } = await aVisitor(browser);
    await signedIn(page, '/habilitations/hab-canteen-1', 'habitat-agent');
    expect(await title(page)).toContain('n’existe pas');
    await context.close();
  });
});

describe("a service's own page", () => {
  it('changes keys, return addresses and contacts; a secret is shown once', async () => {
    const { page, context } = await aVisitor(browser, { javaScriptEnabled: false });
    await signedIn(page, '/services/housing', 'habitat-agent');
    await page.getByRole('button', { name: 'Créer un second secret' }).click();
    const secret = await page.locator('.secret').innerText();
    expect(secret).toMatch(/^[\w-]{43}$/);
    const form = { grant_type: 'client_credentials', client_id: 'housing', client_secret: secret };
    const token = await fetch(`${sandbox.ready.session}/token`, { method: 'POST', body: new URLSearchParams(form) });
    expect(token.status).toBe(200);
    await page.goto(`${pages}/services/housing`);
    expect(await page.content()).not.toContain(secret);
    await page.getByLabel('Nouvelle adresse').fill('http://evil.example/');
    await page.getByRole('button', { name: 'Ajouter' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('https');
    await page.getByLabel('Nouvelle adresse').fill('https://habitat.example/retour');
    await page.getByRole('button', { name: 'Ajouter' }).click();
    await page.getByText('https://habitat.example/retour').first().waitFor();
    await context.close();
    const { page: seen, context: other } = await aVisitor(browser);
    await signedIn(seen, '/services/housing', 'habitat-agent');
    expect(await axeFaults(seen)).toEqual([]);
    await seen.goto(`${pages}/services`);
    expect(await axeFaults(seen)).toEqual([]);
    await other.close();
  });

  it('is made by an instructor', async () => {
    const { page, context } = await aVisitor(browser, { language: 'en' });
    await signedIn(page, '/services/new', 'hub-instructeur');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByLabel('Technical name').fill('pool');
    await page.getByLabel('Name for citizens').fill('Swimming pool of Villeneuve');
    await page.getByLabel('SIRET').fill('99900000100011');
    await page.getByLabel('Postal address').fill('1 rue du Bassin');
    await page.getByLabel('E-mail').fill('donnees@bassin.example');
    await page.getByRole('button', { name: 'Register a service' }).click();
    expect(await page.locator('.secret').innerText()).toMatch(/^[\w-]{43}$/);
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });
});
