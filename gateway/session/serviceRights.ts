import { findPurpose, type PurposeName } from '../../schema/purposes.ts';
import { expandScopes, type ScopeName } from '../../schema/scopes.ts';
import { dayInParis } from '../platform/clock.ts';
import type { Habilitation, Service } from '../registers/habilitation/habilitation.ts';
import type { ClientId } from '../platform/ids.ts';
import { OAuthError } from './oauthError.ts';
import type { SessionParts } from './parts.ts';

/** The service behind an authenticated client and its habilitation in force today; throws OAuthError when it has none for that purpose. */
export function requireHabilitation(
  { habilitations, clock }: Pick<SessionParts, 'habilitations' | 'clock'>,
  clientId: string,
  purpose: PurposeName,
): { readonly service: Service; readonly habilitation: Habilitation } {
  const service = habilitations.getService(clientId as ClientId);
  if (service === undefined) throw new OAuthError('unauthorized_client', 'this client is no service of the hub');
  if (findPurpose(purpose) === undefined) throw new OAuthError('invalid_target', 'purpose is not known');
  const habilitation = habilitations.findHabilitation(service.clientId, purpose, dayInParis(clock()));
  // One text for "never approved" and "not today": which services hold what is told by the catalogue, not by trying.
  if (habilitation === undefined) {
    throw new OAuthError('invalid_target', 'the service has no habilitation in force for this purpose');
  }
  return { service, habilitation };
}

/** What a token may hold: granted ∩ habilitation ∩ asked for, sorted. Throws OAuthError invalid_scope when nothing is left. */
export function narrowScopes(
  granted: Iterable<string>,
  habilitation: Habilitation,
  asked: string | undefined,
): readonly ScopeName[] {
  const wanted = asked === undefined ? undefined : expandScopes(asked.split(' '));
  const scopes = [...expandScopes(granted)].filter((scope) => {
    return habilitation.scopes.has(scope) && (wanted === undefined || wanted.has(scope));
  });
  if (scopes.length === 0) {
    throw new OAuthError('invalid_scope', "no scope is in the token, in the service's habilitation and in the request");
  }
  return scopes.sort();
}
