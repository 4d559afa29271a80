import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';

/**
 * A headless Chromium that comes from npm alone: no browser need be installed. Takes about 3 s the first time on a machine, since it
 * is unpacked into the temporary folder. Whoever starts it closes it.
 */
export async function startBrowser(): Promise<Browser> {
  chromium.setGraphicsMode = false;
  const executablePath = await chromium.executablePath();
  return playwright.launch({ executablePath, args: chromium.args, headless: true });
}
