import { createHash, generateKeyPairSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { createExchange, EXCHANGE_GRANT, EXCHANGE_PARAMETERS, type ExchangeRequest } from './exchangeGrant.ts';
import { createLibraryStorage } from './libraryStorage.ts';
import { OAuthError, toOAuthError } from './oauthError.ts';
import type { HubAddresses, SessionParts } from './parts.ts';
import { createRefresh, REFRESH_PARAMETERS } from './refreshGrant.ts';
import { createServiceGrant, SERVICE_GRANT } from './serviceGrant.ts';
import type { EndSession } from './sessionEnds.ts';

/** How services authenticate, and by what their assertions may be signed. */
export const CLIENT_METHODS = ['private_key_jwt', 'client_secret_post'] as const;
export const ASSERTION_ALGORITHMS = ['ES256', 'PS256', 'EdDSA'] as const;
/** An assertion that lives long is a password on the wire (RFC 7523, 3). */
const MAX_ASSERTION_SECONDS = 300;
const CLOCK_TOLERANCE_SECONDS = 5;

/** oidc-provider as a token endpoint and nothing else: it authenticates clients and reads requests, the hub's own grants do the rest. */
export function createProvider(parts: SessionParts, addresses: HubAddresses, endSession: EndSession): Provider {
  const provider = new Provider(addresses.issuer, configuration(parts, endSession));
  // Behind a proxy and on any port, what a client signed was for the public address (mount.ts puts it into the request).
  provider.proxy = true;
  provider.on('server_error', (_ctx, error) => parts.log.error({ err: error }, 'token endpoint: defect'));
  provider.on('grant.error', (_ctx, error) => logRefusal(parts, error));
  compareHashedSecrets(provider);

  const exchange = createExchange(parts, addresses);
  const refresh = createRefresh(parts, addresses, endSession);
  const serve = createServiceGrant(parts, addresses);
  provider.registerGrantType(SERVICE_GRANT, (ctx) =>
    answer(ctx, (_parameters, clientId) => serve({ clientId, proof: proofOf(ctx) })),
  );
  provider.registerGrantType(
    EXCHANGE_GRANT,
    (ctx) =>
      answer(ctx, (parameters, clientId) => {
        return exchange({ clientId, parameters: parameters as ExchangeRequest, proof: proofOf(ctx) });
      }),
    EXCHANGE_PARAMETERS,
  );
  provider.registerGrantType(
    'refresh_token',
    (ctx) =>
      answer(ctx, ({ refresh_token: refreshToken, scope }, clientId) => {
        return refresh({ clientId, refreshToken, scope, proof: proofOf(ctx) });
      }),
    REFRESH_PARAMETERS,
  );
  return provider;
}

function configuration(parts: SessionParts, endSession: EndSession): Configuration {
  return {
    adapter: createLibraryStorage(parts, endSession),
    clientAuthMethods: [...CLIENT_METHODS],
    enabledJWA: { clientAuthSigningAlgValues: [...ASSERTION_ALGORITHMS] },
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims) => {
      const nowSeconds = parts.clock() / 1000;
      if ((claims['exp'] as number) > nowSeconds + MAX_ASSERTION_SECONDS) {
        throw new OAuthError('invalid_client', `client_assertion may live ${MAX_ASSERTION_SECONDS} seconds at most`);
      }
    },
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      dPoP: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
    },
    // Nothing is signed by the library: its key set is one that nobody is told of (keys in use: platform/tokenKeys.ts).
    jwks: { keys: [{ ...unusedKey(), alg: 'ES256', use: 'sig' }] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    renderError: (ctx, out) => {
      ctx.type = 'json';
      ctx.body = out;
    },
    routes: { token: '/token', revocation: '/token/revocation' },
  };
}

function unusedKey(): object {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
}

type Parameters = Readonly<Record<string, string | undefined>>;

async function answer(
  ctx: KoaContextWithOIDC,
  grant: (parameters: Parameters, clientId: string) => Promise<object>,
): Promise<void> {
  try {
    ctx.body = await grant(ctx.oidc.params as Parameters, ctx.oidc.client!.clientId);
  } catch (fault) {
    throw toOAuthError(fault);
  }
}

/** Undefined without the header; an empty one is no proof that is good. */
function proofOf(ctx: KoaContextWithOIDC): string | undefined {
  const header = ctx.req.headers['dpop'];
  return Array.isArray(header) ? header.join() : header;
}

function compareHashedSecrets(provider: Provider): void {
  provider.Client.prototype.compareClientSecret = function compare(this: { clientSecret?: string }, actual: string) {
    const presented = createHash('sha256').update(actual).digest();
    const kept = (this.clientSecret ?? '').split('.').map((hash) => Buffer.from(hash, 'base64url'));
    return kept.some((hash) => hash.length === presented.length && timingSafeEqual(hash, presented));
  } as typeof provider.Client.prototype.compareClientSecret;
}

function logRefusal({ log }: Pick<SessionParts, 'log'>, error: Error & { readonly statusCode?: number }): void {
  const { detail } = (error.cause ?? {}) as { readonly detail?: string };
  const facts = { error: error.message, detail };
  if (error.statusCode === 503) log.error(facts, 'token endpoint: unavailable');
  else log.info(facts, 'token endpoint: refused');
}
