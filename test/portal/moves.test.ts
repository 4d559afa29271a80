import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { moveForm } from '../../portal/citizen/moves/moveForm.ts';
import type { Move } from '../../portal/citizen/moves/moveGraph.ts';
import { readStart, toInput, valuesOf } from '../../portal/citizen/moves/moveValues.ts';
import { HubSilent } from '../../portal/graph.ts';
import type { SignedInVisit } from '../../portal/web/route.ts';
import { startPortalSandbox, type PortalSandbox } from '../support/portalSandbox.ts';
import { aVisitor, axeFaults, layoutFaults, openSignedIn } from '../support/portalVisitor.ts';
import { until } from '../support/until.ts';

/** As wide as a screen of 1280 at a zoom of 400 %. */
const PHONE = { viewport: { width: 320, height: 700 }, colorScheme: 'dark' } as const;

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

describe('a move', () => {
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

  it('tells a page that is open what has changed, without reload and without a token in the browser', async () => {
    const { page, context } = await aVisitor(browser);
    await openSignedIn(page, `${portal}/moves/new`, 'giraud-anne');
    await fillIn(page);
    await page.getByRole('button', { name: 'Voir ce que chacune recevra' }).click();
    await page.getByRole('button', { name: 'Déclarer à toutes' }).click();
    await page.getByText('C’est déclaré').waitFor();
    await page.evaluate('globalThis.isSamePage = true');
    const other = await context.newPage();
    await other.goto(new URL(page.url()).origin + new URL(page.url()).pathname);
    await other.getByRole('button', { name: 'Annuler le déménagement' }).click();
    await other.getByText('Déménagement annulé').waitFor();
    await page.locator('[data-live] .tag', { hasText: 'annulé' }).first().waitFor();
    expect(await page.getByText('La liste vient d’être mise à jour.').count()).toBe(1);
    expect(await page.evaluate('globalThis.isSamePage')).toBe(true);
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });

  it('to another country keeps that country when it is mended, and what was left empty stays empty', async () => {
    const { page, context } = await aVisitor(browser, { language: 'en', ...PHONE });
    await openSignedIn(page, `${portal}/moves/new`, 'placard-elsa');
    expect(await field(page, 'oldAddress.additionalInfo').inputValue()).toBe('Batiment 2, Porte 8');
    await field(page, 'oldAddress.additionalInfo').fill('');
    await field(page, 'newAddress.streetLine').fill('12 Baker Street');
    await field(page, 'newAddress.city').fill('London');
    const country = field(page, 'newAddress.countryCode');
    expect(await country.locator('option').first().innerText()).toBe('France');
    await country.selectOption({ label: 'United Kingdom' });
    expect(await field(page, 'newAddress.postCode').getAttribute('inputmode')).toBe('text');
    await page.getByRole('button', { name: 'See what each will receive' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').getByRole('listitem').count()).toBe(1);
    expect(await country.inputValue()).toBe('99132');
    expect([...(await axeFaults(page)), ...(await layoutFaults(page))]).toEqual([]);

    await field(page, 'effectiveDate').fill(inDays(20));
    await page.getByRole('button', { name: 'See what each will receive' }).click();
    await page.getByRole('heading', { level: 1, name: 'What each will receive' }).waitFor();
    expect((await page.locator('pre').allTextContents()).join()).toContain('"countryCode": "99132"');
    await page.getByRole('button', { name: 'Declare to all of them' }).click();
    await page.getByText('It is declared').waitFor();
    expect(await page.getByRole('main').innerText()).toContain('12 Baker Street, London, Royaume-Uni');

    await page.getByRole('link', { name: 'Correct it' }).click();
    await page.waitForURL(/\/amend$/);
    expect(await field(page, 'oldAddress.additionalInfo').inputValue()).toBe('');
    await field(page, 'newAddress.postCode').fill('W1U 3BT');
    await page.getByRole('button', { name: 'See what each will receive' }).click();
    await page.getByRole('button', { name: 'Declare to all of them' }).click();
    await page.getByText('It is corrected').waitFor();
    expect(await page.getByRole('main').innerText()).toContain('12 Baker Street, W1U 3BT London, Royaume-Uni');
    expect([...(await axeFaults(page)), ...(await layoutFaults(page))]).toEqual([]);
    await context.close();
  });

  it('away from another country begins with that country', async () => {
    const countries = ['Suisse 99140', 'France 99100', 'Égypte 99301'].map((row) => {
      const [name = '', code = ''] = row.split(' ');
      return { code, name, frenchName: name };
    });
    const me = { addresses: [{ usage: 'MAIN', address: { city: 'LE CAIRE', country: 'EGYPTE' } }] };
    const data = { me: { ...me, civilStatus: null, suggestedRecipients: [] }, countries };
    const ask = () => Promise.resolve({ data, faults: [] });
    const start = await readStart({ ask, language: 'fr' } as unknown as SignedInVisit);
    expect(start.countries.map(({ name }) => name)).toEqual(['France', 'Égypte', 'Suisse']);
    expect(toInput(start.values).oldAddress).toEqual({ city: 'LE CAIRE', countryCode: '99301' });
  });

  it('loses nobody while civil status does not answer', async () => {
    const data = { me: { addresses: [], civilStatus: null, suggestedRecipients: [] }, countries: [] };
    const ask = () => Promise.resolve({ data, faults: [] });
    const visit = { ask, language: 'en', session: { csrf: '' } } as unknown as SignedInVisit;
    const start = await readStart(visit);
    const declared = { members: [{ role: 'CHILD', givenNames: 'Pierre' }], deliveries: [] } as unknown as Move;
    expect(() => valuesOf(declared, start)).toThrow(HubSilent);
    // Ticked on a form that comes back for another reason.
    const ticked = new Map([['members', ['ref-of-pierre']]]);
    const form = moveForm(visit, '/moves/preview', start, ticked, []).toString();
    expect(form).toContain('<input type="hidden" name="members" value="ref-of-pierre"');
  });

  it('somebody else’s move is not there', async () => {
    const { page, context } = await aVisitor(browser);
    await openSignedIn(page, `${portal}/moves/B4H85EHSNN401`, 'giraud-anne');
    await page.getByRole('heading', { name: 'Ce déménagement n’est pas là' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });
});

describe('another adult in a move', () => {
  it('is named by their spouse, asked in their own session, and confirms; both pages follow, by keyboard', async () => {
    const paul = await aVisitor(browser);
    await openSignedIn(paul.page, `${portal}/moves/new`, 'dupont-paul');
    await fillIn(paul.page);
    await paul.page.getByRole('checkbox', { name: 'Votre conjoint' }).press('Space');
    await paul.page.getByRole('button', { name: 'Voir ce que chacune recevra' }).press('Enter');
    await paul.page.getByRole('button', { name: 'Déclarer à toutes' }).press('Enter');
    await paul.page.getByText('C’est déclaré').waitFor();
    await paul.page.getByText('Votre conjoint (à confirmer)').waitFor();

    await paul.page.getByRole('link', { name: 'Corriger' }).press('Enter');
    expect(await paul.page.getByRole('checkbox', { name: 'Votre conjoint' }).isChecked()).toBe(true);
    await paul.page.getByRole('checkbox', { name: 'Robert' }).press('Space');
    await paul.page.getByRole('button', { name: 'Voir ce que chacune recevra' }).press('Enter');
    await paul.page.getByRole('button', { name: 'Déclarer à toutes' }).press('Enter');
    await paul.page.getByText('C’est corrigé').waitFor();
    await paul.page.getByText('Robert', { exact: true }).waitFor();

    const angela = await aVisitor(browser, { language: 'en', ...PHONE });
    await openSignedIn(angela.page, `${portal}/home`, 'dupont-angela');
    await angela.page.getByRole('heading', { name: 'Paul Louis declared that you are moving too' }).waitFor();
    await angela.page.getByRole('link', { name: 'See and answer' }).press('Enter');
    await angela.page.getByRole('button', { name: 'Yes, I am moving too' }).waitFor();
    // Before she answers she sees where to, and nothing of who else moves or of what recipients say.
    expect(await angela.page.getByRole('main').innerText()).not.toMatch(/Robert|MONTORGUEIL|How each recipient stands/);
    expect([...(await axeFaults(angela.page)), ...(await layoutFaults(angela.page))]).toEqual([]);
    await angela.page.getByRole('button', { name: 'Yes, I am moving too' }).press('Enter');
    await angela.page.getByText('It is confirmed').waitFor();
    await angela.page.getByRole('heading', { name: 'How each recipient stands' }).waitFor();
    expect([...(await axeFaults(angela.page)), ...(await layoutFaults(angela.page))]).toEqual([]);

    await paul.page.getByText('Angela Louise', { exact: true }).waitFor();
    await paul.page.getByRole('button', { name: 'Annuler le déménagement' }).press('Enter');
    await paul.page.getByText('Déménagement annulé').waitFor();
    await angela.page.getByText('Move cancelled').waitFor();
    await Promise.all([paul.context.close(), angela.context.close()]);
  });

  it('declines without JavaScript; who declared it sees that, and no answer counts twice', async () => {
    const angela = await aVisitor(browser, { language: 'en', javaScriptEnabled: false, ...PHONE });
    await openSignedIn(angela.page, `${portal}/moves/new`, 'dupont-angela');
    await fillIn(angela.page);
    await angela.page.getByRole('checkbox', { name: 'Your spouse' }).check();
    await angela.page.getByRole('button', { name: 'See what each will receive' }).click();
    await angela.page.getByText('The whole message', { exact: true }).first().click();
    expect(await layoutFaults(angela.page)).toEqual([]);
    await angela.page.getByRole('button', { name: 'Declare to all of them' }).click();
    await angela.page.getByText('It is declared').waitFor();

    const { page, context } = await aVisitor(browser, { javaScriptEnabled: false });
    await openSignedIn(page, `${portal}/requests`, 'dupont-paul');
    await page.getByRole('link', { name: 'Voir et répondre' }).press('Enter');
    const sameQuestion = await context.newPage();
    await sameQuestion.goto(page.url());
    await page.getByRole('button', { name: 'Non, je ne déménage pas' }).press('Enter');
    await page.getByText('C’est refusé').waitFor();
    await sameQuestion.getByRole('button', { name: 'Oui, je déménage aussi' }).press('Enter');
    await sameQuestion.getByRole('heading', { name: 'Cela n’a pas été fait' }).waitFor();
    await page.goto(`${portal}/requests`);
    expect(await page.getByText('a déclaré que vous déménagez aussi').count()).toBe(0);

    await angela.page.getByRole('link', { name: 'Refresh' }).click();
    await angela.page.getByText('Your spouse (declined)').waitFor();
    await Promise.all([context.close(), angela.context.close()]);
  });
});

describe('what the hub may let go of', () => {
  it('is shown with what stays and why, confirmed, erased, and told', async () => {
    const { page, context } = await aVisitor(browser);
    await openSignedIn(page, `${portal}/account`, 'dupont-paul');
    await page.getByRole('link', { name: 'Voir ce qui peut être effacé' }).press('Enter');
    // Cancelled above; over when every recipient has said so.
    await until('the cancelled move is over', async () => {
      await page.reload();
      return /Il y en a (un|2|3)\./.test(await page.getByRole('main').innerText());
    });
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Effacer définitivement' }).press('Enter');
    await page.getByRole('link', { name: 'Cochez la case pour confirmer.' }).press('Enter');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('checkbox').press('Space');
    await page.getByRole('button', { name: 'Effacer définitivement' }).press('Enter');
    await page.getByRole('status').getByText('C’est effacé').waitFor();
    expect(await page.getByRole('main').innerText()).toMatch(/Le journal de qui a lu vos données[\s\S]*Jusqu’au \d/);
    expect(await axeFaults(page)).toEqual([]);
    await page.goto(`${portal}/moves`);
    await page.getByText('effacée à votre demande, ou par le temps').first().waitFor();
    expect(await page.getByRole('main').innerText()).not.toContain('rue des Lilas');
    await context.close();
  });
});
