import { meetsAcr } from '../../schema/acr.ts';
import { createRefreshToken, hashOf, type CitizenSession } from './citizenSession.ts';
import { readKeyBinding } from './exchangeGrant.ts';
import { mintToken, type TokenAnswer } from './mintToken.ts';
import { OAuthError } from './oauthError.ts';
import type { HubAddresses, SessionParts } from './parts.ts';
import { narrowScopes, requireHabilitation } from './serviceRights.ts';
import type { EndSession } from './sessionEnds.ts';
import { findRefreshToken, rotateRefreshToken } from './sessionStore.ts';

export const REFRESH_PARAMETERS = ['refresh_token', 'scope'] as const;

export interface RefreshCall {
  readonly clientId: string;
  readonly refreshToken: string | undefined;
  readonly scope: string | undefined;
  readonly proof: string | undefined;
}

/**
 * A new hub token while the citizen's session, the habilitation and the consent live (RFC 6749, 6). Each refresh token is good once; one that is seen
 * again was copied, and which of the two holders is the thief cannot be known: the session ends for both (RFC 9700, 4.14.2).
 */
export function createRefresh(
  parts: SessionParts,
  addresses: HubAddresses,
  endSession: EndSession,
): (call: RefreshCall) => Promise<TokenAnswer> {
  return async ({ clientId, refreshToken, scope, proof }) => {
    if (!refreshToken) throw new OAuthError('invalid_request', 'refresh_token is missing');
    const hash = hashOf(refreshToken);
    const stored = await findRefreshToken(parts.db, hash);
    const nowMs = parts.clock();
    // One text for all: who tries tokens learns nothing of those that exist.
    const refused = () => new OAuthError('invalid_grant', 'refresh_token is unknown, used, or its session is over');
    if (stored === undefined || stored.session.clientId !== clientId) throw refused();
    const { session } = stored;
    if (stored.isRevoked || session.endsAtMs <= nowMs) throw refused();
    if (stored.isUsed) {
      await endSession(session);
      parts.log.warn({ clientId }, 'a refresh token was used twice; its session is ended');
      throw refused();
    }
    const jkt = await readKeyBinding(parts, addresses, proof);
    if (jkt !== session.jkt) {
      throw new OAuthError('invalid_dpop_proof', 'the session is bound to another key, or to none');
    }
    const { service, habilitation } = requireHabilitation(parts, clientId, session.purpose);
    if (!meetsAcr(session.acr, habilitation.minimumAcr)) throw refused();
    const scopes = narrowScopes(session.scopes, habilitation, scope);
    await requireLivingConsent(parts, session, nowMs);

    const next = createRefreshToken();
    const isFirst = await rotateRefreshToken(parts.db, { hash, sessionId: session.id }, hashOf(next), nowMs);
    if (!isFirst) {
      await endSession(session);
      throw refused();
    }
    return mintToken(parts, addresses, { session, service, scopes, refreshToken: next });
  };
}

/**
 * Refuses when the citizen has ended, in the course of this session, what the service could read and nothing of it is open any more. A citizen who has
 * not consented yet may still do so: that is the graph's to refuse, field by field.
 */
async function requireLivingConsent(
  { ledger }: Pick<SessionParts, 'ledger'>,
  { subject, clientId, purpose, startedAtMs }: CitizenSession,
  nowMs: number,
): Promise<void> {
  const entries = (await ledger.listConsents(subject)).filter((consent) => {
    return consent.clientId === clientId && consent.purpose === purpose;
  });
  if (entries.some(({ status }) => status === 'ACTIVE')) return;
  const hasEnded = entries.some(({ endedAt, expiresAt }) => {
    const endedAtMs = Date.parse(endedAt ?? expiresAt ?? '');
    return endedAtMs >= startedAtMs && endedAtMs <= nowMs;
  });
  if (hasEnded) throw new OAuthError('invalid_grant', "the citizen's consent has ended");
}
