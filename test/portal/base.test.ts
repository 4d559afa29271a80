import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startPortalSandbox, type PortalSandbox } from '../support/portalSandbox.ts';
import { aVisitor, axeFaults, logIn } from '../support/portalVisitor.ts';

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

  it('is light: four requests and less than 100 KB the first time, and nothing moves', async () => {
    const { page, context } = await aVisitor(browser, { viewport: { width: 390, height: 800 } });
    await page.addInitScript(
      'globalThis.shift = 0; new PerformanceObserver((list) => { for (const { value } of list.getEntries()) globalThis.shift += value; }).observe({ type: "layout-shift", buffered: true });',
    );
    const sizes: number[] = [];
    page.on('requestfinished', (request) => {
      if (!request.url().startsWith('data:'))
        void request
          .sizes()
          .then(({ responseBodySize, responseHeadersSize }) => sizes.push(responseBodySize + responseHeadersSize));
    });
    await page.goto(portal, { waitUntil: 'networkidle' });
    expect(sizes.length).toBeLessThanOrEqual(4);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(100_000);
    expect(await page.evaluate('globalThis.shift')).toBe(0);
    await context.close();
  });
});
