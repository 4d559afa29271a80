import { signInWhereAsked, type Shot } from './shot.ts';

function serviceShot(name: string, path: string, more: Pick<Shot, 'persona' | 'act'> = {}): Shot {
  return { name: `service-${name}`, at: ({ sandbox }) => sandbox.ready.service + path, ...more };
}

/** A town's forms, in the states that they have. */
export const SERVICE_SHOTS: readonly Shot[] = [
  serviceShot('home', '/'),
  ...['canteen', 'creche', 'housing'].map((id) => serviceShot(id, `/${id}`)),
  serviceShot('otherwise', '/canteen/otherwise'),
  serviceShot('otherwise-wrong', '/housing/otherwise', {
    act: (page) => page.locator('button[type="submit"].button:not(.button--second)').last().click(),
  }),
  serviceShot('sworn-receipt', '/housing/otherwise', {
    async act(page) {
      await page.locator('#amount').fill('32000');
      await page.locator('#sworn').check();
      await page.locator('#sworn ~ label, #sworn').first().press('Enter');
      await page.waitForURL(/receipt/);
    },
  }),
  serviceShot('no-receipt', '/creche/receipt'),
  serviceShot('preview', '/canteen/request', { persona: 'dupont-paul' }),
  serviceShot('receipt', '/canteen/request', {
    persona: 'dupont-paul',
    act: (page) => page.locator('main button[type="submit"]').click(),
  }),
  serviceShot('closed', '/canteen/request', { persona: 'simpson-marge' }),
  serviceShot('missing', '/creche/request', { persona: 'giraud-anne' }),
  serviceShot('partner-missing', '/housing/request', { persona: 'dupont-paul' }),
  serviceShot('partner-link', '/housing/request', {
    persona: 'dupont-paul',
    async act(page) {
      await signInWhereAsked(page, 'dupont-paul');
      await page.locator('main button[type="submit"]').first().click();
    },
  }),
  serviceShot('thanks', '/housing/retour?state=partner-x'),
];
