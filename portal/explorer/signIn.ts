import { LRUCache } from 'lru-cache';
import * as client from 'openid-client';

export interface SandboxSignIn {
  /** FranceConnect's stand-in. */
  readonly issuer: string;
  /** Issuer of the hub's tokens, below which its token endpoint says where it is. */
  readonly hubIssuer: string;
  /** Secrets of the sandbox's services by client id, at FranceConnect's stand-in and at the hub. */
  readonly clientSecrets: Readonly<Record<string, { readonly franceConnect: string; readonly hub: string }>>;
}

/** What the visitor chose in the panel. */
export interface SignInChoice {
  readonly persona: string;
  /** Client id. */
  readonly service: string;
  readonly purpose: string;
  /** Separated by spaces. */
  readonly scope: string;
  readonly acr: string;
}

export interface ExplorerSession {
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly service: string;
  /** As UserInfo gives it; empty when the scopes open no name. */
  readonly name: string;
  readonly acr: string;
}

export interface SignIn {
  /** The login page's address, and the state that comes back with the code. */
  start(choice: SignInChoice): Promise<{ readonly location: string; readonly state: string }>;
  /** `answer`: the address to which the login page led back. Resolves to the provider's words when it refused. */
  finish(answer: URL): Promise<ExplorerSession | { readonly refusal: string }>;
}

/** A visitor takes less between button and login. Milliseconds. */
const PENDING_TTL_MS = 10 * 60_000;
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/**
 * A service's server side, for the sandbox alone: what a real service does where no browser sees its secret. Code for FranceConnect's token,
 * that token and a purpose for the hub's.
 */
export function createSignIn({ issuer, hubIssuer, clientSecrets }: SandboxSignIn, redirectUri: string): SignIn {
  const pending = new LRUCache<string, SignInChoice & { readonly verifier: string; readonly nonce: string }>({
    max: 1000,
    ttl: PENDING_TTL_MS,
  });

  async function configure(server: string, service: string, side: 'franceConnect' | 'hub') {
    const secret = Object.hasOwn(clientSecrets, service) ? clientSecrets[service]![side] : '';
    return client.discovery(
      new URL(server),
      service,
      { userinfo_signed_response_alg: 'ES256', id_token_signed_response_alg: 'ES256' },
      client.ClientSecretPost(secret),
      { execute: [client.allowInsecureRequests] },
    );
  }

  async function exchange(subjectToken: string, { service, purpose }: SignInChoice) {
    const parameters = { subject_token: subjectToken, subject_token_type: ACCESS_TOKEN, purpose };
    return client.genericGrantRequest(await configure(hubIssuer, service, 'hub'), TOKEN_EXCHANGE, parameters);
  }

  async function redeem(answer: URL, state: string, known: NonNullable<ReturnType<typeof pending.get>>) {
    const configuration = await configure(issuer, known.service, 'franceConnect');
    const tokens = await client.authorizationCodeGrant(configuration, answer, {
      pkceCodeVerifier: known.verifier,
      expectedNonce: known.nonce,
      expectedState: state,
      idTokenExpected: true,
    });
    const { sub, acr } = tokens.claims()!;
    const hub = await exchange(tokens.access_token, known);
    const name = await nameOf(configuration, tokens.access_token, sub);
    return {
      token: hub.access_token,
      expiresInSeconds: hub.expires_in!,
      service: known.service,
      name: name || known.persona,
      acr: String(acr),
    };
  }

  return {
    async start(choice) {
      const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
      const url = client.buildAuthorizationUrl(await configure(issuer, choice.service, 'franceConnect'), {
        redirect_uri: redirectUri,
        scope: `openid ${choice.scope}`,
        acr_values: choice.acr,
        login_hint: choice.persona,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      pending.set(state, { ...choice, verifier, nonce });
      return { location: url.href, state };
    },
    async finish(answer) {
      const state = answer.searchParams.get('state') ?? '';
      const known = pending.get(state);
      pending.delete(state);
      if (known === undefined) return { refusal: 'state' };
      try {
        return await redeem(answer, state, known);
      } catch (fault) {
        if (fault instanceof client.AuthorizationResponseError || fault instanceof client.ResponseBodyError) {
          return { refusal: fault.error_description ?? fault.error };
        }
        throw fault;
      }
    },
  };
}

async function nameOf(configuration: client.Configuration, accessToken: string, sub: string): Promise<string> {
  const { given_name, preferred_username, family_name } = await client.fetchUserInfo(configuration, accessToken, sub);
  return [given_name, preferred_username ?? family_name].filter((part) => part !== undefined).join(' ');
}
