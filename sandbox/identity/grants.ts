import { LRUCache } from 'lru-cache';
import type { Provider } from 'oidc-provider';

/** The library's name for "the hub" while an access token is made; the token's `aud` is the hub's own. */
export const HUB_RESOURCE = 'urn:trait-dunion:hub';

/** Longer than a person takes between the information page and the code's redemption. Milliseconds. */
const PURPOSE_TTL_MS = 30 * 60_000;

/** Purpose by grant id: the library keeps no room for it between the page and the token. */
export type PurposeStore = Pick<LRUCache<string, string>, 'get' | 'set'>;

export function createPurposeStore(): PurposeStore {
  return new LRUCache<string, string>({ max: 10_000, ttl: PURPOSE_TTL_MS });
}

/**
 * What this person lets this client have, as the library stores it: all that was asked, since the hub itself cuts by
 * habilitation and consent. Returns the saved grant.
 *
 * @param params the authorization request's, checked by the provider: `client_id`, `scope` and `purpose` are there.
 */
export async function createAuthorizationGrant(
  provider: Provider,
  purposes: PurposeStore,
  personaId: string,
  params: Readonly<Record<string, unknown>>,
) {
  const grant = new provider.Grant({ accountId: personaId, clientId: params['client_id'] as string });
  grant.addOIDCScope(params['scope'] as string);
  grant.addResourceScope(HUB_RESOURCE, params['scope'] as string);
  purposes.set(await grant.save(), params['purpose'] as string);
  return grant;
}
