import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { CLIENT_SECRETS_FILE } from '../../sandbox/identity/clientSecrets.ts';
import { walkFlow } from '../../sandbox/identity/walkFlow.ts';
import { startBrowser } from '../support/browser.ts';
import { aVisitor, logInAgent, openSignedIn } from '../support/portalVisitor.ts';
import { aDataDir, startedSandbox, type StartedSandbox } from '../support/startedSandbox.ts';

/*
 * Somebody at the town hall who has the portal and the catalogue, and nobody to ask: how does the town's canteen come to know the family quotient of a
 * parent who consents, for a place in its crèche?
 */
const dataDir = aDataDir();
let sandbox: StartedSandbox;
let browser: Browser;
let pages: string;
/** Where the town has people come back to. */
let townsPage: string;
const townsServer = createServer((_request, response) => response.end('Merci'));

beforeAll(async () => {
  sandbox = await startedSandbox(dataDir.path);
  browser = await startBrowser();
  pages = sandbox.ready.agencyPortal;
  await new Promise<void>((resolve) => townsServer.listen(0, '127.0.0.1', resolve));
  townsPage = `http://127.0.0.1:${(townsServer.address() as AddressInfo).port}/retour`;
});
afterAll(async () => {
  await browser.close();
  townsServer.close();
  await sandbox.end('SIGTERM');
  dataDir.remove();
});

const asAgent = async (path: string, agent: string): Promise<{ page: Page; close: () => Promise<void> }> => {
  const { page, context } = await aVisitor(browser);
  await page.goto(`${pages}${path}`);
  await logInAgent(page, agent);
  return { page, close: () => context.close() };
};

/** What the page "for teams" shows: the form that any HTTP client sends. */
async function askToken(form: Record<string, string>): Promise<string> {
  const response = await fetch(`${sandbox.ready.session}/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token, error_description: why } = (await response.json()) as Record<string, string>;
  if (token === undefined) throw new Error(why);
  return token;
}

it('finds the field, is habilitated for it, asks the parent by a link, and reads the family quotient', async () => {
  // The catalogue, in everyday words: the field, its scope, the query.
  const { page, context } = await aVisitor(browser);
  await page.goto(pages);
  await page.getByLabel('Que cherchez-vous').fill('quotient CAF de la famille');
  await page.keyboard.press('Enter');
  await page.locator('a[href="/fields/FamilyQuotient.value"]').first().click();
  const query = await page.locator('pre').first().innerText();
  const ask = await page.getByRole('link', { name: /Demander une habilitation/ }).getAttribute('href');
  expect(ask).toContain('cnaf_quotient_familial');
  await context.close();

  // The habilitation: asked for by the town, validated by an instructor.
  const town = await asAgent(ask!, 'mairie-agente');
  await town.page.getByLabel('Finalité').selectOption('creche-place');
  await town.page.getByLabel('Base légale').selectOption('CONSENT_RGPD_6_1_A');
  await town.page.locator('[name="why-cnaf_quotient_familial"]').fill('Le tarif en dépend.');
  await town.page.getByLabel('Texte sur lequel').fill('Règlement des crèches');
  await town.page.getByLabel('Adresse de ce texte').fill('https://villeneuve.example/creches');
  await town.page.getByLabel('Conservation').fill('12');
  await town.page.getByLabel('délégué').fill('dpo@villeneuve.example');
  await town.page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await town.page.getByRole('button', { name: 'Déposer la demande' }).click();
  const request = new URL(town.page.url()).pathname;
  const instructor = await asAgent(request, 'hub-instructeur');
  await instructor.page.getByRole('button', { name: 'Valider' }).click();
  await instructor.page.getByText('Version 1 en vigueur').waitFor();
  await instructor.close();

  // The service's own page: where people come back to, and a secret.
  await town.page.goto(`${pages}/services/canteen`);
  await town.page.getByLabel('Nouvelle adresse').fill(townsPage);
  await town.page.getByRole('button', { name: 'Ajouter' }).click();
  await town.page.getByText(townsPage).first().waitFor();
  await town.page.getByRole('button', { name: 'Créer un second secret' }).click();
  const clientSecret = await town.page.locator('.secret').innerText();
  await town.close();
  const client = { client_id: 'canteen', client_secret: clientSecret };

  // The question to the parent, by a link that names nobody.
  const until = new Date(Date.now() + 90 * 86_400_000).toISOString();
  const input = {
    purpose: 'creche-place',
    scopes: ['cnaf_quotient_familial'],
    until,
    returnUrl: townsPage,
    state: 'dossier-7',
  };
  const own = await askToken({ grant_type: 'client_credentials', ...client });
  const asked = await sandbox.ask(
    {
      query: 'mutation($input: RequestConsentInput!) { requestConsent(input: $input) { consentUrl } }',
      variables: { input },
    },
    own,
  );
  const { consentUrl } = (asked.data as { requestConsent: { consentUrl: string } }).requestConsent;

  // Until the parent answers, the answer is a reason.
  const read = async () => {
    const secrets = JSON.parse(await readFile(join(dataDir.path, 'sandbox', CLIENT_SECRETS_FILE), 'utf8')) as Record<
      string,
      string
    >;
    const { accessToken } = await walkFlow({
      issuer: `${sandbox.ready.sandbox}/api/v2`,
      clientId: 'canteen',
      clientSecret: secrets['canteen']!,
      persona: 'giraud-anne',
      scope: 'identite_pivot cnaf_quotient_familial',
    });
    const token = await askToken({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: accessToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      purpose: 'creche-place',
      ...client,
    });
    return sandbox.ask(query, token);
  };
  const before = await read();
  expect(before.errors[0]!.extensions).toMatchObject({ reason: 'CONSENT_REQUIRED', subject: 'SELF' });

  // The parent opens the link, sees, ticks, sends.
  const parent = await aVisitor(browser);
  await openSignedIn(parent.page, consentUrl, 'giraud-anne');
  await parent.page.getByRole('checkbox', { name: /Quotient familial/ }).check();
  await parent.page.getByRole('button', { name: 'Envoyer ce que j’ai coché' }).click();
  await parent.page.waitForURL(`${townsPage}?state=dossier-7`);
  await parent.context.close();

  const after = await read();
  expect(after.errors).toEqual([]);
  expect(after.data).toEqual({ me: { familyFile: { quotient: { value: expect.any(Number) } } } });
});
