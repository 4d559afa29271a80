import * as client from 'openid-client';

/** A service's client at the hub's token endpoint. */
export interface HubClientOptions {
  /** Issuer of the hub's tokens: `https://hub.example.fr/session`. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly purpose: string;
  readonly isPlainHttpAllowed: boolean;
}

/** A citizen's session at the hub, from the exchange on. */
export interface HubSession {
  /** A token that lives half a minute more at least; undefined when the hub has ended the session. */
  readonly token: () => Promise<string | undefined>;
  /** Revokes it: no token of it is worth anything afterwards. */
  readonly end: () => Promise<void>;
}

/** A token that has less left is replaced before it is used, ms. */
const MARGIN_MS = 30_000;
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/** FranceConnect's access token, which lives 60 seconds, for the hub's (RFC 8693), and that one for the next every five minutes. */
export function createHubClient(options: HubClientOptions, clock: () => number) {
  const configuration = () =>
    client.discovery(
      new URL(options.issuer),
      options.clientId,
      { id_token_signed_response_alg: 'ES256' },
      client.ClientSecretPost(options.clientSecret),
      options.isPlainHttpAllowed ? { execute: [client.allowInsecureRequests] } : {},
    );

  return {
    /** Resolves to the hub's words when it refuses the person. */
    async open(franceConnectToken: string): Promise<HubSession | { readonly refusal: string }> {
      const known = await configuration();
      try {
        const parameters = {
          subject_token: franceConnectToken,
          subject_token_type: ACCESS_TOKEN,
          purpose: options.purpose,
        };
        return keep(known, await client.genericGrantRequest(known, TOKEN_EXCHANGE, parameters), clock);
      } catch (fault) {
        if (fault instanceof client.ResponseBodyError) return { refusal: fault.error_description ?? fault.error };
        throw fault;
      }
    },
  };
}

function keep(known: client.Configuration, first: client.TokenEndpointResponse, clock: () => number): HubSession {
  const until = ({ expires_in = 0 }: client.TokenEndpointResponse) => clock() + expires_in * 1000 - MARGIN_MS;
  let tokens: client.TokenEndpointResponse | undefined = first;
  let goodUntilMs = until(first);
  let refreshing: Promise<string | undefined> | undefined;

  async function refresh(): Promise<string | undefined> {
    try {
      tokens = await client.refreshTokenGrant(known, tokens!.refresh_token!);
      goodUntilMs = until(tokens);
    } catch (fault) {
      if (!(fault instanceof client.ResponseBodyError)) throw fault;
      tokens = undefined;
    }
    return tokens?.access_token;
  }

  return {
    async token() {
      if (tokens === undefined || clock() < goodUntilMs) return tokens?.access_token;
      // A refresh token is good once, and seen twice it ends the session: whoever comes meanwhile waits for the same answer.
      refreshing ??= refresh().finally(() => (refreshing = undefined));
      return refreshing;
    },
    async end() {
      const ended = tokens?.refresh_token;
      tokens = undefined;
      if (ended !== undefined) await client.tokenRevocation(known, ended);
    },
  };
}
