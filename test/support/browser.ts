import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';

/**
 * A headless Chromium that comes from npm alone: no browser need be installed. Takes about 3 s the first time on a machine, since it
 * is unpacked into the temporary folder. Whoever starts it closes it.
 *
 * The package's own arguments are for a serverless host: among them --disable-web-security, under which no test of a page's policy
 * could fail, and --single-process, under which closing one context ends the browser.
 *
 * @param more arguments of Chromium's own.
 */
export async function startBrowser(more: readonly string[] = []): Promise<Browser> {
  chromium.setGraphicsMode = false;
  const executablePath = await chromium.executablePath();
  return playwright.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', ...more],
  });
}
