import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startPortalSandbox, type PortalSandbox } from '../support/portalSandbox.ts';
import { aVisitor, axeFaults, openSignedIn } from '../support/portalVisitor.ts';

let sandbox: PortalSandbox;
let browser: Browser;
let portal: string;

beforeAll(async () => {
  sandbox = await startPortalSandbox();
  ({ browser, portal } = sandbox);
});

afterAll(() => sandbox.close());

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const field = (page: Page, name: string) => page.locator(`[id="${name}"]`);

async function fillIn(page: Page): Promise<void> {
  await field(page, 'newAddress.streetLine').fill('12 rue des Lilas');
  await field(page, 'newAddress.postCode').fill('35000');
  await field(page, 'newAddress.city').fill('Rennes');
  await field(page, 'effectiveDate').fill(inDays(20));
}

it('a move is said once, mended, previewed, declared, followed and taken back, by keyboard', async () => {
  const { page, context } = await aVisitor(browser);
  await openSignedIn(page, `${portal}/moves`, 'dupont-paul');
  await page.getByText('Aucun déménagement déclaré').waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('link', { name: 'Déclarer un déménagement' }).press('Enter');
  expect(await field(page, 'oldAddress.streetLine').inputValue()).toBe('1 RUE MONTORGUEIL');
  expect(await axeFaults(page)).toEqual([]);

  await page.getByRole('button', { name: 'Voir ce que chacune recevra' }).press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await page.evaluate('document.activeElement.id')).toBe('errors');
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('link', { name: /^Nouvelle adresse, commune : / }).press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('newAddress.city');

  await fillIn(page);
  await page.getByRole('checkbox', { name: 'Pierre' }).press('Space');
  await page.getByRole('button', { name: 'Voir ce que chacune recevra' }).press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Ce que chacune recevra' }).waitFor();
  await page.getByText('Le message entier', { exact: true }).first().click();
  expect(await page.locator('pre').first().innerText()).toContain('"streetLine": "12 rue des Lilas"');
  expect(await axeFaults(page)).toEqual([]);

  await page.getByRole('button', { name: 'Déclarer à toutes' }).press('Enter');
  await page.getByText('C’est déclaré').waitFor();
  expect(await page.getByRole('main').innerText()).toMatch(/12 rue des Lilas, 35000 Rennes/);
  expect(await page.getByRole('article').count()).toBeGreaterThan(2);
  expect(await axeFaults(page)).toEqual([]);

  await page.getByRole('link', { name: 'Corriger' }).press('Enter');
  await page.waitForURL(/\/amend$/);
  expect(await page.getByRole('checkbox', { name: 'Pierre' }).isChecked()).toBe(true);
  await page.goBack();
  await page.getByRole('button', { name: 'Annuler le déménagement' }).press('Enter');
  await page.getByText('Déménagement annulé').waitFor();
  await context.close();
});

it('a move is declared without JavaScript, in English', async () => {
  const { page, context } = await aVisitor(browser, { language: 'en', javaScriptEnabled: false });
  await openSignedIn(page, `${portal}/moves/new`, 'dupont-angela');
  await fillIn(page);
  await page.getByRole('button', { name: 'See what each will receive' }).click();
  await page.getByRole('button', { name: 'Declare to all of them' }).click();
  await page.getByText('It is declared').waitFor();
  await context.close();
});

it('somebody else’s move is not there', async () => {
  const { page, context } = await aVisitor(browser);
  await openSignedIn(page, `${portal}/moves/B4H85EHSNN401`, 'giraud-anne');
  await page.getByRole('heading', { name: 'Ce déménagement n’est pas là' }).waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await context.close();
});
