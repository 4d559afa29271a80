import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { end } from '../../portal/citizen/authorisations/authorisations.ts';
import { HubSilent } from '../../portal/graph.ts';
import type { SignedInVisit } from '../../portal/web/route.ts';
import { startPortalSandbox, type PortalSandbox } from '../support/portalSandbox.ts';
import { aVisitor, axeFaults, layoutFaults, openSignedIn } from '../support/portalVisitor.ts';

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
      /N’a pas pu lire\s: Adresse déclarée \(le service n’y est pas habilité\)/,
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
    await sandbox.request('dupont-paul', 'creche', ['cnaf_adresse']);
    const { page, context } = await aVisitor(browser, { javaScriptEnabled: false });
    await openSignedIn(page, `${portal}/account`, 'dupont-paul');
    const response = await page.request.get(`${portal}/account/export.json`);
    const file = (await response.json()) as {
      readonly heldByTheHub: {
        readonly session: { readonly identity: { readonly birthdate: string } };
        readonly requests: readonly { readonly returnTo: string }[];
        readonly authorisations: readonly { readonly receipt: string | null }[];
        readonly accessLog: unknown[];
      };
      readonly notAnswered: unknown[];
      readonly readFromAgenciesForThisFile: { readonly familyFile: { readonly quotient: { readonly value: number } } };
    };
    expect(response.headers()['content-disposition']).toContain('attachment');
    const receipts = file.heldByTheHub.authorisations.flatMap(({ receipt }) => receipt?.split('.').length ?? []);
    expect(receipts.length).toBeGreaterThanOrEqual(2);
    expect(new Set(receipts)).toEqual(new Set([3]));
    // What the service noted for itself beside its question is the person's to read.
    expect(file.heldByTheHub.requests.map(({ returnTo }) => returnTo)).toContainEqual(
      expect.stringContaining('file-12'),
    );
    expect(file.heldByTheHub.session.identity.birthdate).toBe('1962-08-24');
    // What did not come is said: this session is of the lowest level.
    expect(file.notAnswered).toMatchObject([{ path: 'me.civilStatus.birthCertificate' }]);
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

  it('says that a reading is stopped only when it is, or was before', async () => {
    const answering = (code: string) =>
      ({ ask: () => Promise.resolve({ data: null, faults: [{ code }] }) }) as unknown as SignedInVisit;
    expect(await end(answering('HUB_CONSENT_UNKNOWN'), 'con_1', true)).toBe(false);
    await expect(end(answering('HUB_CONSENT_PORTAL_ONLY'), 'con_1', true)).rejects.toThrow(HubSilent);
  });
});

describe('every page of a citizen', () => {
  it('is free of faults at 320 pixels, which is a zoom of 400 %, in the dark; nothing is cut, nothing scrolls sideways', async () => {
    const asked = await sandbox.request('dupont-paul', 'creche', [
      'cnaf_quotient_familial',
      'cnaf_enfants',
      'dgfip_rfr',
    ]);
    const { page, context } = await aVisitor(browser, { viewport: { width: 320, height: 700 }, colorScheme: 'dark' });
    await openSignedIn(page, `${portal}/authorisations`, 'dupont-paul');
    const ended = await page.locator('main a[href^="/authorisations/"]').first().getAttribute('href');
    const paths = `${ended} /consents/new?service=creche&purpose=creche-place&scopes=cnaf_quotient_familial%20dgfip_rfr
      /consents/con_unknown /home /requests /my-data /authorisations /authorisations/con_unknown /access-log
      /access-log?until=2020-01-01 /household /moves /moves/new /moves/B4H85EHSNN401 /account /account/erase /accessibility
      /nowhere /signed-out`;
    const faults: string[] = [];
    for (const path of [asked, ...paths.split(/\s+/)]) {
      await page.goto(new URL(path, portal).href);
      for (const details of await page.locator('main details').all())
        await details.evaluate('(it) => { it.open = true }');
      faults.push(...(await axeFaults(page)), ...(await layoutFaults(page)));
    }
    expect(faults).toEqual([]);
    await context.close();
  });
});
