import { timingSafeEqual } from 'node:crypto';
import type { Session } from '../session/sessions.ts';

/** Name of the hidden field. */
export const CSRF_FIELD = 'csrf';

/**
 * Whether a form was sent by a page of this site (OWASP, Cross-Site Request Forgery Prevention): the browser says so in Origin, and
 * where there is a session its token came along. SameSite=Lax keeps the session's cookie out of other sites' forms besides.
 */
export function isFromOwnPage(
  { origin, site }: { readonly origin: string | undefined; readonly site: string | undefined },
  ownOrigin: string,
  session: Session | undefined,
  form: FormData,
): boolean {
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin !== ownOrigin) return false;
  return session === undefined || isSame(session.csrfToken, form.get(CSRF_FIELD));
}

function isSame(expected: string, got: unknown): boolean {
  if (typeof got !== 'string' || got.length !== expected.length) return false;
  return timingSafeEqual(Buffer.from(expected), Buffer.from(got));
}
