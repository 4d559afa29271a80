import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
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

describe('what waits for somebody', () => {
  it('stands on the first page and leads to the answer', async () => {
    const url = await sandbox.request('dupont-angela', 'creche', ['cnaf_adresse']);
    const { page, context } = await aVisitor(browser, { language: 'en' });
    await openSignedIn(page, `${portal}/home`, 'dupont-angela');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'See and answer' }).press('Enter');
    await page.waitForURL(url);
    await page.goto(`${portal}/requests`);
    expect(await page.getByRole('heading', { name: 'Crèche Les Petits Essais asks you for data' }).count()).toBe(1);
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });

  it('is nothing, and says so', async () => {
    const { page, context } = await aVisitor(browser);
    await openSignedIn(page, `${portal}/requests`, 'lefebvre-alexis');
    await page.getByText('Rien n’attend').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.goto(`${portal}/household`);
    await page.getByText('L’état civil ne vous connaît pas d’enfant.').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });
});

describe('my household', () => {
  it('says who decides for whom, from civil status alone', async () => {
    const { page, context } = await aVisitor(browser);
    await openSignedIn(page, `${portal}/household`, 'dupont-paul');
    const child = page.getByRole('article').filter({ has: page.getByRole('heading', { name: 'Pierre DUPONT' }) });
    expect(await child.innerText()).toMatch(
      /vous décidez[\s\S]*10 janvier 2019[\s\S]*Le 10 janvier 2037, jour de ses 18 ans/,
    );
    // The other adult is somebody else: her name is hers to open.
    expect(await page.getByRole('main').innerText()).not.toMatch(/Angela|Durand/i);
    expect(await page.getByRole('link', { name: `${portal}/requests` }).count()).toBe(1);
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });

  it('does not take a line of a family file for a child', async () => {
    const { page, context } = await aVisitor(browser, { language: 'en' });
    await openSignedIn(page, `${portal}/my-data`, 'placard-elsa');
    const inTheFile = await page
      .locator('#family')
      .getByText('Children of the file')
      .locator('xpath=..')
      .getByRole('listitem')
      .count();
    await page.goto(`${portal}/household`);
    const proven = await page.getByRole('main').getByText('you decide', { exact: true }).count();
    expect([inTheFile, proven]).toEqual([3, 1]);
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });
});

describe('what the hub keeps', () => {
  it('is taken away in one file, and every reading stopped by keyboard, once that is confirmed', async () => {
    const { page, context } = await aVisitor(browser, { javaScriptEnabled: false });
    await openSignedIn(page, `${portal}/account`, 'dupont-paul');
    const response = await page.request.get(`${portal}/account/export.json`);
    const file = (await response.json()) as {
      readonly heldByTheHub: {
        readonly authorisations: readonly { readonly receipt: string }[];
        readonly accessLog: unknown[];
      };
      readonly readFromAgenciesForThisFile: { readonly familyFile: { readonly quotient: { readonly value: number } } };
    };
    expect(response.headers()['content-disposition']).toContain('attachment');
    const receipts = file.heldByTheHub.authorisations.map(({ receipt }) => receipt.split('.').length);
    expect(receipts.length).toBeGreaterThanOrEqual(2);
    expect(new Set(receipts)).toEqual(new Set([3]));
    expect(file.readFromAgenciesForThisFile.familyFile.quotient.value).toBe(2550);

    await page.getByRole('button', { name: 'Tout arrêter maintenant' }).press('Enter');
    await page.getByRole('link', { name: 'Cochez la case pour confirmer.' }).waitFor();
    await page.getByRole('checkbox').press('Space');
    await page.getByRole('button', { name: 'Tout arrêter maintenant' }).press('Enter');
    await page.getByText('Plus aucun service ne lit vos données').waitFor();
    for (const service of ['canteen', 'creche']) {
      const { data } = await sandbox.read('dupont-paul', service, '{ me { familyFile { quotient { value } } } }');
      expect(data).toEqual({ me: { familyFile: null } });
    }
    await context.close();
  });
});

describe('every page of a citizen', () => {
  it('is free of faults at 320 pixels, in the dark, and fits without scrolling sideways', async () => {
    const { page, context } = await aVisitor(browser, { viewport: { width: 320, height: 700 }, colorScheme: 'dark' });
    await openSignedIn(page, `${portal}/home`, 'dupont-angela');
    const asked = '/consents/new?service=creche&purpose=creche-place&scopes=cnaf_quotient_familial%20dgfip_rfr';
    for (const path of [
      asked,
      '/accessibility',
      '/home',
      '/requests',
      '/my-data',
      '/authorisations',
      '/access-log',
      '/household',
      '/account',
    ]) {
      await page.goto(`${portal}${path}`);
      expect(await axeFaults(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= 320')).toBe(true);
    }
    await context.close();
  });
});
