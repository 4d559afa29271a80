import * as client from 'openid-client';
import type { Party, PendingSignIn } from './sessions.ts';

/** A client of an identity provider, as it is registered there. */
export interface OpenIdClientOptions {
  /** Looked up at the first sign-in, so that the site starts without the provider. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
  /** Separated by spaces, without `openid`. */
  readonly scope: string;
  /** Plain HTTP, for a sandbox on this machine. */
  readonly isPlainHttpAllowed: boolean;
  /**
   * Where a person's name is read [userinfo]. Agents' access tokens are the hub's, which UserInfo does not take, and hold the claims in the open
   * (RFC 9068); what is read of them is shown, never trusted: the hub verifies them.
   */
  readonly claimsFrom?: 'userinfo' | 'access-token';
}

/** What came back from a login. */
export interface LoggedIn {
  readonly accessToken: string;
  readonly idToken: string;
  readonly expiresInSeconds: number;
  readonly level: string;
  readonly userInfo: Readonly<Record<string, unknown>>;
}

export interface OpenIdClient {
  /** Where to send the browser, and what its answer will be checked against. */
  start(options: {
    readonly party: Party;
    readonly to: string;
    /** [eidas1] `acr_values`. */
    readonly level?: string;
  }): Promise<{ readonly location: string; readonly pending: PendingSignIn }>;
  /** `answer`: the address at which the provider led back. The provider's own words when it, or the person, refused. */
  finish(answer: URL, pending: PendingSignIn): Promise<LoggedIn | { readonly refusal: string }>;
  /** Where the browser goes to sign out there too. */
  signOutUrl(idToken: string): Promise<string>;
}

/** The code flow with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1), by openid-client. */
export function createOpenIdClient(options: OpenIdClientOptions): OpenIdClient {
  const { issuer, clientId, clientSecret, redirectUri } = options;
  let discovered: Promise<client.Configuration> | undefined;
  const configuration = (): Promise<client.Configuration> => {
    discovered ??= client
      .discovery(
        new URL(issuer),
        clientId,
        { userinfo_signed_response_alg: 'ES256', id_token_signed_response_alg: 'ES256' },
        client.ClientSecretPost(clientSecret),
        options.isPlainHttpAllowed ? { execute: [client.allowInsecureRequests] } : {},
      )
      .catch((fault: unknown) => {
        discovered = undefined;
        throw fault;
      });
    return discovered;
  };

  return {
    async start({ party, to, level = 'eidas1' }) {
      const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
      const url = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: `openid ${options.scope}`,
        acr_values: level,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { location: url.href, pending: { party, verifier, state, nonce, to } };
    },

    async finish(answer, { verifier, state, nonce }) {
      const known = await configuration();
      try {
        const tokens = await client.authorizationCodeGrant(known, answer, {
          pkceCodeVerifier: verifier,
          expectedNonce: nonce,
          expectedState: state,
          idTokenExpected: true,
        });
        const { sub, acr } = tokens.claims()!;
        return {
          accessToken: tokens.access_token,
          idToken: tokens.id_token!,
          expiresInSeconds: tokens.expires_in ?? 60,
          level: typeof acr === 'string' ? acr : 'eidas1',
          userInfo:
            options.claimsFrom === 'access-token'
              ? claimsIn(tokens.access_token)
              : await client.fetchUserInfo(known, tokens.access_token, sub),
        };
      } catch (fault) {
        if (fault instanceof client.AuthorizationResponseError || fault instanceof client.ResponseBodyError) {
          return { refusal: fault.error_description ?? fault.error };
        }
        throw fault;
      }
    },

    async signOutUrl(idToken) {
      return client.buildEndSessionUrl(await configuration(), {
        id_token_hint: idToken,
        post_logout_redirect_uri: options.postLogoutRedirectUri,
        state: client.randomState(),
      }).href;
    },
  };
}

function claimsIn(token: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
