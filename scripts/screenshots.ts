import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startPortalSandbox, type PortalSandbox } from '../test/support/portalSandbox.ts';
import { firstVisit } from '../test/support/firstVisit.ts';
import { aVisitor } from '../test/support/portalVisitor.ts';
import { SHOTS } from './screenshots/pages.ts';
import { prepare } from './screenshots/shot.ts';

/*
 * npm run screenshots [-- --into FOLDER] [NAME…]
 * Every page of the three sites in its states, or those whose names begin like that, on a phone and on a wide screen, light and dark, in both languages, into screenshots/; then what the first page of
 * each site weighs.
 */

const FOLDER = join(import.meta.dirname, '../screenshots');
const LOOKS = [
  { name: 'wide-light', viewport: { width: 1280, height: 900 }, colorScheme: 'light', language: 'fr' },
  { name: 'wide-dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark', language: 'en' },
  { name: 'phone-light', viewport: { width: 390, height: 844 }, colorScheme: 'light', language: 'en' },
  { name: 'phone-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark', language: 'fr' },
] as const;

async function main(folder: string, wanted: readonly string[]): Promise<void> {
  const shots = SHOTS.filter(({ name }) => wanted.length === 0 || wanted.some((one) => name.startsWith(one)));
  if (folder === FOLDER) await rm(FOLDER, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const sandbox = await startPortalSandbox();
  try {
    // The log has something to tell.
    await sandbox.read(
      'dupont-paul',
      'canteen',
      '{ me { familyFile { quotient { value } } addresses { address { city } } } }',
    );
    await sandbox.read('dupont-paul', 'creche', '{ me { familyFile { quotient { value } children { givenNames } } } }');
    const addresses = new Map<string, string>();
    for (const shot of shots) addresses.set(shot.name, new URL(await shot.at(sandbox), sandbox.portal).href);
    const personas = [...new Set(shots.map(({ persona }) => persona))];
    for (const { name: look, ...options } of LOOKS) {
      for (const persona of personas) {
        const { page, context } = await aVisitor(sandbox.browser, options);
        for (const shot of shots.filter((one) => one.persona === persona)) {
          await prepare(page, shot, addresses.get(shot.name)!);
          await page.screenshot({ path: join(folder, `${shot.name}-${look}.png`), fullPage: true });
        }
        await context.close();
      }
    }
    console.table(await firstVisits(sandbox));
    console.log(`${shots.length * LOOKS.length} pictures in ${folder}`);
  } finally {
    await sandbox.close();
  }
}

/** What the first page of each site weighs, and how soon it is there, here and on a slow phone. */
async function firstVisits({ browser, sandbox: { ready } }: PortalSandbox): Promise<Readonly<Record<string, object>>> {
  const table: Record<string, object> = {};
  for (const site of ['portal', 'agencyPortal', 'service'] as const) {
    table[site] = await firstVisit(browser, ready[site]);
    table[`${site}, slow phone`] = await firstVisit(browser, ready[site], true);
  }
  return table;
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { into: { type: 'string' } } });
await main(resolve(values.into ?? FOLDER), positionals);
