import { createHash } from 'node:crypto';
import { errors, interactionPolicy, Provider, type Configuration } from 'oidc-provider';
import type { IdentityKeys } from '../keys.ts';
import { LOOPBACK_REDIRECT_URI } from '../loopback.ts';
import { createMemoryStore } from '../memoryStore.ts';
import { errorPage, signedOutPage, signOutPage } from '../pages/messagePages.ts';
import { createProtocol } from '../protocol.ts';
import type { Handler } from '../sandboxServer.ts';
import { readForm, sendHtml } from '../send.ts';
import type { SandboxAgent } from './agentDirectory.ts';
import { agentLoginPage } from './agentLoginPage.ts';

/** The hub's pages for administrations. */
export const AGENT_CLIENT_ID = 'agency-portal';

const ISSUER_PATH = '/agents/api/v2';
const INTERACTION_PATH = '/agents/interaction/';
const SESSION_COOKIE = 'agents_session';
const HUB_RESOURCE = 'urn:trait-dunion:hub';
const SCOPES = ['openid', 'given_name', 'usual_name', 'email', 'uid', 'siret', 'roles'] as const;

/** Seconds. */
const ACCESS_TOKEN_TTL_SECONDS = 60 * 60;
const CODE_TTL_SECONDS = 30;
const SESSION_TTL_SECONDS = 30 * 60;

export interface AgentProviderParts {
  readonly origin: string;
  readonly agents: readonly SandboxAgent[];
  /** `aud` of access tokens: the hub's name. */
  readonly audience: string;
  readonly keys: IdentityKeys;
  /** Of the client AGENT_CLIENT_ID. */
  readonly clientSecret: string;
  readonly extraRedirectUris: readonly string[];
  /** Milliseconds since the epoch; stamps access tokens. */
  readonly clock: () => number;
}

export interface AgentProvider {
  serves(path: string): boolean;
  readonly handle: Handler;
}

export function agentIssuerOf(origin: string): string {
  return origin + ISSUER_PATH;
}

/**
 * The sandbox's stand-in for ProConnect: agents log in for their administration, and its pages get an access token that the hub reads by
 * itself, a JWT of RFC 9068 with the agent's claims inside. (ProConnect's own tokens are opaque; many providers of agents are not.)
 */
export function createAgentProvider(parts: AgentProviderParts): AgentProvider {
  const provider = new Provider(agentIssuerOf(parts.origin), configuration(parts));
  const protocol = createProtocol(provider, ISSUER_PATH, SESSION_COOKIE);

  const login: Handler = async (request, response) => {
    const interaction = await provider.interactionDetails(request, response).catch((error: unknown) => {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      sendHtml(response, 400, errorPage(error.error, error.error_description));
    });
    if (!interaction) return;
    const form = request.method === 'POST' ? await readForm(request) : undefined;
    if (form === 'too large') return sendHtml(response, 413, errorPage('form_too_large', undefined));
    if (form?.has('cancel')) {
      const refusal = { error: 'access_denied', error_description: 'the agent cancelled' };
      return provider.interactionFinished(request, response, refusal, { mergeWithLastSubmission: false });
    }
    const agent = parts.agents.find(({ uid }) => uid === form?.get('agent'));
    if (agent) {
      const result = { login: { accountId: agent.uid, acr: 'eidas1', remember: false } };
      return provider.interactionFinished(request, response, result);
    }
    const page = agentLoginPage({
      action: INTERACTION_PATH + interaction.uid,
      agents: parts.agents,
      hint: interaction.params['login_hint'] as string | undefined,
      mistaken: form !== undefined,
    });
    const { origin } = new URL(interaction.params['redirect_uri'] as string);
    sendHtml(response, form ? 400 : 200, page, origin);
  };

  return {
    serves: (path) => path.startsWith(`${ISSUER_PATH}/`) || path.startsWith(INTERACTION_PATH),
    handle: (request, response) =>
      request.url!.startsWith(INTERACTION_PATH) ? login(request, response) : protocol(request, response),
  };
}

