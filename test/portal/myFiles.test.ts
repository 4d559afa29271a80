import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
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

const QUESTION =
  '{ me { civilStatus { givenNames } familyFile { quotient { value } } addresses { address { city } } } }';

describe('my data', () => {
  it('shows what each administration knows, since when, and where two of them disagree', async () => {
    const { page, context } = await aVisitor(browser);
    await openSignedIn(page, `${portal}/my-data`, 'dupont-paul');
    await page.getByRole('heading', { name: 'Un désaccord entre administrations' }).waitFor();
    const disagreement = page.locator('#disagreements');
    expect(await disagreement.innerText()).toMatch(/42 RUE DE LA PAIX/);
    expect(await disagreement.innerText()).toMatch(/1 RUE MONTORGUEIL/);
    await disagreement.getByRole('link', { name: 'Corriger auprès de : Impôt sur le revenu' }).waitFor();
    expect(await page.locator('#family').innerText()).toMatch(/2\s550\s€ par mois/);
    expect(await page.locator('#family').innerText()).toContain('Tenu par CAF');
    expect(await page.locator('#civil-status').innerText()).toContain('visible après une connexion plus sûre');
    expect(await axeFaults(page)).toEqual([]);

    await page.getByRole('link', { name: 'Se connecter au niveau substantiel' }).click();
    await page.locator('button[name="persona"][value="dupont-paul"]').click();
    await page.getByRole('button', { name: /^Continuer/ }).click();
    await page.waitForURL(`${portal}/my-data`);
    expect(await page.locator('#civil-status').innerText()).not.toContain('connexion plus sûre');
    await context.close();
  });

  it('says so where an administration has nothing', async () => {
    const { page, context } = await aVisitor(browser, { language: 'en' });
    await openSignedIn(page, `${portal}/my-data`, 'dubois-angela');
    await page.getByText('This administration has nothing on file about you.').first().waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });
});

describe('my authorisations', () => {
  it('end at a key press, at once, and leave a receipt that can be checked', async () => {
    const before = await sandbox.read('dupont-paul', 'creche', '{ me { familyFile { quotient { value } } } }');
    expect(before.data).toMatchObject({ me: { familyFile: { quotient: { value: 2550 } } } });
    const { page, context } = await aVisitor(browser, { javaScriptEnabled: false });
    await openSignedIn(page, `${portal}/authorisations`, 'dupont-paul');
    await page.getByRole('button', { name: /^Retirer à Crèche/ }).press('Enter');
    await page.getByText('C’est retiré.').waitFor();
    const after = await sandbox.read('dupont-paul', 'creche', '{ me { familyFile { quotient { value } } } }');
    expect(after.data).toMatchObject({ me: { familyFile: null } });

    await page.getByText('Une autorisation terminée').click();
    await page.getByRole('link', { name: /^Crèche Les Petits Essais/ }).click();
    await page.getByText('Vous avez retiré').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Télécharger le reçu signé' }).click(),
    ]);
    const receipt = await readFile((await download.path())!, 'utf8');
    expect(receipt).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    await context.close();
  });

  it('are shown in every state without a fault of accessibility', async () => {
    const { page, context } = await aVisitor(browser, {
      language: 'en',
      viewport: { width: 320, height: 800 },
      colorScheme: 'dark',
    });
    await openSignedIn(page, `${portal}/authorisations`, 'dupont-angela');
    await page.getByText('No service reads your data').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.goto(`${portal}/authorisations/con_unknown`);
    await page.getByRole('heading', { name: 'This authorisation is not there' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'My data' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });
});

describe('who looked', () => {
  it('is told in plain words, filtered, and taken away as a table or as data', async () => {
    await sandbox.read('giraud-anne', 'canteen', QUESTION);
    await sandbox.read(
      'giraud-anne',
      'creche',
      '{ me { familyFile { quotient { value } declaredAddress { city } } } }',
    );
    const { page, context } = await aVisitor(browser);
    await openSignedIn(page, `${portal}/access-log`, 'giraud-anne');
    const cards = page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { level: 3 }) });
    expect(await cards.count()).toBe(2);
    expect(await page.getByRole('main').innerText()).toMatch(
      /N’a pas pu lire : Adresse déclarée \(le service n’y est pas habilité\)/,
    );
    expect(await axeFaults(page)).toEqual([]);

    await page.getByText('Filtrer').first().click();
    await page.getByLabel('Service').selectOption('creche');
    await page.getByRole('button', { name: 'Filtrer' }).click();
    await page.waitForURL(/service=creche/);
    expect(await cards.count()).toBe(1);
    expect(await axeFaults(page)).toEqual([]);
    await page.goto(`${portal}/access-log?until=2020-01-01`);
    await page.getByText('Aucune consultation').waitFor();
    expect(await axeFaults(page)).toEqual([]);

    const take = async (path: string) => (await page.request.get(`${portal}${path}`)).text();
    expect(await take('/access-log/export.csv')).toMatch(
      /"FamilyQuotient\.value","cnaf_quotient_familial","DELIVERED"/,
    );
    const json = JSON.parse(await take('/access-log/export.json')) as readonly {
      readonly agency: { readonly id: string };
    }[];
    expect(json.map(({ agency }) => agency.id)).toContain('family');
    await context.close();
  });
});
