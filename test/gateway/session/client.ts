import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { FC_CLIENT, secretOf, setting, type Hub } from './setting.ts';

export const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

export interface OAuthReply {
  readonly status: number;
  readonly headers: Headers;
  /** The whole text, to look for what must not be in it. */
  readonly text: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: string;
  readonly issued_token_type: string;
  readonly expires_in: number;
  readonly scope: string;
  readonly error?: string;
  readonly error_description?: string;
}

/** Posts a form to the token endpoint; a parameter that is undefined is left out. */
export async function post(
  path: string,
  form: Readonly<Record<string, string | undefined>>,
  { hub = setting.hub, headers = {} }: { hub?: Hub; headers?: Record<string, string> } = {},
): Promise<OAuthReply> {
  const entries = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const response = await fetch(`${hub.origin}${path}`, { method: 'POST', body: new URLSearchParams(entries), headers });
  const text = await response.text();
  const body = (text.startsWith('{') ? JSON.parse(text) : {}) as OAuthReply;
  return { ...body, status: response.status, headers: response.headers, text };
}

type Changes = Readonly<Record<string, string | undefined>>;
type Options = NonNullable<Parameters<typeof post>[2]>;

/** An exchange that is right in everything, unless changed: the service `canteen` with a token of its own. */
export function exchange(changes: Changes = {}, options: Options = {}): Promise<OAuthReply> {
  const clientId = changes['client_id'] ?? 'canteen';
  const form = {
    grant_type: EXCHANGE,
    client_id: clientId,
    client_secret: secretOf(clientId),
    subject_token: changes['subject_token'] ?? setting.franceConnect.issue(FC_CLIENT(clientId)),
    subject_token_type: ACCESS_TOKEN,
    purpose: clientId === 'creche' ? 'creche-place' : 'canteen-pricing',
  };
  return post('/session/token', { ...form, ...changes }, options);
}

export function refresh(refreshToken: string, changes: Changes = {}, options: Options = {}): Promise<OAuthReply> {
  const clientId = changes['client_id'] ?? 'canteen';
  return post(
    '/session/token',
    {
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: secretOf(clientId),
      refresh_token: refreshToken,
      ...changes,
    },
    options,
  );
}

export function revoke(token: string, changes: Changes = {}): Promise<OAuthReply> {
  const clientId = changes['client_id'] ?? 'canteen';
  return post('/session/token/revocation', {
    client_id: clientId,
    client_secret: secretOf(clientId),
    token,
    ...changes,
  });
}

/** Status and code with which the gateway answers a request under that token; `200 <service>` when it lets it in. */
export async function ask(
  token: string,
  {
    hub = setting.hub,
    scheme = 'Bearer',
    headers = {},
  }: { hub?: Hub; scheme?: string; headers?: Record<string, string> } = {},
): Promise<string> {
  const { status, body } = await askWhole(token, { hub, scheme, headers });
  const { service, errors } = body as { service?: string; errors?: { extensions: { code: string } }[] };
  return `${status} ${service ?? errors?.[0]?.extensions.code}`;
}

export async function askWhole(
  token: string,
  {
    hub = setting.hub,
    scheme = 'Bearer',
    headers = {},
  }: { hub?: Hub; scheme?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(`${hub.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `${scheme} ${token}`, ...headers },
    body: JSON.stringify({ query: '{ me { id } }' }),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

/** A key for proofs of possession (RFC 9449). */
export interface ProofKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly jkt: string;
}

export async function aProofKey(): Promise<ProofKey> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  return { privateKey: pair.privateKey, publicJwk, jkt: await calculateJwkThumbprint(publicJwk) };
}

/** A proof for a POST of the token endpoint, or of the graph when a token is given; claims and header may be changed. */
export function prove(
  key: ProofKey,
  token?: string,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const { origin } = setting.hub;
  const ath = token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') };
  const htu = token === undefined ? `${origin}/session/token` : `${origin}/graphql`;
  return new SignJWT({ htm: 'POST', htu, jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...ath, ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: key.publicJwk, ...header })
    .sign(key.privateKey);
}
