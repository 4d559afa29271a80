import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { householdIncome, PROCEDURES } from '../../portal/service/procedures.ts';
import { CANTEEN_TARIFF, priceOf } from '../../portal/service/tariff.ts';
import { startBrowser } from '../support/browser.ts';
import { aVisitor, axeFaults, layoutFaults, logIn, openSignedIn } from '../support/portalVisitor.ts';
import { aDataDir, startedSandbox, type StartedSandbox } from '../support/startedSandbox.ts';

const dataDir = aDataDir();
let sandbox: StartedSandbox;
let browser: Browser;
let service: string;

beforeAll(async () => {
  sandbox = await startedSandbox(dataDir.path);
  browser = await startBrowser();
  service = sandbox.ready.service;
});
afterAll(async () => {
  await browser.close();
  await sandbox.end('SIGTERM');
  dataDir.remove();
});

const shown = (page: Page) => page.locator('main').innerText();

/** FranceConnect's page after the login of who has to agree there too. */
async function passOnConsent(page: Page): Promise<void> {
  await page.getByLabel('J’accepte que').check();
  await page.getByRole('button', { name: /^Continuer/ }).click();
}

describe('the tariff', () => {
  it.each([
    [0, 100],
    [599, 100],
    [600, 250],
    [1999, 380],
    [2000, 520],
    [99_999, 520],
  ])('asks of a quotient of %d for %d cents', (quotient, cents) => {
    expect(priceOf(quotient, CANTEEN_TARIFF)).toBe(cents);
  });

  it.each([-1, NaN, Infinity])('takes no %d for a quotient', (quotient) => {
    expect(() => priceOf(quotient, CANTEEN_TARIFF)).toThrow(TypeError);
  });
});

it.each(PROCEDURES)('$id asks what the public graph knows', ({ question }) => {
  const schema = buildSchema(readFileSync(new URL('../../schema/composed/api.graphql', import.meta.url), 'utf8'));
  expect(validate(schema, parse(question.document))).toEqual([]);
});

describe("a household's income", () => {
  const household = (own: number | null, partners: number | null | 'nobody') => {
    const noticeOf = (referenceTaxIncome: number | null) => ({ taxAssessment: { referenceTaxIncome } });
    const union = partners === 'nobody' ? null : { partner: noticeOf(partners) };
    return householdIncome({ me: { ...noticeOf(own), civilStatus: { union } } });
  };

  it('counts a joint notice once, two notices both, and nobody where there is no partner', () => {
    expect(household(84_210, 84_210)).toBe(84_210);
    expect(household(20_000, 12_000)).toBe(32_000);
    expect(household(20_000, 0)).toBe(20_000);
    expect(household(20_000, 'nobody')).toBe(20_000);
  });

  it('is unknown while one of them is', () => {
    expect(household(20_000, null)).toBeUndefined();
    expect(household(null, 20_000)).toBeUndefined();
    expect(
      householdIncome({ me: { taxAssessment: { referenceTaxIncome: 20_000 }, civilStatus: null } }),
    ).toBeUndefined();
  });
});

