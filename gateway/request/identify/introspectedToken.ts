import { expandScopes } from '../../../schema/scopes.ts';
import { HubError } from '../../platform/errors.ts';
import type { Introspection } from '../../platform/franceConnect/franceConnect.ts';
import type { VerifiedToken } from './verifyToken.ts';

/** FranceConnect's own token, presented as it is: it says for whom and not what for, which the header Hub-Purpose has to. */
export function readIntrospected(iss: string, introspection: Introspection): VerifiedToken {
  if (!introspection.active) throw new HubError('HUB_TOKEN_INVALID', { detail: 'not active' });
  return {
    issuer: iss,
    clientId: introspection.clientId,
    purpose: undefined,
    scopes: expandScopes(introspection.scopes),
    acr: introspection.acr,
    pivot: introspection.pivot,
    introspected: true,
    expiresAtMs: introspection.expiresAtMs,
    notBeforeMs: -Infinity,
  };
}
