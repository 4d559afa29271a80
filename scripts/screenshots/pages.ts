import type { PortalSandbox } from '../../test/support/portalSandbox.ts';
import { logIn, type aVisitor } from '../../test/support/portalVisitor.ts';

type Page = Awaited<ReturnType<typeof aVisitor>>['page'];

/** A page worth looking at, in one state. */
export interface Shot {
  /** Also the file's name. */
  readonly name: string;
  /** Undefined for somebody who has not signed in. */
  readonly persona?: string;
  /** Where it is: a path of the citizen's portal, or a whole address. */
  readonly at: (sandbox: PortalSandbox) => Promise<string> | string;
  /** What is done there first. */
  readonly act?: (page: Page) => Promise<void>;
}

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

/** Every page, in the states that it has. */
export const SHOTS: readonly Shot[] = [
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
  ...pathShots('dupont-paul', ['/moves', '/moves/new']),
  ...pathShots('dupont-angela', ['/home', '/requests', '/authorisations', '/access-log']),
  ...pathShots('dubois-angela', ['/my-data', '/household']),
];

/** Signs in where the page asks for it, and does what leads to its state. */
export async function prepare(page: Page, shot: Shot, address: string): Promise<void> {
  await page.goto(address);
  if (shot.persona !== undefined && /\/interaction\//.test(page.url())) await logIn(page, shot.persona);
  await shot.act?.(page);
  await page.waitForLoadState();
}