describe("the canteen's form", () => {
  it('tells what it will read, shows it, sends it, and gives a receipt without values, in French without JavaScript', async () => {
    const { page, context } = await aVisitor(browser, { javaScriptEnabled: false });
    await page.goto(`${service}/canteen`);
    for (const words of ['CAF', 'L114-8', '12 mois', 'moins de 600']) expect(await shown(page)).toContain(words);
    await page.getByRole('link', { name: 'Continuer avec FranceConnect' }).click();
    await logIn(page, 'dupont-paul');
    expect(await shown(page)).toContain('2550');
    await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/canteen/receipt');
    expect(await shown(page)).toMatch(/5,20\s€/);
    expect(await shown(page)).toMatch(/VLE-[0-9A-F]{10}/);
    expect(await shown(page)).not.toContain('2550');
    const cookies = await context.cookies(service);
    expect(cookies.map(({ name, value }) => [name, value.startsWith('eyJ')])).toContainEqual([
      'service_session',
      false,
    ]);
    expect(cookies.some(({ value }) => value.startsWith('eyJ'))).toBe(false);
    await context.close();
  });

  it('has a way for who shares nothing: errors at their fields, then a price, in English', async () => {
    const { page, context } = await aVisitor(browser, { language: 'en' });
    await page.goto(`${service}/canteen/otherwise`);
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Send my request' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('in figures');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByLabel('Your family quotient').fill('850');
    await page.getByLabel('I state on my honour').check();
    await page.getByRole('button', { name: 'Send my request' }).click();
    expect(await shown(page)).toContain('€2.50');
    expect(await shown(page)).toContain('stated on your honour');
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });

  it('sends who objected to the portal to decide anew, and nobody is read meanwhile', async () => {
    const { page, context } = await aVisitor(browser);
    await page.goto(`${service}/canteen/request`);
    await logIn(page, 'simpson-marge');
    expect(await shown(page)).toContain('Ces données nous sont fermées');
    expect(await shown(page)).toContain('non communiqué');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Revoir ma décision' }).click();
    await logIn(page, 'simpson-marge');
    await page.getByRole('button', { name: 'J’ai compris, continuer' }).click();
    await page.waitForURL(`${service}/canteen/request?back`);
    await page.getByRole('button', { name: 'Envoyer ma demande' }).waitFor();
    await context.close();
  });

  it('takes a document by what it is, not by its name, and keeps it to this session', async () => {
    const { page, context } = await aVisitor(browser);
    const send = async (text: string) => {
      await page.goto(`${service}/canteen/otherwise`);
      const file = { name: 'attestation.pdf', mimeType: 'application/pdf', buffer: Buffer.from(text) };
      await page.getByLabel('Votre attestation').setInputFiles(file);
      await page.getByRole('button', { name: 'Envoyer le document' }).click();
    };
    await send('<script>');
    expect(await page.getByRole('alert').innerText()).toContain('PDF, JPEG ou PNG');
    await send(`%PDF-1.7${' '.repeat(2_000_000)}`);
    expect(await page.getByRole('alert').innerText()).toContain('2 Mo');
    await send('%PDF-1.7');
    expect(await shown(page)).toContain('après lecture du document');
    await context.close();
    const other = await fetch(`${service}/canteen/receipt`);
    expect(other.status).toBe(404);
  });
});

it('has nothing for axe to find fault with on any open page, dark, 320 pixels wide, where nothing overhangs', async () => {
  const { page, context } = await aVisitor(browser, { viewport: { width: 320, height: 800 }, colorScheme: 'dark' });
  const paths = ['/', '/canteen', '/creche', '/housing', '/housing/otherwise', '/creche/receipt', '/accessibility'];
  for (const path of [...paths, '/housing/retour?state=partner-x']) {
    await page.goto(service + path);
    expect(await axeFaults(page)).toEqual([]);
    expect(await layoutFaults(page)).toEqual([]);
  }
  await context.close();
});

