import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface VisitorOptions extends BrowserContextOptions {
  /** [fr] */
  readonly language?: 'fr' | 'en';
}

/** A browser of one person, and a page of it. */
export async function aVisitor(
  browser: Browser,
  { language = 'fr', ...options }: VisitorOptions = {},
): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
  const context = await browser.newContext({ locale, timezoneId: 'Europe/Paris', ...options });
  context.setDefaultTimeout(30_000);
  return { context, page: await context.newPage() };
}

/** On FranceConnect's login page: chooses that persona and goes on; works without JavaScript. */
export async function logIn(page: Page, persona: string): Promise<void> {
  await page.locator(`button[name="persona"][value="${persona}"]`).click();
  await page.getByRole('button', { name: /^Continuer/ }).click();
}

/** Opens that path of the portal, which sends to the login page first. */
export async function openSignedIn(page: Page, url: string, persona: string): Promise<void> {
  await page.goto(
    `${new URL(url).origin}/sign-in?to=${encodeURIComponent(new URL(url).pathname + new URL(url).search)}`,
  );
  await logIn(page, persona);
}

/** On the agents' login page: chooses that agent. */
export async function logInAgent(page: Page, agent: string): Promise<void> {
  await page.locator(`button[name="agent"][value="${agent}"]`).click();
}

/** What axe finds wrong with the page as it stands, one line for each rule and place: nothing, if all is well. */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(axeSource);
  const violations = (await page.evaluate(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(({ violations }) => violations)',
  )) as readonly { readonly id: string; readonly nodes: readonly { readonly target: readonly string[] }[] }[];
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${new URL(page.url()).pathname} ${id}: ${target.join(' ')}`),
  );
}

/** What of the page does not fit its window, or is cut: nothing, if all is well. What is for screen readers alone has no width, and tables and code may scroll in a frame of their own. */
export async function layoutFaults(page: Page): Promise<readonly string[]> {
  const faults = (await page.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    const name = (element) => element.tagName.toLowerCase() + '.' + element.className + ' ' + element.textContent.trim().slice(0, 40);
    const shown = [...document.body.querySelectorAll('*')].filter((element) => {
      return element.checkVisibility() && element.closest('.for-screen-readers, .skip, .scroll, .code, svg') === null;
    });
    const outside = shown.filter((element) => element.getBoundingClientRect().right > width + 1);
    const cut = shown.filter((element) => {
      const isCut = ['hidden', 'clip'].includes(getComputedStyle(element).overflowX);
      return isCut && element.scrollWidth > element.clientWidth + 1;
    });
    const sideways = document.documentElement.scrollWidth > width ? ['the page scrolls sideways'] : [];
    return [...sideways, ...outside.map((one) => 'outside: ' + name(one)), ...cut.map((one) => 'cut: ' + name(one))];
  })()`)) as readonly string[];
  return faults.map((fault) => `${new URL(page.url()).pathname} ${fault}`);
}
