import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { isAcr } from '../../schema/acr.ts';

/** Characters that FranceConnect demands of a nonce. */
const MIN_NONCE_LENGTH = 22;
const PROMPTS = ['login', 'consent'];

/**
 * What FranceConnect v2 asks of an authorization request beyond OpenID Connect. Throws InvalidRequest, which the library sends to the
 * service's redirect.
 */
export function checkFranceConnectRequest(ctx: KoaContextWithOIDC): void {
  const { acr_values, nonce, state, prompt } = ctx.oidc.params as Record<string, string | undefined>;
  if (!state) throw new errors.InvalidRequest('missing parameter "state"');
  if (!nonce) throw new errors.InvalidRequest('missing parameter "nonce"');
  if (nonce.length < MIN_NONCE_LENGTH) {
    throw new errors.InvalidRequest(`"nonce" has fewer than ${MIN_NONCE_LENGTH} characters`);
  }
  if (!acr_values?.split(' ').some(isAcr)) {
    throw new errors.InvalidRequest('missing parameter "acr_values": eidas1, eidas2 or eidas3');
  }
  if (prompt !== undefined && !prompt.split(' ').every((name) => PROMPTS.includes(name))) {
    throw new errors.InvalidRequest('"prompt" is login, consent, or both');
  }
}
