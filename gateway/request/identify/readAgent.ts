import type { JWTPayload } from 'jose';
import { HubError } from '../../platform/errors.ts';
import type { ActingAgent } from '../../registers/faceContext.ts';

const SIRET = /^\d{14}$/;
/** Plain names: they become names of policies. */
const ROLE = /^[a-z][a-z-]{0,30}$/;

/** An agent of an administration, from the claims of ProConnect's family (`sub`, `siret`, `roles`). Throws HubError HUB_TOKEN_INVALID. */
export function readAgent({ sub, siret, roles = [] }: JWTPayload): ActingAgent {
  if (typeof siret !== 'string' || !SIRET.test(siret)) throw new HubError('HUB_TOKEN_INVALID', { detail: 'siret' });
  const isRole = (role: unknown): role is string => typeof role === 'string' && ROLE.test(role);
  if (!Array.isArray(roles) || !roles.every(isRole)) throw new HubError('HUB_TOKEN_INVALID', { detail: 'roles' });
  return { reference: sub!, siret, roles };
}
