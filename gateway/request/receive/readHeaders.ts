import type { IncomingMessage } from 'node:http';
import { HubError } from '../../platform/errors.ts';
import type { HubMode, Received } from '../exchange.ts';
import { malformed } from './readJson.ts';

/**
 * Refuses a header that decides something and stands there twice: a proxy may have read the other one. Node keeps the first and
 * says nothing. Throws HubError HUB_REQUEST_MALFORMED.
 */
export function refuseTwofoldHeaders(request: IncomingMessage): void {
  const seen = new Set<string>();
  const { rawHeaders } = request;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    // Names of other lengths are nobody's here; most headers stop at this line.
    if (!DECIDING_LENGTHS.has(name.length)) continue;
    const lower = name.toLowerCase();
    if (!DECIDING.has(lower)) continue;
    if (seen.has(lower)) throw malformed(`header ${lower} given twice`);
    seen.add(lower);
  }
}

const DECIDING: ReadonlySet<string> = new Set(['authorization', 'content-type', 'hub-operator', 'hub-purpose', 'dpop']);
const DECIDING_LENGTHS: ReadonlySet<number> = new Set([...DECIDING].map((name) => name.length));

const JSON_UTF8 = /^application\/json\s*(?:;\s*charset\s*=\s*(?:utf-?8|"utf-?8")\s*)?$/i;

/** Throws HubError HUB_REQUEST_MEDIA_TYPE_UNSUPPORTED unless the body is JSON in UTF-8, sent as it is. */
export function requireJsonBody(request: IncomingMessage): void {
  const type = request.headers['content-type'];
  if (type === undefined || !JSON_UTF8.test(type)) {
    throw new HubError('HUB_REQUEST_MEDIA_TYPE_UNSUPPORTED', { detail: 'content-type' });
  }
  // Nothing is decompressed: no body can be larger than what was counted on the wire.
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new HubError('HUB_REQUEST_MEDIA_TYPE_UNSUPPORTED', { detail: 'content-encoding' });
  }
}

/**
 * Refuses a GET that a page of another site could have made its visitor's browser send without asking the hub first (a CORS
 * preflight): only `Content-Type: application/json` or a header of our own forces one. Any other content type is refused even
 * with no body, since browsers have let some of them through (GHSA-9q82-xgwf-vj6h). A POST needs no such rule: it must be JSON.
 * Throws HubError HUB_REQUEST_CSRF_REFUSED.
 */
export function refuseCrossSite(request: IncomingMessage): void {
  const { headers } = request;
  const type = headers['content-type'];
  const preflighted = Boolean(headers['hub-preflight'] ?? headers['apollo-require-preflight']);
  if (type === undefined ? preflighted : JSON_UTF8.test(type)) return;
  throw new HubError('HUB_REQUEST_CSRF_REFUSED');
}

/**
 * The access token and, when it came by the scheme `DPoP` (RFC 9449, 7.1), its proof; undefined when no token is presented (RFC 6750, 2.1). What follows
 * the scheme is not looked at yet.
 */
export function readToken(headers: IncomingMessage['headers']): Pick<Received, 'token' | 'proof'> {
  const { authorization } = headers;
  if (authorization === undefined) return { token: undefined };
  if (/^bearer\s/i.test(authorization)) return { token: authorization.slice(7).trim() };
  if (!/^dpop\s/i.test(authorization)) return { token: undefined };
  return { token: authorization.slice(5).trim(), proof: { jwt: singleHeader(headers['dpop']) } };
}

const MODES: readonly string[] = ['partial', 'reject', 'dry-run'] satisfies HubMode[];

/** Throws HubError HUB_REQUEST_MODE_UNKNOWN; a dry run, which tells verdicts, is for operators. */
export function readMode(header: string | string[] | undefined, operator: boolean): HubMode {
  if (header === undefined) return 'partial';
  if (typeof header !== 'string' || !MODES.includes(header)) throw new HubError('HUB_REQUEST_MODE_UNKNOWN');
  if (header === 'dry-run' && !operator) throw new HubError('HUB_REQUEST_MODE_UNKNOWN', { detail: 'not an operator' });
  return header as HubMode;
}

export function singleHeader(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && header !== '' ? header : undefined;
}
