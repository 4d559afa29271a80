/** A cookie of the site's pages: not for scripts, not for other sites' forms, gone with the browser unless `maxAgeSeconds` says otherwise. */
export interface CookieOptions {
  readonly isSecure: boolean;
  readonly maxAgeSeconds?: number;
}

/** With https `__Host-` binds the cookie to this very host (RFC 6265bis, 4.1.3.2); without, browsers would drop such a name. */
export function cookieName(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name;
}

/** Value of `set-cookie`. SameSite=Lax, not Strict: people arrive from FranceConnect and from services' links, and are to stay signed in. */
export function writeCookie(name: string, value: string, { isSecure, maxAgeSeconds }: CookieOptions): string {
  const parts = [`${cookieName(name, isSecure)}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Lax'];
  if (isSecure) parts.push('Secure');
  if (maxAgeSeconds !== undefined) parts.push(`Max-Age=${maxAgeSeconds}`);
  return parts.join('; ');
}

/** The first cookie of that name in a `cookie` header. */
export function readCookie(header: string | undefined, name: string, isSecure: boolean): string | undefined {
  const prefix = `${cookieName(name, isSecure)}=`;
  return (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix))
    ?.slice(prefix.length);
}
