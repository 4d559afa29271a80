import { randomUUID } from 'node:crypto';
import type { Service } from '../registers/habilitation/habilitation.ts';
import type { ScopeName } from '../../schema/scopes.ts';
import { ACCESS_TOKEN_SECONDS, type CitizenSession } from './citizenSession.ts';
import type { HubAddresses, SessionParts } from './parts.ts';

/** The answer of RFC 6749 (5.1) and RFC 8693 (2.2.1). */
export interface TokenAnswer {
  readonly access_token: string;
  readonly issued_token_type: typeof ACCESS_TOKEN_TYPE;
  readonly token_type: 'Bearer' | 'DPoP';
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token: string;
}

export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';

/**
 * A hub access token of a session (RFC 9068): 5 minutes, or less when the session ends before. `sub` is the service's reference of the citizen, the same
 * as `me.id` there and another one everywhere else; the pivot identity inside is sealed for the hub.
 */
export async function mintToken(
  parts: Pick<SessionParts, 'references' | 'tokenKeys' | 'clock'>,
  addresses: HubAddresses,
  issue: {
    readonly session: CitizenSession;
    readonly service: Service;
    readonly scopes: readonly ScopeName[];
    readonly refreshToken: string;
  },
): Promise<TokenAnswer> {
  const { session, service } = issue;
  const iat = Math.floor(parts.clock() / 1000);
  const exp = Math.min(iat + ACCESS_TOKEN_SECONDS, Math.floor(session.endsAtMs / 1000));
  const scope = issue.scopes.join(' ');
  const accessToken = await parts.tokenKeys.sign({
    iss: addresses.issuer,
    aud: addresses.graph,
    sub: parts.references.referenceFor(session.subject, `service:${service.siret}`),
    client_id: service.clientId,
    scope,
    purpose: session.purpose,
    acr: session.acr,
    jti: randomUUID(),
    iat,
    exp,
    hub_session: session.id,
    hub_identity: session.sealedIdentity,
    ...(session.jkt && { cnf: { jkt: session.jkt } }),
  });
  return {
    access_token: accessToken,
    issued_token_type: ACCESS_TOKEN_TYPE,
    token_type: session.jkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: exp - iat,
    scope,
    refresh_token: issue.refreshToken,
  };
}
