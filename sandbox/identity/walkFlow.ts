import type { CryptoKey } from 'jose';
import * as client from 'openid-client';
import { ACR_LEVELS, type Acr } from '../../schema/acr.ts';
import { LOOPBACK_REDIRECT_URI } from './loopback.ts';

export interface FlowRequest {
  readonly issuer: string;
  readonly clientId: string;
  /** Secret or key by which the service proves who it is. */
  readonly clientSecret: string | CryptoKey;
  /** Persona's id, e.g. `dupont-paul`. */
  readonly persona: string;
  /** Scopes, separated by spaces; `openid` is added when missing. */
  readonly scope: string;
  /** Level of assurance; default: all are asked for, and the persona's usual one is taken. */
  readonly acr?: Acr;
  readonly redirectUri?: string;
}

export interface FlowResult {
  /** Opaque; lives 60 seconds. */
  readonly accessToken: string;
  readonly idToken: string;
  /** By which this service knows the person. */
  readonly subject: string;
  readonly expiresInSeconds: number;
  /** Scopes granted, as the token holds them. */
  readonly scope: string;
}

/**
 * The whole code flow, as a browser and a service would do it together: authorize, login form, information page, code,
 * token. Throws openid-client's AuthorizationResponseError when the provider answers the client with an error, and an Error with the
 * page's words when it shows one to the person instead.
 */
export async function walkFlow(request: FlowRequest): Promise<FlowResult> {
  const { persona, acr, redirectUri = LOOPBACK_REDIRECT_URI } = request;
  const configuration = await configureClient(request);
  const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: [...new Set(['openid', ...request.scope.split(' ').filter(Boolean)])].join(' '),
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    acr_values: acr ?? ACR_LEVELS.join(' '),
    login_hint: persona,
  });
  const callback = await walkPages(url, redirectUri, { persona, ...(acr && { acr }) });
  const tokens = await client.authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
  });
  return {
    accessToken: tokens.access_token,
    idToken: tokens.id_token!,
    subject: tokens.claims()!.sub,
    expiresInSeconds: tokens.expires_in!,
    scope: tokens.scope ?? '',
  };
}

/** The service as openid-client knows it: one that FranceConnect knows too, with UserInfo as a JWT. */
export function configureClient({
  issuer,
  clientId,
  clientSecret,
}: Pick<FlowRequest, 'issuer' | 'clientId' | 'clientSecret'>): Promise<client.Configuration> {
  const authentication =
    typeof clientSecret === 'string' ? client.ClientSecretPost(clientSecret) : client.PrivateKeyJwt(clientSecret);
  const metadata = { userinfo_signed_response_alg: 'ES256', id_token_signed_response_alg: 'ES256' };
  return client.discovery(new URL(issuer), clientId, metadata, authentication, {
    execute: [client.allowInsecureRequests],
  });
}

export interface Visitor {
  readonly persona: string;
  readonly acr?: Acr;
  /** Whether the visitor goes on at the information page, and ticks the box where there is one. Default true. */
  readonly agrees?: boolean;
}

/** A page or a redirect more than any flow has. */
const MAX_STEPS = 12;

/**
 * Follows redirects and fills the sandbox's forms until the client is called back; returns that address with its parameters.
 *
 * @param cookies the visitor's, by name; what the provider sets is added.
 */
export async function walkPages(
  start: URL,
  redirectUri: string,
  visitor: Visitor,
  cookies = new Map<string, string>(),
): Promise<URL> {
  let url = start;
  let body: URLSearchParams | undefined;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: toHeader(cookies) },
      ...(body && { method: 'POST', body }),
    });
    keepCookies(cookies, response);
    const location = response.headers.get('location');
    if (location) {
      await response.body?.cancel();
      url = new URL(location, url);
      body = undefined;
      if (url.href.startsWith(`${redirectUri}?`)) return url;
    } else {
      const page = await response.text();
      if (!response.ok) throw new Error(`the identity provider answered ${response.status}: ${errorOf(page)}`);
      body = fillForm(page, visitor);
      url = new URL(/<form method="post" action="([^"]+)"/.exec(page)![1]!, url);
    }
  }
  throw new Error(`the identity provider did not call the client back within ${MAX_STEPS} steps`);
}

export function toHeader(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

function keepCookies(cookies: Map<string, string>, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
    if (value) cookies.set(name!, value);
    else cookies.delete(name!);
  }
}

function fillForm(page: string, { persona, acr, agrees = true }: Visitor): URLSearchParams {
  if (page.includes('id="login"')) {
    const offered = /name="acr" value="([^"]+)" checked/.exec(page)?.[1] ?? '';
    return new URLSearchParams({ persona, acr: acr ?? offered });
  }
  if (page.includes('id="consent"'))
    return new URLSearchParams(agrees ? { accept: 'yes', agree: 'yes' } : { cancel: 'yes' });
  throw new Error('the identity provider showed a page without a form of the sandbox');
}

/** The words of the page's alert, without markup. */
function errorOf(page: string): string {
  const alert = /role="alert">([\s\S]*?)<\/p>/.exec(page)?.[1] ?? '';
  return alert
    .replace(/<[^>]+>/g, '')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}
