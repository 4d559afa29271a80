import { randomUUID } from 'node:crypto';
import type { ClientId } from '../platform/ids.ts';
import { ACCESS_TOKEN_SECONDS } from './citizenSession.ts';
import { readKeyBinding } from './exchangeGrant.ts';
import { OAuthError } from './oauthError.ts';
import type { HubAddresses, SessionParts } from './parts.ts';

export const SERVICE_GRANT = 'client_credentials';

export interface ServiceCall {
  readonly clientId: string;
  readonly proof: string | undefined;
}

/** The answer of RFC 6749 (4.4.3): no refresh token, a service can ask again. */
export interface ServiceTokenAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP';
  readonly expires_in: number;
}

/**
 * A token of the service's own (RFC 6749, 4.4; RFC 9068, 2.2: `sub` is the client): good for what needs no citizen, a request of consent by a link.
 * It names no purpose and no scope, and opens nobody's data.
 */
export function createServiceGrant(
  parts: Pick<SessionParts, 'habilitations' | 'tokenKeys' | 'verifyProof' | 'clock'>,
  addresses: HubAddresses,
): (call: ServiceCall) => Promise<ServiceTokenAnswer> {
  return async ({ clientId, proof }) => {
    const service = parts.habilitations.getService(clientId as ClientId);
    if (service === undefined) throw new OAuthError('unauthorized_client', 'this client is no service of the hub');
    const jkt = await readKeyBinding(parts, addresses, proof);
    const iat = Math.floor(parts.clock() / 1000);
    const accessToken = await parts.tokenKeys.sign({
      iss: addresses.issuer,
      aud: addresses.graph,
      sub: clientId,
      client_id: clientId,
      jti: randomUUID(),
      iat,
      exp: iat + ACCESS_TOKEN_SECONDS,
      hub_office: 'service',
      ...(jkt !== undefined && { cnf: { jkt } }),
    });
    const type = jkt === undefined ? 'Bearer' : 'DPoP';
    return { access_token: accessToken, token_type: type, expires_in: ACCESS_TOKEN_SECONDS };
  };
}
