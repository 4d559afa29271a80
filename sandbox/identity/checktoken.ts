import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DataProviderRegistration, DataProviders } from './dataProviders.ts';
import type { Persona } from './directory.ts';
import { activeClaims, encryptEnvelope, signEnvelope, type LiveToken } from './introspection.ts';
import type { IdentityKeys } from './keys.ts';
import { pairwiseSubject } from './pairwiseSubject.ts';
import { readForm, sendJson } from './send.ts';

export interface ChecktokenParts {
  readonly issuer: string;
  readonly keys: IdentityKeys;
  readonly dataProviders: DataProviders;
  /** Whose token it is, while it lives. */
  readonly findToken: (value: string) => Promise<{ readonly token: LiveToken; readonly persona: Persona } | undefined>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

type Form = Readonly<Record<(typeof FIELDS)[number], string>>;

const FIELDS = ['token', 'client_id', 'client_secret'] as const;
const MIN_CREDENTIAL_LENGTH = 32;

/**
 * `POST /checktoken`, where a data provider learns whose token it was handed (FranceConnect v2, "vérification du token"). 200 is a JWE around a
 * JWS; 400 `invalid_request`, 401 `invalid_client`, 500 `server_error` are JSON.
 */
export function createChecktoken(parts: ChecktokenParts) {
  return async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await readChecktokenForm(request);
    if (typeof form === 'string') return refuse(response, 400, 'invalid_request', form);
    const provider = parts.dataProviders.authenticate(form.client_id, form.client_secret);
    if (!provider) return refuse(response, 401, 'invalid_client', 'client authentication failed');
    try {
      const body = await introspect(form.token, provider, parts);
      response.writeHead(200, {
        'content-type': 'application/token-introspection+jwt',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      response.end(body);
    } catch (error) {
      console.error('sandbox checktoken:', error);
      refuse(response, 500, 'server_error', 'the answer could not be made');
    }
  };
}

async function introspect(
  value: string,
  provider: DataProviderRegistration,
  { issuer, keys, findToken, clock }: ChecktokenParts,
): Promise<string> {
  const found = await findToken(value);
  const sub = found && pairwiseSubject(provider.clientId, found.persona.claims, keys.pairwiseSecret);
  const introspection = found ? activeClaims(found.token, found.persona.claims, sub!, provider) : { active: false };
  const iat = Math.floor(clock() / 1000);
  const jws = await signEnvelope({ issuer, audience: provider.clientId, iat, introspection }, keys.signing);
  return encryptEnvelope(jws, provider);
}

/** The three fields, or what is wrong with the request. */
async function readChecktokenForm(request: IncomingMessage): Promise<Form | string> {
  if (request.method !== 'POST') return 'expected a POST';
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')) {
    return 'expected application/x-www-form-urlencoded';
  }
  const form = await readForm(request);
  if (form === 'too large') return 'the form is too large';
  const names = [...form.keys()];
  const unknown = names.filter((name) => !FIELDS.some((field) => field === name));
  if (unknown.length > 0) return 'unknown fields; expected token, client_id, client_secret';
  if (new Set(names).size < names.length) return 'a field is there twice';
  const [token, client_id, client_secret] = FIELDS.map((field) => form.get(field) ?? '') as [string, string, string];
  if (token === '') return 'token is missing';
  if (client_id.length < MIN_CREDENTIAL_LENGTH || client_secret.length < MIN_CREDENTIAL_LENGTH) {
    return `client_id and client_secret have ${MIN_CREDENTIAL_LENGTH} characters or more`;
  }
  return { token, client_id, client_secret };
}

function refuse(response: ServerResponse, status: number, error: string, error_description: string): void {
  sendJson(response, status, { error, error_description });
}
