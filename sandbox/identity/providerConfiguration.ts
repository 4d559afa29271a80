import { interactionPolicy, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { ACR_LEVELS } from '../../schema/acr.ts';
import { getPersona, getService, type Directory, type SandboxService } from './directory.ts';
import { createAuthorizationGrant } from './grants.ts';
import type { ClientSecrets } from './clientSecrets.ts';
import { CLAIMS_BY_SCOPE, knownScopes } from './identityScopes.ts';
import type { IdentityKeys } from './keys.ts';
import { LOOPBACK_REDIRECT_URI } from './loopback.ts';
import type { createMemoryStore } from './memoryStore.ts';
import { errorPage, signedOutPage, signOutPage } from './pages/messagePages.ts';
import { pairwiseSubject } from './pairwiseSubject.ts';
import { checkFranceConnectRequest } from './requestRules.ts';

/** FranceConnect's own times, in seconds. There is no refresh token. */
const CODE_TTL_SECONDS = 30;
const ACCESS_TOKEN_TTL_SECONDS = 60;
const SESSION_TTL_SECONDS = 30 * 60;

/** Cookies of 127.0.0.1 are shared by all its ports: the names must not meet those of another provider there. */
export const SESSION_COOKIE = 'sandbox_session';

export interface ProviderParts {
  readonly directory: Directory;
  readonly keys: IdentityKeys;
  readonly secrets: ClientSecrets;
  readonly store: ReturnType<typeof createMemoryStore>;
  /** Milliseconds since the epoch; stamps access tokens. */
  readonly clock: () => number;
  readonly extraRedirectUris: readonly string[];
}

/** Everything that makes the library FranceConnect-like. Routes are those of FranceConnect v2, under the issuer's path. */
export function providerConfiguration(parts: ProviderParts): Configuration {
  const { directory, keys, store } = parts;
  const scopes = knownScopes(directory.services);
  return {
    adapter: store,
    jwks: { keys: [keys.signing] },
    clients: directory.services.map((service) => clientOf(service, parts)),
    clientAuthMethods: ['client_secret_post', 'private_key_jwt'],
    scopes,
    claims: {
      ...Object.fromEntries(Object.entries(CLAIMS_BY_SCOPE).map(([name, claims]) => [name, [...claims]])),
      // The library would leave the level out of the ID token of a request without acr_values.
      openid: ['sub', 'acr'],
    },
    acrValues: [...ACR_LEVELS],
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_ctx, personaId, client) => {
      const { siret } = getService(directory, client.clientId);
      return pairwiseSubject(siret, getPersona(directory, personaId).claims, keys.pairwiseSecret);
    },
    // The entity is the sector, whatever the hosts of its redirects; its URI is a name, with nothing to fetch behind it.
    sectorIdentifierUriValidate: () => false,
    findAccount: (_ctx, id) => {
      const persona = directory.personas.find((candidate) => candidate.id === id);
      if (!persona) return undefined;
      // As at FranceConnect, the ID token says who logged in and UserInfo says the rest.
      return {
        accountId: id,
        claims: (use) => (use === 'id_token' ? { sub: id } : { sub: id, ...persona.claims }),
      };
    },
    // One identity provider stands behind this FranceConnect: whatever is hinted, it is shown.
    extraParams: { idp_hint: (ctx) => checkFranceConnectRequest(ctx) },
    extraTokenClaims: (ctx) => accessTokenFacts(ctx, parts),
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      jwtUserinfo: { enabled: true },
      // FranceConnect has none; the library's tokens would then be for a resource instead of UserInfo.
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => void Object.assign(ctx, { type: 'html', body: signOutPage(form) }),
        postLogoutSuccessSource: (ctx) => void Object.assign(ctx, { type: 'html', body: signedOutPage() }),
      },
    },
    interactions: { policy: policy(), url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: (ctx) => loadGrant(ctx, parts, new Set(scopes)),
    pkce: { required: () => false },
    renderError: (ctx, { error, error_description }) => {
      ctx.type = 'html';
      ctx.body = errorPage(error, error_description);
    },
    cookies: {
      keys: [keys.cookieSecret],
      names: { session: SESSION_COOKIE, interaction: 'sandbox_interaction', resume: 'sandbox_resume' },
    },
    ttl: {
      AuthorizationCode: CODE_TTL_SECONDS,
      AccessToken: ACCESS_TOKEN_TTL_SECONDS,
      IdToken: ACCESS_TOKEN_TTL_SECONDS,
      Grant: SESSION_TTL_SECONDS,
      Interaction: SESSION_TTL_SECONDS,
      Session: SESSION_TTL_SECONDS,
    },
    routes: {
      authorization: '/authorize',
      token: '/token',
      userinfo: '/userinfo',
      jwks: '/jwks',
      end_session: '/session/end',
      revocation: '/token/revocation',
    },
  };
}

function clientOf(
  service: SandboxService,
  { secrets, extraRedirectUris }: ProviderParts,
): NonNullable<Configuration['clients']>[number] {
  const redirectUris = [...new Set([LOOPBACK_REDIRECT_URI, ...service.redirectUris, ...extraRedirectUris])];
  return {
    client_id: service.clientId,
    client_name: service.name,
    // Native, so that a loopback redirect may use any port.
    application_type: 'native',
    ...(service.jwks
      ? { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [...service.jwks.keys] } }
      : { token_endpoint_auth_method: 'client_secret_post', client_secret: secrets[service.clientId]! }),
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: redirectUris,
    post_logout_redirect_uris: redirectUris,
    subject_type: 'pairwise',
    sector_identifier_uri: `https://${service.siret}.siret.invalid/`,
    id_token_signed_response_alg: 'ES256',
    userinfo_signed_response_alg: 'ES256',
  };
}

/** What an opaque access token stands for beside its scopes. Times: seconds since the epoch. */
export interface AccessTokenFacts {
  readonly acr: string;
  readonly iat: number;
  readonly exp: number;
}

function accessTokenFacts(ctx: KoaContextWithOIDC, { clock }: ProviderParts) {
  const { AuthorizationCode: code } = ctx.oidc.entities;
  if (!code) throw new TypeError('access tokens are made from an authorization code alone');
  const iat = Math.floor(clock() / 1000);
  return { acr: code.acr!, iat, exp: iat + ACCESS_TOKEN_TTL_SECONDS } satisfies AccessTokenFacts;
}

/**
 * The library's login and information pages, without its rule that native clients see the latter each time: `prompt=login`
 * alone skips it, as at FranceConnect. (Both are shown otherwise, since every authorization starts a session.)
 */
function policy(): interactionPolicy.DefaultPolicy {
  const prompts = interactionPolicy.base();
  prompts.get('consent')!.checks.remove('native_client_prompt');
  return prompts;
}

async function loadGrant(ctx: KoaContextWithOIDC, { directory }: ProviderParts, known: ReadonlySet<string>) {
  const { result, client, account, params, provider } = ctx.oidc;
  const grantId = result?.consent?.grantId;
  if (grantId) return provider.Grant.find(grantId);
  const needsConsent = getService(directory, client!.clientId).legalBasis === 'CONSENT_RGPD_6_1_A';
  if (params!['prompt'] !== 'login' || !result?.login || needsConsent) return undefined;
  return createAuthorizationGrant(provider, account!.accountId, params!, known);
}
