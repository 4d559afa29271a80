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
 * What this person lets this client have, as the library stores it: all that was asked and is known, since the hub itself cuts by
 * habilitation and consent. Returns the saved grant.
 *
 * @param params the authorization request's, checked by the provider: `client_id` and `scope` are there.
 * @param known scopes that exist; FranceConnect drops others without a word.
 */
export async function createAuthorizationGrant(
  provider: Provider,
  purposes: PurposeStore,
  personaId: string,
  params: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
) {
  const { client_id: clientId, scope: asked, claims, purpose } = params as Record<string, string | undefined>;
  const scope = asked!
    .split(' ')
    .filter((name) => known.has(name))
    .join(' ');
  const grant = new provider.Grant({ accountId: personaId, clientId: clientId! });
  grant.addOIDCScope(scope);
  grant.addOIDCClaims(claimNames(claims));
  if (purpose !== undefined) grant.addResourceScope(HUB_RESOURCE, scope);
  const id = await grant.save();
  if (purpose !== undefined) purposes.set(id, purpose);
  return grant;
}

/** The parameter `claims` (OpenID Connect Core, 5.5), whose shape the library has checked: `{"userinfo":{"birthdate":null}}`. */
function claimNames(parameter: string | undefined): string[] {
  const requested = JSON.parse(parameter ?? '{}') as Readonly<Record<string, object | undefined>>;
  return ['id_token', 'userinfo'].flatMap((use) => Object.keys(requested[use] ?? {}));
}
