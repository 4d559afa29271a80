import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startBrowser } from '../test/support/browser.ts';
import { aDataDir, startedSandbox, type ReadyLine } from '../test/support/startedSandbox.ts';
import { installPeer } from './bench/targets/install.ts';

/*
 * npm run lighthouse
 * Lighthouse on the first pages of the three sites, a form and the page of one field: a phone on a slow network. It is installed into the temporary
 * folder on demand, outside the product's dependencies.
 */

/** The last one that runs on Node 20. */
const VERSION = '12.8.2';
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;
const FIGURES = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
  'total-byte-weight',
] as const;

type RunLighthouse = (
  url: string,
  flags: { readonly port: number; readonly onlyCategories: readonly string[]; readonly logLevel: 'error' },
) => Promise<{
  readonly lhr: {
    readonly categories: Readonly<Record<string, { readonly score: number | null }>>;
    readonly audits: Readonly<Record<string, { readonly displayValue?: string }>>;
  };
}>;

const pagesOf = ({ portal, agencyPortal, service }: ReadyLine) => ({
  portal,
  agencyPortal,
  service,
  'a form': `${service}/housing`,
  'a field': `${agencyPortal}/fields/FamilyQuotient.value`,
});

async function main(): Promise<void> {
  const folder = join(tmpdir(), 'trait-dunion-lighthouse');
  const failure = await installPeer(folder, { lighthouse: VERSION });
  if (failure !== undefined) throw new Error(failure);
  const entry = pathToFileURL(join(folder, 'node_modules/lighthouse/core/index.js')).href;
  const { default: run } = (await import(entry)) as { readonly default: RunLighthouse };
  const dataDir = aDataDir();
  const sandbox = await startedSandbox(dataDir.path);
  const port = await freePort();
  const browser = await startBrowser([`--remote-debugging-port=${port}`]);
  try {
    const table: Record<string, object> = {};
    for (const [name, url] of Object.entries(pagesOf(sandbox.ready))) {
      const { lhr } = await run(url, { port, onlyCategories: CATEGORIES, logLevel: 'error' });
      table[name] = Object.fromEntries([
        ...CATEGORIES.map((category) => [category, Math.round((lhr.categories[category]?.score ?? 0) * 100)]),
        ...FIGURES.map((figure) => [figure, lhr.audits[figure]?.displayValue]),
      ]) as object;
    }
    console.table(table);
  } finally {
    await browser.close();
    await sandbox.end('SIGTERM');
    dataDir.remove();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

await main();
