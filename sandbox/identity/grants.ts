import type { Provider } from 'oidc-provider';

/**
 * What this person lets this client have, as the library stores it: all that was asked and is known, since the hub itself cuts by
 * habilitation and consent. Returns the saved grant.
 *
 * @param params the authorization request's, checked by the provider: `client_id` and `scope` are there.
 * @param known scopes that exist; FranceConnect drops others without a word.
 */
export async function createAuthorizationGrant(
  provider: Provider,
  personaId: string,
  params: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
) {
  const { client_id: clientId, scope: asked, claims } = params as Record<string, string | undefined>;
  const scope = asked!
    .split(' ')
    .filter((name) => known.has(name))
    .join(' ');
  const grant = new provider.Grant({ accountId: personaId, clientId: clientId! });
  grant.addOIDCScope(scope);
  grant.addOIDCClaims(claimNames(claims));
  await grant.save();
  return grant;
}

/** The parameter `claims` (OpenID Connect Core, 5.5), whose shape the library has checked: `{"userinfo":{"birthdate":null}}`. */
function claimNames(parameter: string | undefined): string[] {
  const requested = JSON.parse(parameter ?? '{}') as Readonly<Record<string, object | undefined>>;
  return ['id_token', 'userinfo'].flatMap((use) => Object.keys(requested[use] ?? {}));
}
