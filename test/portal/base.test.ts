import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { returnUrlOf, startPortalSandbox, type AskingService, type PortalSandbox } from '../support/portalSandbox.ts';
import { firstVisit } from '../support/firstVisit.ts';
import { aVisitor, axeFaults, logIn, openSignedIn } from '../support/portalVisitor.ts';

let sandbox: PortalSandbox;
let browser: Browser;
let portal: string;

beforeAll(async () => {
  sandbox = await startPortalSandbox();
  ({ browser, portal } = sandbox);
});

afterAll(() => sandbox.close());

const sessionCookie = async (page: Page) =>
  (await page.context().cookies()).find(({ name }) => name === 'portal_session');

describe('signing in', () => {
  it('goes through FranceConnect and back by keyboard, with a new session id, and out again at both', async () => {
    const { page, context } = await aVisitor(browser);
    await page.goto(portal);
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Se connecter avec FranceConnect' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/interaction/);
    const before = await sessionCookie(page);
    await logIn(page, 'dupont-paul');
    await page.getByRole('heading', { level: 1, name: /Paul/ }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    const during = await sessionCookie(page);
    expect(during).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(during!.value).not.toBe(before!.value);
    expect(await page.evaluate('document.cookie')).toBe('');

    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.getByRole('heading', { name: 'Vous êtes déconnecté' }).waitFor();
    expect(await sessionCookie(page)).toBeUndefined();
    await context.addCookies([during!]);
    await page.goto(portal);
    await page.getByRole('link', { name: 'Se connecter avec FranceConnect' }).waitFor();
    await context.close();
  });

  it('works without JavaScript, in English', async () => {
    const { page, context } = await aVisitor(browser, { language: 'en', javaScriptEnabled: false });
    await page.goto(portal);
    await page.getByRole('link', { name: 'Sign in with FranceConnect' }).click();
    await logIn(page, 'dupont-angela');
    await page.getByRole('heading', { level: 1, name: /^Hello Angela/ }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    // FranceConnect's own page, which goes on by itself where scripts run.
    await page.getByRole('button', { name: /Continue/ }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await context.close();
  });

  it('takes no answer that another browser began', async () => {
    const { page, context } = await aVisitor(browser);
    await page.goto(`${portal}/callback?code=stolen&state=stolen`);
    await page.getByRole('heading', { name: 'La connexion n’a pas abouti' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });

  it('comes back to a page of this site, and to no other', async () => {
    const { page, context } = await aVisitor(browser);
    await page.goto(`${portal}/sign-in?to=${encodeURIComponent('//evil.example/x')}`);
    await logIn(page, 'dupont-paul');
    await page.waitForURL(`${portal}/home`);
    await context.close();
  });
});

describe('every page', () => {
  it('lets in nothing inline and nothing from elsewhere, and stays out of caches and frames', async () => {
    const { headers } = await fetch(portal);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*/);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('keeps the language that somebody chose', async () => {
    const { page, context } = await aVisitor(browser);
    await page.goto(`${portal}/accessibility`);
    await page.getByRole('link', { name: 'English' }).click();
    await page.getByRole('heading', { level: 1, name: 'Accessibility' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.goto(`${portal}/nowhere`);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });

  it('takes no form of another site, nor one without its session’s token', async () => {
    const { page, context } = await aVisitor(browser);
    await page.goto(`${portal}/sign-in`);
    await logIn(page, 'dupont-paul');
    await page.waitForURL(`${portal}/home`);
    const cookie = (await sessionCookie(page))!;
    const send = (headers: Record<string, string>) =>
      fetch(`${portal}/sign-out`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie: `portal_session=${cookie.value}`, ...headers },
        body: new URLSearchParams({ csrf: 'guessed' }),
      });
    expect((await send({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await send({ origin: portal })).status).toBe(403);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: /Paul/ }).waitFor();
    await context.close();
  });

  it.each(['portal', 'agencyPortal', 'service'] as const)(
    'is light, as every site of ours (%s): four requests and less than 100 KB the first time, and nothing moves',
    async (site) => {
      const { requests, bytes, layoutShift } = await firstVisit(browser, sandbox.sandbox.ready[site]);
      expect(requests).toBeLessThanOrEqual(4);
      expect(bytes).toBeLessThan(100_000);
      expect(layoutShift).toBe(0);
    },
  );
});

const CRECHE = ['given_name', 'cnaf_quotient_familial', 'cnaf_adresse', 'dgfip_rfr', 'dgfip_annee_n_moins_1'];
const QUESTION = '{ me { familyFile { quotient { value } declaredAddress { city } } } }';

/** The service does not run here: what matters is that the browser goes there, and with what. That page is then an error of the browser's, still loading. */
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
    const again = await context.newPage();
    await again.goto(url);
    await again.getByRole('heading', { name: 'Cette demande est close' }).waitFor();
    expect(await axeFaults(again)).toEqual([]);
    await context.close();
  });
});

describe('without JavaScript, in English', () => {
  it('a request is refused as easily', async () => {
    const url = await sandbox.request('dupont-angela', 'creche', ['cnaf_adresse']);
    const { page, context } = await aVisitor(browser, { language: 'en', javaScriptEnabled: false });
    await openSignedIn(page, url, 'dupont-angela');
    await goesBack(page, 'creche', page.getByRole('button', { name: 'Refuse all of it' }).click());
    const after = await context.newPage();
    await after.goto(`${portal}/authorisations`);
    await after.getByText('One that has ended').click();
    await after.getByText('refused').first().waitFor();
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

describe('a request of a spouse’s form', () => {
  it('says who asked, and why it is hers to decide', async () => {
    const url = await sandbox.request('dupont-paul', 'creche', ['dgfip_rfr'], { subjects: [{ role: 'SPOUSE' }] });
    const { page, context } = await aVisitor(browser);
    await openSignedIn(page, url, 'dupont-angela');
    await page.getByText('La demande vient du formulaire de votre conjoint').waitFor();
    expect(await page.getByRole('main').innerText()).toContain('la décision n’appartient qu’à vous');
    expect(await axeFaults(page)).toEqual([]);
    await context.close();
  });
});

describe('a link that names nobody', () => {
  it('is shown to whoever opens it first, bound by the answer, and afterwards not for anybody else', async () => {
    const url = await sandbox.requestByLink('creche', ['cnaf_adresse']);
    const { page, context } = await aVisitor(browser);
    await openSignedIn(page, url, 'giraud-anne');
    await goesBack(page, 'creche', page.getByRole('button', { name: 'Tout refuser' }).click());
    await context.close();
    const { page: seen, context: other } = await aVisitor(browser);
    await openSignedIn(seen, url, 'dupont-angela');
    await seen.getByRole('heading', { name: 'Cette demande n’est pas pour vous' }).waitFor();
    expect(await seen.content()).not.toContain('Crèche');
    await other.close();
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
