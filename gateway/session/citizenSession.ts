import { createHash, randomBytes } from 'node:crypto';
import type { Acr } from '../../schema/acr.ts';
import type { PurposeName } from '../../schema/purposes.ts';
import type { ScopeName } from '../../schema/scopes.ts';
import type { ClientId, SubjectKey } from '../platform/ids.ts';

/** What one exchange opened: a citizen at one service for one purpose. */
export interface CitizenSession {
  readonly id: string;
  readonly clientId: ClientId;
  readonly subject: SubjectKey;
  readonly purpose: PurposeName;
  /** Of FranceConnect's token, the habilitation and the request; sorted. */
  readonly scopes: readonly ScopeName[];
  readonly acr: Acr;
  /** JWE that the hub alone opens. */
  readonly sealedIdentity: string;
  /** Thumbprint of the key to which the session's tokens are bound; undefined for bearer tokens. */
  readonly jkt: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly endsAtMs: number;
}

/** As FranceConnect's own session. */
export const SESSION_MS = 30 * 60_000;
export const ACCESS_TOKEN_SECONDS = 300;

export function createSessionId(): string {
  return `ses_${randomBytes(16).toString('base64url')}`;
}

/** 256 random bits: its hash needs no salt. */
export function createRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/** How secrets and refresh tokens are kept: SHA-256, base64url. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
