import type { Browser } from 'playwright-core';
import { aVisitor, type VisitorOptions } from './portalVisitor.ts';

/** What the first page of a site costs somebody whose browser has never seen it. */
export interface FirstVisit {
  readonly requests: number;
  /** Headers and bodies as they were sent, compressed. */
  readonly bytes: number;
  /** First and largest contentful paint, ms since the visit began. */
  readonly firstPaintMs: number;
  readonly largestPaintMs: number;
  /** Cumulative layout shift: 0 = nothing moved. */
  readonly layoutShift: number;
}

const PHONE = { viewport: { width: 390, height: 844 } };

/** Lighthouse's phone: 1.6 Mbit/s down, 0.75 up, 562.5 ms to the server and back, a processor four times slower. */
const SLOW = {
  network: { offline: false, latency: 562.5, downloadThroughput: 1_474_560 / 8, uploadThroughput: 675_000 / 8 },
  processorTimes: 4,
};

const OBSERVE = `
  globalThis.seen = { shift: 0, first: 0, largest: 0 };
  const observe = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  observe('layout-shift', ({ value }) => { seen.shift += value; });
  observe('paint', ({ name, startTime }) => { if (name === 'first-contentful-paint') seen.first = startTime; });
  observe('largest-contentful-paint', ({ startTime }) => { seen.largest = startTime; });`;

/** Opens the page as a new visitor on a phone; `isSlow`: on a slow network and processor. */
export async function firstVisit(
  browser: Browser,
  url: string,
  isSlow = false,
  options: VisitorOptions = {},
): Promise<FirstVisit> {
  const { page, context } = await aVisitor(browser, { ...PHONE, ...options });
  if (isSlow) {
    const devTools = await context.newCDPSession(page);
    await devTools.send('Network.enable');
    await devTools.send('Network.emulateNetworkConditions', SLOW.network);
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: SLOW.processorTimes });
  }
  await page.addInitScript(OBSERVE);
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (request.url().startsWith('data:')) return;
    const size = request
      .sizes()
      .then(({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize);
    sizes.push(size);
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  const seen = await page.evaluate<{ shift: number; first: number; largest: number }>('globalThis.seen');
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await context.close();
  return {
    ...{ requests: sizes.length, bytes, layoutShift: seen.shift },
    ...{ firstPaintMs: Math.round(seen.first), largestPaintMs: Math.round(seen.largest) },
  };
}