describe("the crèche's form", () => {
  it('names what is missing, and leads to the portal by one button', async () => {
    const { page, context } = await aVisitor(browser);
    await page.goto(`${service}/creche`);
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Continuer avec FranceConnect' }).click();
    await logIn(page, 'giraud-anne');
    // FranceConnect passes a consent on; which fields it opens is the hub's to say.
    await passOnConsent(page);
    expect(await page.locator('.note--attention li').allInnerTexts()).toEqual([
      'Adresse déclarée, pour vérifier que vous habitez la commune',
    ]);
    expect(await page.getByRole('button', { name: 'Envoyer ma demande' }).count()).toBe(0);
    expect(await axeFaults(page)).toEqual([]);
    const asked = page.waitForRequest((request) => request.url().startsWith(`${sandbox.ready.portal}/consents/con_`));
    await page.getByRole('button', { name: 'Donner mon accord' }).click();
    await asked;
    await context.close();
  });

  it('asks again when the person comes back from the portal, and sends what it then reads', async () => {
    const { page, context } = await aVisitor(browser);
    await page.goto(`${service}/creche/request`);
    await logIn(page, 'giraud-anne');
    await passOnConsent(page);
    await page.getByRole('button', { name: 'Donner mon accord' }).click();
    // The portal is another client of FranceConnect, with a session of its own.
    await logIn(page, 'giraud-anne');
    expect(page.url()).toContain(`${sandbox.ready.portal}/consents/con_`);
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: 'Envoyer ce que j’ai coché' }).click();
    await page.waitForURL(`${service}/creche/request?back`);
    expect(await shown(page)).toContain('AUBAGNE');
    expect(await page.getByRole('status').innerText()).toContain('Vous voici de retour');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
    expect(await shown(page)).toMatch(/2,30\s€/);
    expect(await shown(page)).toContain('Adresse déclarée');
    expect(await shown(page)).not.toContain('AUBAGNE');
    expect(await axeFaults(page)).toEqual([]);
    await page.goto(`${service}/creche/retour?state=of-somebody-else`);
    expect(page.url()).toBe(`${service}/creche/request`);
    await context.close();
  });

  it("has no use for the canteen's session: purposes differ", async () => {
    const { page, context } = await aVisitor(browser);
    await page.goto(`${service}/canteen/request`);
    await logIn(page, 'dupont-paul');
    await page.goto(`${service}/creche/request`);
    expect(new URL(page.url()).origin).toBe(sandbox.ready.sandbox);
    await context.close();
  });
});

describe('a form with the income of a spouse', () => {
  it('hands him a link that is hers alone, and is sent once she has answered', async () => {
    const { page, context } = await aVisitor(browser);
    await page.goto(`${service}/housing`);
    for (const words of ['état civil', 'L114-8', 'son consentement', '36 mois'])
      expect(await shown(page)).toContain(words);
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Continuer avec FranceConnect' }).click();
    await logIn(page, 'dupont-paul');
    expect(await shown(page)).toMatch(/84\s210\s€/);
    expect(await shown(page)).toContain('Il nous manque l’accord de votre conjoint');
    expect(await page.getByRole('button', { name: 'Envoyer ma demande' }).count()).toBe(0);
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Préparer le lien' }).click();
    const link = await page.getByLabel('Le lien à remettre').inputValue();
    expect(link).toMatch(new RegExp(`^${sandbox.ready.portal}/consents/con_[\\w-]{22}$`));
    expect(await axeFaults(page)).toEqual([]);
    await page.goto(link);
    await logIn(page, 'dupont-paul');
    expect(await shown(page)).toContain('n’est pas pour vous');

    const { page: hers, context: ofHers } = await aVisitor(browser, { language: 'en' });
    await openSignedIn(hers, link, 'dupont-angela');
    expect(await shown(hers)).toContain('comes from your spouse');
    for (const box of await hers.getByRole('checkbox').all()) await box.check();
    await hers.locator('button[value="accept"]').click();
    await hers.getByRole('heading', { name: 'Thank you' }).waitFor();
    expect(hers.url()).toMatch(`${service}/housing/retour?state=partner-`);
    expect(await axeFaults(hers)).toEqual([]);
    await ofHers.close();

    await page.goto(`${service}/housing/request`);
    await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
    // A joint notice: 84,210 euros for both, once.
    expect(await shown(page)).toMatch(/9,80\s€/);
    expect(await shown(page)).toContain('Revenu fiscal de référence de votre conjoint');
    expect(await shown(page)).not.toMatch(/84\s210/);
    // What is the law's for him is her consent for her.
    for (const words of ['L114-8', 'son consentement']) expect(await shown(page)).toContain(words);
    await context.close();
  });

  it('has a way for who cannot or will not share, without JavaScript', async () => {
    const { page, context } = await aVisitor(browser, { language: 'en', javaScriptEnabled: false });
    await page.goto(`${service}/housing/otherwise`);
    await page.getByLabel('The household’s income').fill('32 000');
    await page.getByLabel('I state on my honour').check();
    await page.getByRole('button', { name: 'Send my request' }).click();
    expect(await shown(page)).toContain('€6.10');
    await context.close();
  });
});
