import { logIn } from '../../test/support/portalVisitor.ts';
import type { Page, Shot } from './shot.ts';

const TOWN = 'mairie-agente';
const INSTRUCTOR = 'hub-instructeur';

function agencyShot(name: string, path: string, more: Pick<Shot, 'persona' | 'act'> = {}): Shot {
  return { name: `agency-${name}`, at: ({ sandbox }) => sandbox.ready.agencyPortal + path, ...more };
}

async function playPaul(page: Page): Promise<void> {
  await page.locator('main a[href^="/try/canteen/"]').click();
  await logIn(page, 'dupont-paul');
}

/** The pages for administrations and teams, in the states that they have. */
export const AGENCY_SHOTS: readonly Shot[] = [
  agencyShot('catalogue', '/'),
  agencyShot('found', '/?q=cotient%20familial'),
  agencyShot('nothing', '/?q=zzzzz'),
  agencyShot('field', '/fields/FamilyQuotient.value'),
  agencyShot('field-of-a-year', '/fields/TaxAssessment.referenceTaxIncome'),
  agencyShot('unknown-field', '/fields/No.where'),
  agencyShot('agencies', '/agencies'),
  agencyShot('developers', '/developers'),
  agencyShot('reference', '/reference'),
  agencyShot('errors', '/errors'),
  agencyShot('join', '/join'),
  agencyShot('try', '/try?field=FamilyQuotient.value'),
  agencyShot('try-answer', '/try?field=FamilyQuotient.value', {
    async act(page) {
      await playPaul(page);
      await page.locator('main button[type="submit"]').click();
    },
  }),
  agencyShot('graphiql', '/try', {
    async act(page) {
      await playPaul(page);
      await page.locator('a[href^="/try/graphiql"]').click();
      await page.locator('.graphiql-execute-button').click();
      await page.locator('.result-window', { hasText: '2550' }).waitFor();
    },
  }),
  ...['/habilitations', '/habilitations/hab-canteen-1', '/habilitations/new', '/services', '/services/canteen'].map(
    (path) => agencyShot(`${path.slice(1).replaceAll('/', '-')}-${TOWN}`, path, { persona: TOWN }),
  ),
  agencyShot('habilitations-new-wrong', '/habilitations/new', {
    persona: TOWN,
    act: (page) => page.locator('main button[type="submit"]').first().click(),
  }),
  ...['/habilitations', '/habilitations/hab-canteen-1', '/services/new'].map((path) =>
    agencyShot(`${path.slice(1).replaceAll('/', '-')}-${INSTRUCTOR}`, path, { persona: INSTRUCTOR }),
  ),
];
