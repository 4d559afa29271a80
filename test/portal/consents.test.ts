import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { returnUrlOf, startPortalSandbox, type AskingService, type PortalSandbox } from '../support/portalSandbox.ts';
import { aVisitor, axeFaults, openSignedIn } from '../support/portalVisitor.ts';

let sandbox: PortalSandbox;
let browser: Browser;
let portal: string;

beforeAll(async () => {
  sandbox = await startPortalSandbox();
  ({ browser, portal } = sandbox);
});

afterAll(() => sandbox.close());

const CRECHE = ['given_name', 'cnaf_quotient_familial', 'cnaf_adresse', 'dgfip_rfr', 'dgfip_annee_n_moins_1'];
const QUESTION = '{ me { familyFile { quotient { value } declaredAddress { city } } } }';

/** The service does not run here: what matters is that the browser goes there, and with what. */
async function goesBack(page: Page, service: AskingService, act: Promise<void>): Promise<void> {
  const expected = `${returnUrlOf(service)}?state=file-12`;
  await Promise.all([page.waitForRequest(expected), act]);
}

describe('a request of consent', () => {
  it('is answered line by line, by keyboard, with the real values in sight, and leads back with the state', async () => {
    const url = await sandbox.request('placard-elsa', 'creche', CRECHE);
    expect(url).toMatch(new RegExp(`^${portal}/consents/con_[\\w-]+$`));
    const { page, context } = await aVisitor(browser);
    await openSignedIn(page, url, 'placard-elsa');
    await page.getByRole('heading', { level: 1, name: /Crèche Les Petits Essais/ }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    const boxes = page.getByRole('checkbox');
    expect(await boxes.count()).toBe(CRECHE.length);
    for (const box of await boxes.all()) expect(await box.isChecked()).toBe(false);

    await page.getByRole('button', { name: 'Envoyer ce que j’ai coché' }).press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.title()).toContain('Crèche');
    expect(await page.evaluate('document.activeElement.id')).toBe('errors');
    expect(await axeFaults(page)).toEqual([]);

    const quotient = page.getByRole('checkbox', { name: /Quotient familial/ });
    await quotient.focus();
    await page.keyboard.press('Space');
    expect(await quotient.isChecked()).toBe(true);
    await goesBack(page, 'creche', page.getByRole('button', { name: 'Envoyer ce que j’ai coché' }).press('Enter'));

    const { data } = await sandbox.read('placard-elsa', 'creche', QUESTION);
    expect(data).toMatchObject({
      me: { familyFile: { quotient: { value: expect.any(Number) }, declaredAddress: null } },
    });
    await page.goto(url);
    await page.getByRole('heading', { name: 'Cette demande est close' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });
});

describe('without JavaScript, in English', () => {
  it('a request is refused as easily', async () => {
    const url = await sandbox.request('dupont-angela', 'creche', ['cnaf_adresse']);
    const { page, context } = await aVisitor(browser, { language: 'en', javaScriptEnabled: false });
    await openSignedIn(page, url, 'dupont-angela');
    await goesBack(page, 'creche', page.getByRole('button', { name: 'Refuse all of it' }).click());
    await page.goto(`${portal}/authorisations`);
    await page.getByText('One that has ended').click();
    await page.getByText('refused').first().waitFor();
    await context.close();
  });

  it('what the law allows is told, not asked, and can be objected to', async () => {
    const url = await sandbox.request('dupont-angela', 'housing', ['given_name', 'etatcivil_acte_naissance']);
    const { page, context } = await aVisitor(browser, { language: 'en', javaScriptEnabled: false });
    await openSignedIn(page, url, 'dupont-angela');
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await page.getByText('Angela', { exact: false }).first().waitFor();
    await goesBack(page, 'housing', page.getByRole('button', { name: 'I object' }).click());
    await context.close();
  });
});

describe('what is not to be answered', () => {
  it('says so to the wrong person, and nothing else', async () => {
    const url = await sandbox.request('dupont-paul', 'creche', ['cnaf_adresse']);
    const { page, context } = await aVisitor(browser);
    await openSignedIn(page, url, 'dupont-angela');
    await page.getByRole('heading', { name: 'Cette demande n’est pas pour vous' }).waitFor();
    expect(await page.content()).not.toMatch(/Crèche|cnaf_adresse|Paul/);
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });

  it('says so of a service that may ask nothing', async () => {
    const { page, context } = await aVisitor(browser);
    await openSignedIn(
      page,
      `${portal}/consents/new?service=canteen&purpose=housing-file&scopes=dgfip_rfr`,
      'dupont-paul',
    );
    await page.getByRole('heading', { name: 'Ce service ne peut rien vous demander ici' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });
});

describe('a refusal of the graph', () => {
  it('holds a link that opens what was missing', async () => {
    const { data, errors } = await sandbox.read('dupont-angela', 'creche', QUESTION);
    expect(data).toMatchObject({ me: { familyFile: null } });
    const url = errors[0]!.extensions['consentUrl'] as string;
    expect(url).toMatch(new RegExp(`^${portal}/consents/new`));
    const { page, context } = await aVisitor(browser);
    await openSignedIn(page, url, 'dupont-angela');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('checkbox', { name: /Quotient/ }).check();
    await page.getByLabel('Pour combien de temps').selectOption('1');
    await page.getByRole('button', { name: 'Autoriser ce que j’ai coché' }).click();
    await page.getByText('C’est enregistré').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    const after = await sandbox.read('dupont-angela', 'creche', '{ me { familyFile { quotient { value } } } }');
    expect(after.data).toMatchObject({ me: { familyFile: { quotient: { value: 2550 } } } });
    await context.close();
  });
});
