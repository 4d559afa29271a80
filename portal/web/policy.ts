/**
 * What a page may load and where its forms may lead: its own stylesheet, script and font, and nothing from elsewhere; nothing inline. The
 * origins of `formsLeadTo` are those to which a form's answer redirects, since browsers hold redirects to `form-action` too.
 */
export function contentSecurityPolicy(formsLeadTo: Iterable<string>): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    `form-action ${["'self'", ...new Set(formsLeadTo)].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** Headers of every page beside its policy. */
export function pageHeaders(isSecure: boolean): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=utf-8',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    // A page's address may hold a request's id: other sites learn nothing of it.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding, accept-language, cookie',
    ...(isSecure && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  };
}
