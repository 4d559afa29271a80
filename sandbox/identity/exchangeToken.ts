import * as client from 'openid-client';

export interface ExchangeRequest {
  /** Issuer of the hub's token endpoint: `http://host:port/session`. */
  readonly hubIssuer: string;
  readonly clientId: string;
  /** By which the service authenticates at the hub. */
  readonly clientSecret: string;
  /** FranceConnect's access token, given to that service less than 60 seconds ago. */
  readonly franceConnectToken: string;
  /** One of the service's. */
  readonly purpose: string;
}

export interface HubToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** Scopes that the hub left, separated by spaces. */
  readonly scope: string;
}

/**
 * Token exchange (RFC 8693) as a service does it: FranceConnect's token and a purpose in, a hub token out. Throws openid-client's ResponseBodyError with the
 * hub's words when it refuses.
 */
export async function exchangeToken(request: ExchangeRequest): Promise<HubToken> {
  const { hubIssuer, clientId, clientSecret, franceConnectToken, purpose } = request;
  const configuration = await client.discovery(
    new URL(hubIssuer),
    clientId,
    undefined,
    client.ClientSecretPost(clientSecret),
    { execute: [client.allowInsecureRequests] },
  );
  const tokens = await client.genericGrantRequest(configuration, 'urn:ietf:params:oauth:grant-type:token-exchange', {
    subject_token: franceConnectToken,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    purpose,
  });
  return { accessToken: tokens.access_token, expiresInSeconds: tokens.expires_in!, scope: tokens.scope ?? '' };
}
