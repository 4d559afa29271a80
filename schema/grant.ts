import type { Acr } from './acr.ts';
import type { PivotIdentity } from './pivotIdentity.ts';
import type { PurposeName } from './purposes.ts';
import type { ScopeName } from './scopes.ts';

/** What the hub knows a person of this fetch to be, seen from the caller. */
export type GrantRole = 'SELF' | 'CHILD_PROVEN' | 'SPOUSE' | 'IN_FILE';

export interface GrantSubject {
  /** The id by which this agency, and no other party, knows the subject: at most 43 characters. */
  readonly reference: string;
  readonly role: GrantRole;
  /** Effective scopes of this subject, cut to those this agency holds. */
  readonly scopes: readonly ScopeName[];
  readonly pivot: PivotIdentity;
}

/**
 * The hub's sealed statement to one agency: for this fetch, these subjects, these scopes.
 *
 * Travels as a compact JWE (RFC 7516; `alg: dir`, `enc: A256GCM`) in the request's `extensions.grant`. The content key is derived
 * for the day: static-static ECDH P-256 of the keys both publish as JWKS, then HKDF-SHA256 (RFC 5869) with salt = the UTC day
 * `YYYY-MM-DD` and info = `trait-dunion grant v1 <agency id>`. `kid` = `<hub key thumbprint>.<agency key thumbprint>.<day>`,
 * thumbprints per RFC 7638 (SHA-256, base64url), first 16 characters.
 */
export interface Grant {
  readonly iss: 'hub';
  /** Agency id. */
  readonly aud: string;
  /** Nonce, accepted once by the agency. */
  readonly jti: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  /** At most GRANT_TTL_SECONDS after `iat`. */
  readonly exp: number;
  readonly requestId: string;
  readonly service: { readonly clientId: string; readonly siret: string };
  readonly purpose: PurposeName;
  readonly acr: Acr;
  /**
   * base64url SHA-256 of the request body's head: its exact bytes from `{` up to, not including, `,"extensions":`. The head holds
   * `query` and `variables`, nothing else, so bytes and not a re-serialisation are authenticated.
   */
  readonly digest: string;
  readonly subjects: readonly GrantSubject[];
  /** Scopes for people met inside the answer, by role; a role that is absent opens nothing. */
  readonly met: Readonly<Partial<Record<GrantRole, readonly ScopeName[]>>>;
}

export const GRANT_TTL_SECONDS = 30;
export const GRANT_INFO_PREFIX = 'trait-dunion grant v1 ';

/** The body that carries a grant: head, then exactly this tail. */
export function withGrant(head: string, sealedGrant: string): string {
  return `${head},"extensions":{"grant":"${sealedGrant}"}}`;
}

const TAIL = /,"extensions":\{"grant":"([A-Za-z0-9_.-]+)"\}\}$/;

/** Splits a body into the authenticated head and the grant; undefined when it does not end in exactly one grant. */
export function splitGrant(body: string): { readonly head: string; readonly sealedGrant: string } | undefined {
  const match = TAIL.exec(body);
  return match ? { head: body.slice(0, match.index), sealedGrant: match[1]! } : undefined;
}
