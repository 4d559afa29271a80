import { AGENCY_SHOTS } from './agencyPages.ts';
import { SERVICE_SHOTS } from './servicePages.ts';
import type { Shot } from './shot.ts';

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

const CITIZEN_SHOTS: readonly Shot[] = [
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

/** Every page of the three sites, in the states that it has. */
export const SHOTS: readonly Shot[] = [...CITIZEN_SHOTS, ...SERVICE_SHOTS, ...AGENCY_SHOTS];