function configuration({ agents, audience, keys, ...parts }: AgentProviderParts): Configuration {
  const findAgent = (uid: string) => agents.find((agent) => agent.uid === uid);
  return {
    adapter: createMemoryStore(parts.clock),
    jwks: { keys: [keys.signing] },
    clients: [agentClient(parts)],
    clientAuthMethods: ['client_secret_post'],
    scopes: [...SCOPES],
    claims: {
      ...Object.fromEntries(SCOPES.map((scope) => [scope, [scope]])),
      openid: ['sub', 'acr'],
    },
    acrValues: ['eidas1'],
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_ctx, uid, { clientId }) => {
      return createHash('sha256').update(`agent ${clientId} ${uid} ${keys.pairwiseSecret}`).digest('hex');
    },
    sectorIdentifierUriValidate: () => false,
    findAccount: (_ctx, uid) => {
      const agent = findAgent(uid);
      return agent && { accountId: uid, claims: () => ({ sub: uid, ...claimsOf(agent) }) };
    },
    extraTokenClaims: (ctx, token) => {
      const agent = 'accountId' in token ? findAgent(token.accountId) : undefined;
      return { acr: ctx.oidc.entities.AuthorizationCode?.acr, ...(agent && claimsOf(agent)) };
    },
    formats: {
      customizers: {
        jwt: (_ctx, _token, { payload }) => {
          const iat = Math.floor(parts.clock() / 1000);
          Object.assign(payload, { iat, exp: iat + ACCESS_TOKEN_TTL_SECONDS });
        },
      },
    },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => HUB_RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          audience,
          scope: SCOPES.join(' '),
          accessTokenFormat: 'jwt',
          accessTokenTTL: ACCESS_TOKEN_TTL_SECONDS,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => void Object.assign(ctx, { type: 'html', body: signOutPage(form) }),
        postLogoutSuccessSource: (ctx) => void Object.assign(ctx, { type: 'html', body: signedOutPage() }),
      },
    },
    interactions: { policy: loginAlone(), url: (_ctx, { uid }) => INTERACTION_PATH + uid },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ accountId: oidc.account!.accountId, clientId: oidc.client!.clientId });
      grant.addOIDCScope(oidc.params!['scope'] as string);
      grant.addResourceScope(HUB_RESOURCE, oidc.params!['scope'] as string);
      await grant.save();
      return grant;
    },
    pkce: { required: () => false },
    renderError: (ctx, { error, error_description }) => {
      Object.assign(ctx, { type: 'html', body: errorPage(error, error_description) });
    },
    cookies: {
      keys: [keys.cookieSecret],
      names: { session: SESSION_COOKIE, interaction: 'agents_interaction', resume: 'agents_resume' },
    },
    ttl: {
      AuthorizationCode: CODE_TTL_SECONDS,
      AccessToken: ACCESS_TOKEN_TTL_SECONDS,
      IdToken: ACCESS_TOKEN_TTL_SECONDS,
      Grant: ACCESS_TOKEN_TTL_SECONDS,
      Interaction: SESSION_TTL_SECONDS,
      Session: SESSION_TTL_SECONDS,
    },
    routes: {
      authorization: '/authorize',
      token: '/token',
      userinfo: '/userinfo',
      jwks: '/jwks',
      end_session: '/session/end',
    },
  };
}

function agentClient({
  clientSecret,
  extraRedirectUris,
}: Pick<AgentProviderParts, 'clientSecret' | 'extraRedirectUris'>) {
  const redirectUris = [LOOPBACK_REDIRECT_URI, ...extraRedirectUris];
  return {
    client_id: AGENT_CLIENT_ID,
    client_secret: clientSecret,
    // Native, so that a loopback redirect may use any port.
    application_type: 'native' as const,
    token_endpoint_auth_method: 'client_secret_post' as const,
    grant_types: ['authorization_code'],
    response_types: ['code' as const],
    redirect_uris: redirectUris,
    post_logout_redirect_uris: redirectUris,
    subject_type: 'pairwise' as const,
    sector_identifier_uri: `https://${AGENT_CLIENT_ID}.invalid/`,
    id_token_signed_response_alg: 'ES256' as const,
  };
}

function claimsOf({ usual_name, given_name, email, uid, siret, roles }: SandboxAgent) {
  return { usual_name, given_name, email, uid, siret, roles: [...roles] };
}

/** ProConnect shows agents no page about their data: their administration is responsible for it. */
function loginAlone(): interactionPolicy.DefaultPolicy {
  const prompts = interactionPolicy.base();
  prompts.get('consent')!.checks.clear();
  return prompts;
}
