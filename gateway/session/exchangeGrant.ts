import { meetsAcr } from '../../schema/acr.ts';
import type { Habilitation, Service } from '../registers/habilitation/habilitation.ts';
import type { Introspection } from '../platform/franceConnect/franceConnect.ts';
import { createRefreshToken, createSessionId, hashOf, SESSION_MS, type CitizenSession } from './citizenSession.ts';
import { ACCESS_TOKEN_TYPE, mintToken, type TokenAnswer } from './mintToken.ts';
import { giveNotice } from './giveNotice.ts';
import { OAuthError } from './oauthError.ts';
import type { HubAddresses, SessionParts } from './parts.ts';
import { narrowScopes, requireHabilitation } from './serviceRights.ts';
import { insertSession } from './sessionStore.ts';

export const EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** Parameters of the exchange (RFC 8693, 2.1), and `purpose`; others are dropped before they are looked at. */
export const EXCHANGE_PARAMETERS = [
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'actor_token',
  'actor_token_type',
  'audience',
  'resource',
  'scope',
  'purpose',
] as const;

export type ExchangeRequest = Readonly<Partial<Record<(typeof EXCHANGE_PARAMETERS)[number], string | undefined>>>;

/** A request of an authenticated client. */
export interface ExchangeCall {
  readonly clientId: string;
  readonly parameters: ExchangeRequest;
  /** The header `DPoP`: the session's tokens will be bound to its key. */
  readonly proof: string | undefined;
}

/**
 * Token exchange (RFC 8693): FranceConnect's access token in, a hub token out. What costs nothing is checked first; FranceConnect is asked once, and
 * only for a service that may have what it asks for. Rejects with OAuthError, or a HubError of another room.
 */
export function createExchange(
  parts: SessionParts,
  addresses: HubAddresses,
): (call: ExchangeCall) => Promise<TokenAnswer> {
  return async ({ clientId, parameters, proof }) => {
    const { subjectToken, purpose } = readParameters(parameters, addresses);
    const { service, habilitation } = requireHabilitation(parts, clientId, purpose);
    const jkt = await readKeyBinding(parts, addresses, proof);
    const introspection = await parts.franceConnect.introspect(subjectToken, 'service');
    const token = requireOwnToken(introspection, service, habilitation, parts);
    const scopes = narrowScopes(token.scopes, habilitation, parameters.scope);

    const subject = parts.subjectKeyOf(token.pivot);
    await giveNotice(parts.ledger, subject, habilitation);
    const session: CitizenSession = {
      id: createSessionId(),
      clientId: service.clientId,
      subject,
      purpose,
      scopes,
      acr: token.acr,
      sealedIdentity: await parts.tokenKeys.sealIdentity(token.pivot),
      jkt,
      startedAtMs: parts.clock(),
      endsAtMs: token.issuedAtMs + SESSION_MS,
    };
    const refreshToken = createRefreshToken();
    await insertSession(parts.db, session, hashOf(refreshToken));
    return mintToken(parts, addresses, { session, service, scopes, refreshToken });
  };
}

function readParameters(
  parameters: ExchangeRequest,
  addresses: HubAddresses,
): { readonly subjectToken: string; readonly purpose: string } {
  const { subject_token: subjectToken, purpose, audience, resource } = parameters;
  if (!subjectToken) throw new OAuthError('invalid_request', 'subject_token is missing');
  if (parameters.subject_token_type !== ACCESS_TOKEN_TYPE) {
    throw new OAuthError('invalid_request', `subject_token_type must be ${ACCESS_TOKEN_TYPE}`);
  }
  if ((parameters.requested_token_type ?? ACCESS_TOKEN_TYPE) !== ACCESS_TOKEN_TYPE) {
    throw new OAuthError('invalid_request', `requested_token_type can only be ${ACCESS_TOKEN_TYPE}`);
  }
  if (parameters.actor_token !== undefined || parameters.actor_token_type !== undefined) {
    throw new OAuthError('invalid_request', 'nobody acts for somebody else here: actor_token is not supported');
  }
  if ((audience ?? addresses.graph) !== addresses.graph || (resource ?? addresses.graph) !== addresses.graph) {
    throw new OAuthError('invalid_target', `tokens are issued for ${addresses.graph} alone`);
  }
  if (!purpose) throw new OAuthError('invalid_request', "purpose is missing: one of the service's");
  return { subjectToken, purpose };
}

/** Undefined for bearer tokens; a proof that is there must be good. */
export async function readKeyBinding(
  { verifyProof }: Pick<SessionParts, 'verifyProof'>,
  addresses: HubAddresses,
  proof: string | undefined,
): Promise<string | undefined> {
  if (proof === undefined) return undefined;
  const jkt = await verifyProof(proof, { method: 'POST', url: addresses.tokenEndpoint });
  if (jkt === undefined) throw new OAuthError('invalid_dpop_proof', 'the DPoP proof is not good for this request');
  return jkt;
}

function requireOwnToken(
  introspection: Introspection,
  service: Service,
  habilitation: Habilitation,
  { habilitations, franceConnect }: Pick<SessionParts, 'habilitations' | 'franceConnect'>,
): Extract<Introspection, { active: true }> {
  // One text for unknown, expired and somebody else's: a stolen token tells nothing about itself.
  const refused = 'subject_token is not an active token of this service';
  if (!introspection.active) throw new OAuthError('invalid_grant', refused);
  // The confused deputy: a token that a citizen gave to another service is that service's to use, even under the same SIRET.
  const owner = habilitations.findService(franceConnect.iss, introspection.clientId);
  if (owner?.clientId !== service.clientId) throw new OAuthError('invalid_grant', refused);
  if (!meetsAcr(introspection.acr, habilitation.minimumAcr)) {
    throw new OAuthError('invalid_grant', `the citizen must log in with ${habilitation.minimumAcr} or higher`);
  }
  return introspection;
}
