import type { PortalSandbox } from '../../test/support/portalSandbox.ts';
import { logIn, logInAgent, type aVisitor } from '../../test/support/portalVisitor.ts';

export type Page = Awaited<ReturnType<typeof aVisitor>>['page'];

/** A page worth looking at, in one state. */
export interface Shot {
  /** Also the file's name. */
  readonly name: string;
  /** Undefined for somebody who has not signed in; an agent of an administration for pages that are theirs. */
  readonly persona?: string;
  /** Where it is: a path of the citizen's portal, or a whole address. */
  readonly at: (sandbox: PortalSandbox) => Promise<string> | string;
  /** What is done there first. */
  readonly act?: (page: Page) => Promise<void>;
}

/** Signs in where the page asks for it, and does what leads to its state. */
export async function prepare(page: Page, shot: Shot, address: string): Promise<void> {
  await page.goto(address);
  if (shot.persona !== undefined) await signInWhereAsked(page, shot.persona);
  await shot.act?.(page);
  await page.waitForLoadState();
}

/** On whichever login page a link led to; a service that asks for consent has FranceConnect ask too. */
export async function signInWhereAsked(page: Page, person: string): Promise<void> {
  if (!/\/interaction\//.test(page.url())) return;
  if (await page.locator(`button[name="agent"][value="${person}"]`).count()) return logInAgent(page, person);
  await logIn(page, person);
  const box = page.locator('input[name="agree"]');
  if (!(await box.count())) return;
  await box.check();
  await page.getByRole('button', { name: /^Continuer/ }).click();
}
