import type { Page, Shot } from './shot.ts';

const CRECHE = [
  'given_name',
  'cnaf_quotient_familial',
  'cnaf_enfants',
  'cnaf_adresse',
  'dgfip_rfr',
  'dgfip_annee_n_moins_1',
];

function pathShots(persona: string, paths: readonly string[]): readonly Shot[] {
  return paths.map((path) => ({
    name: `${path.slice(1).replaceAll('/', '-')}-${persona}`,
    persona,
    at: () => path,
  }));
}

/** The citizen's portal. What a shot does stays done for the next one of that persona, and once for each look. */
export const CITIZEN_SHOTS: readonly Shot[] = [
  { name: 'welcome', at: () => '/' },
  { name: 'accessibility', at: () => '/accessibility' },
  { name: 'signed-out', at: () => '/signed-out' },
  { name: 'not-found', at: () => '/nowhere' },
  { name: 'sign-in-refused', at: () => '/callback?state=x&code=x' },
  {
    name: 'consent-asked',
    persona: 'dupont-paul',
    at: (sandbox) => sandbox.request('dupont-paul', 'creche', CRECHE),
  },
  {
    name: 'consent-asked-nothing-ticked',
    persona: 'dupont-paul',
    at: (sandbox) => sandbox.request('dupont-paul', 'creche', CRECHE),
    act: (page) => page.locator('button[value="accept"]').click(),
  },
  {
    name: 'consent-told',
    persona: 'dupont-paul',
    at: (sandbox) => sandbox.request('dupont-paul', 'housing', [...CRECHE, 'etatcivil_acte_naissance']),
  },
  {
    name: 'consent-not-yours',
    persona: 'dupont-angela',
    at: (sandbox) => sandbox.request('dupont-paul', 'creche', CRECHE),
  },
  {
    name: 'consent-from-a-refusal',
    persona: 'dupont-angela',
    at: () => '/consents/new?service=creche&purpose=creche-place&scopes=cnaf_quotient_familial',
  },
  {
    name: 'menu',
    persona: 'dupont-paul',
    at: () => '/home',
    act: async (page) => {
      const button = page.locator('.menu__open');
      if (await button.isVisible()) await button.click();
    },
  },
  {
    name: 'authorisation',
    persona: 'dupont-paul',
    at: () => '/authorisations',
    act: (page) => page.locator('article a').first().click(),
  },
  ...pathShots('dupont-paul', [
    '/home',
    '/requests',
    '/my-data',
    '/authorisations',
    '/access-log',
    '/household',
    '/account',
  ]),
  ...pathShots('dupont-paul', ['/moves', '/moves/new', '/moves/B4H85EHSNN401', '/authorisations/con_unknown']),
  { name: 'moves-new-incomplete', persona: 'dupont-paul', at: () => '/moves/new', act: (page) => submit(page) },
  { name: 'moves-preview', persona: 'dupont-paul', at: () => '/moves/new', act: (page) => previewMove(page) },
  { name: 'move-declared', persona: 'dupont-paul', at: () => '/moves/new', act: (page) => declareMove(page) },
  {
    name: 'move-amend',
    persona: 'dupont-paul',
    at: () => '/moves',
    act: async (page) => {
      await page.locator('article a').first().click();
      await page.locator('a[href$="/amend"]').click();
    },
  },
  { name: 'erase', persona: 'dupont-paul', at: () => '/account/erase' },
  { name: 'erase-unconfirmed', persona: 'dupont-paul', at: () => '/account/erase', act: (page) => submit(page) },
  {
    name: 'access-log-filter',
    persona: 'dupont-paul',
    at: () => '/access-log',
    act: (page) => page.locator('summary').first().click(),
  },
  { name: 'access-log-nothing-found', persona: 'dupont-paul', at: () => '/access-log?until=2020-01-01' },
  ...pathShots('dupont-angela', ['/home', '/requests', '/authorisations', '/access-log']),
  {
    name: 'move-to-confirm',
    persona: 'dupont-angela',
    at: () => '/requests',
    act: (page) => page.locator('article a[href^="/moves/"]').first().click(),
  },
  {
    name: 'move-declined',
    persona: 'dupont-angela',
    at: () => '/requests',
    act: async (page) => {
      await page.locator('article a[href^="/moves/"]').first().click();
      await page.locator('button[name="accept"][value="no"]').click();
    },
  },
  ...pathShots('dubois-angela', ['/my-data', '/household']),
  {
    name: 'move-cancelled',
    persona: 'giraud-anne',
    at: () => '/moves/new',
    act: async (page) => {
      await declareMove(page);
      await submit(page);
    },
  },
  {
    name: 'erased',
    persona: 'giraud-anne',
    at: () => '/account/erase',
    act: async (page) => {
      await page.locator('#sure').check();
      await submit(page);
    },
  },
  ...pathShots('giraud-anne', ['/moves']),
  // On paper.
  ...pathShots('placard-elsa', ['/my-data', '/authorisations', '/access-log']).map((shot) => ({
    ...shot,
    name: `print-${shot.name}`,
    act: (page: Page) => page.emulateMedia({ media: 'print' }),
  })),
];

const TO_MOVE_MS = 20 * 86_400_000;

/** The page's own form; sign-out and the menu stand outside of main. */
async function submit(page: Page): Promise<void> {
  await page.locator('main form button[type="submit"]').first().click();
}

async function previewMove(page: Page): Promise<void> {
  const day = new Date(Date.now() + TO_MOVE_MS).toISOString().slice(0, 10);
  await page.locator('[id="newAddress.streetLine"]').fill('12 rue des Lilas');
  await page.locator('[id="newAddress.postCode"]').fill('35000');
  await page.locator('[id="newAddress.city"]').fill('Rennes');
  await page.locator('#effectiveDate').fill(day);
  for (const box of await page.locator('input[name="members"]').all()) await box.check();
  await submit(page);
}

async function declareMove(page: Page): Promise<void> {
  await previewMove(page);
  await submit(page);
  await page.waitForURL(/\/moves\/\w+\?done/);
}
