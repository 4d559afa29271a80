import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import { isAcr, type Acr } from '../../../schema/acr.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import type { PurposeName } from '../../../schema/purposes.ts';
import { expandScopes, type ScopeName } from '../../../schema/scopes.ts';
import type { Clock } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import { verifyEs256Jwt } from '../../platform/es256.ts';
import { isOpaqueToken, type FranceConnect } from '../../platform/franceConnect/franceConnect.ts';
import { createIssuerKeys, type FindKey } from '../../platform/issuerKeys.ts';
import { readPivot } from '../../platform/readPivot.ts';
import type { ActingAgent } from '../../registers/faceContext.ts';
import { hubIssuer, isServiceToken, openHubToken, type HubTokens } from './hubToken.ts';
import { readIntrospected } from './introspectedToken.ts';
import { readAgent } from './readAgent.ts';

/** Signature algorithms an issuer may be configured with: asymmetric ones, so that no public key can pass for a shared secret. */
export const TOKEN_ALGORITHMS: readonly string[] = ['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'EdDSA'];

export interface IssuerConfig {
  /** Exact value of the claim `iss`. */
  readonly iss: string;
  readonly jwksUri: string;
  /** What the claim `aud` must be, and nothing beside it. */
  readonly audience: string;
  /** Some of TOKEN_ALGORITHMS, and none beside. */
  readonly algorithms: readonly string[];
  /** Whose tokens it issues [citizens]; an agent's never passes for a citizen's, whatever claims are in it, nor the reverse. */
  readonly holders?: 'citizens' | 'agents' | undefined;
}

/** What every token proves, once its signature and its claims have been checked. Holds for as long as the token does. */
export interface VerifiedBearer {
  readonly issuer: string;
  /** `client_id` as the issuer knows the service. */
  readonly clientId: string;
  /** Thumbprint of the key whose proof must come with the token (RFC 9449). */
  readonly jkt?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
  readonly notBeforeMs: number;
}

/** A token that stands for no citizen: an agent's, or one that a service got from the hub for itself (RFC 6749, 4.4). */
export interface VerifiedOfficeToken extends VerifiedBearer {
  readonly office: 'service' | ActingAgent;
}

/** A citizen's token. */
export interface VerifiedToken extends VerifiedBearer {
  readonly purpose: PurposeName | undefined;
  readonly scopes: ReadonlySet<ScopeName>;
  readonly acr: Acr;
  readonly pivot: PivotIdentity;
  /** The session of a token of the hub's own, which may be revoked before the token expires. */
  readonly sessionId?: string;
  /** FranceConnect was asked about it: nothing of the hub has seen this citizen before. */
  readonly introspected?: true;
}

/** Clocks of hub and issuers may differ by this much, and no more. */
export const CLOCK_TOLERANCE_SECONDS = 5;
/** Longest token that is looked at; a FranceConnect identity with forty scopes has 2 kB. */
export const MAX_TOKEN_LENGTH = 16 * 1024;
/** How old an issuer's key set, and a verification made with it, may be. */
export const KEYS_MAX_AGE_MS = 5 * 60_000;
const KEYS_COOLDOWN_MS = 30_000;
const KEYS_TIMEOUT_MS = 3000;
const TOKEN_TYPES: readonly unknown[] = ['at+jwt', 'application/at+jwt', 'jwt', 'application/jwt'];

export interface Issuer extends Omit<IssuerConfig, 'jwksUri'> {
  readonly findKey: FindKey;
}

/**
 * Verifies access tokens of the configured issuers (RFC 9068, RFC 7519, RFC 8725). What costs nothing is checked before what
 * costs a signature or a fetch. Throws a TypeError for an issuer that can't be right.
 *
 * The function it returns rejects with HubError HUB_TOKEN_INVALID, HUB_TOKEN_EXPIRED, HUB_TOKEN_IDENTITY_INCOMPLETE or
 * HUB_TOKEN_ISSUER_UNAVAILABLE. Not checked: whether the client is a service of the hub, and what it may ask.
 */
export function createTokenVerifier(
  configs: readonly IssuerConfig[],
  clock: Clock,
  sources: TokenSources = {},
): (token: string) => Promise<VerifiedToken | VerifiedOfficeToken> {
  const issuers = new Map(configs.map((config) => [config.iss, openIssuer(config)]));
  const { hubTokens, franceConnect } = sources;

  return async (token) => {
    if (franceConnect !== undefined && isOpaqueToken(token)) {
      return readIntrospected(franceConnect.iss, await franceConnect.introspect(token));
    }
    const hub = hubTokens && hubIssuer(hubTokens);
    const issuer = findIssuer(token, (iss) => (iss === hub?.iss ? hub : issuers.get(iss)));
    const nowMs = clock();
    const payload = await verifySignature(token, issuer, nowMs);
    const bearer = readBearer(payload, issuer, nowMs);
    if (issuer.holders === 'agents') return { ...bearer, office: readAgent(payload) };
    if (issuer === hub && isServiceToken(payload)) return { ...bearer, office: 'service' };
    const claims = { ...bearer, ...readCitizenClaims(payload) };
    if (issuer === hub) return { ...claims, ...(await openHubToken(payload, hubTokens!)) };
    return { ...claims, pivot: readPivot(payload) };
  };
}

/** Tokens beside those of the configured issuers. */
export interface TokenSources {
  readonly hubTokens?: HubTokens | undefined;
  readonly franceConnect?: Pick<FranceConnect, 'iss' | 'introspect'> | undefined;
}

function openIssuer(config: IssuerConfig): Issuer {
  const unknown = config.algorithms.filter((name) => !TOKEN_ALGORITHMS.includes(name));
  if (unknown.length > 0 || config.algorithms.length === 0) {
    throw new TypeError(
      `issuer ${config.iss}: "algorithms" must be some of ${TOKEN_ALGORITHMS.join(', ')}, got "${unknown.join(', ')}"`,
    );
  }
  const findKey = createIssuerKeys({
    jwksUri: config.jwksUri,
    maxAgeMs: KEYS_MAX_AGE_MS,
    cooldownMs: KEYS_COOLDOWN_MS,
    timeoutMs: KEYS_TIMEOUT_MS,
  });
  return { ...config, findKey };
}

/** Reads header and payload without believing them, only to know whose keys to ask for. */
function findIssuer(token: string, issuerNamed: (iss: string) => Issuer | undefined): Issuer {
  if (token.length > MAX_TOKEN_LENGTH) throw invalid('too long');
  // Five parts would be an encrypted token (RFC 7516), whose content may be a decompression bomb: none is opened here.
  if (token.split('.', 4).length !== 3) throw invalid('not a signed token');
  let header;
  let payload;
  try {
    header = decodeProtectedHeader(token);
    payload = decodeJwt(token);
  } catch {
    throw invalid('not a token');
  }
  if (header.crit !== undefined) throw invalid('crit');
  if (typeof header.typ !== 'string' || !TOKEN_TYPES.includes(header.typ.toLowerCase())) throw invalid('typ');
  const issuer = typeof payload.iss === 'string' ? issuerNamed(payload.iss) : undefined;
  if (issuer === undefined) throw invalid('iss');
  if (!issuer.algorithms.includes(header.alg ?? '')) throw invalid('alg');
  return issuer;
}

async function verifySignature(token: string, issuer: Issuer, nowMs: number): Promise<JWTPayload> {
  const options = {
    issuer: issuer.iss,
    audience: issuer.audience,
    requiredClaims: ['exp', 'iat', 'sub', 'client_id'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: new Date(nowMs),
  };
  try {
    if (decodeProtectedHeader(token).alg === 'ES256') return await verifyEs256Jwt(token, issuer.findKey, options);
    const { payload } = await jwtVerify(token, issuer.findKey, { ...options, algorithms: [...issuer.algorithms] });
    return payload;
  } catch (error) {
    if (error instanceof HubError) throw error;
    if (error instanceof errors.JWTExpired) throw new HubError('HUB_TOKEN_EXPIRED');
    // Named by jose's code alone: its messages may quote claims.
    if (error instanceof errors.JOSEError) throw invalid(error.code);
    throw invalid('key and algorithm do not fit');
  }
}

function readBearer(payload: JWTPayload, issuer: Issuer, nowMs: number): VerifiedBearer {
  const { aud, iat, exp, nbf, sub, client_id: clientId, cnf } = payload;
  // jose is content with one right audience among others; a token meant for another party as well is that party's to replay.
  if (Array.isArray(aud) && aud.some((value) => value !== issuer.audience)) throw invalid('aud');
  if (iat! * 1000 > nowMs + CLOCK_TOLERANCE_SECONDS * 1000) throw invalid('iat');
  if (typeof sub !== 'string' || sub === '') throw invalid('sub');
  if (typeof clientId !== 'string' || clientId === '') throw invalid('client_id');
  return {
    issuer: issuer.iss,
    clientId,
    ...readBinding(cnf),
    expiresAtMs: exp! * 1000,
    notBeforeMs: nbf === undefined ? -Infinity : nbf * 1000,
  };
}

function readCitizenClaims({ acr, purpose, scope }: JWTPayload): Pick<VerifiedToken, 'acr' | 'purpose' | 'scopes'> {
  if (!isAcr(acr)) throw invalid('acr');
  if (purpose !== undefined && typeof purpose !== 'string') throw invalid('purpose');
  if (scope !== undefined && typeof scope !== 'string') throw invalid('scope');
  return { purpose, scopes: expandScopes((scope ?? '').split(' ')), acr };
}

/** A token bound to anything but a DPoP key is bound to what nobody here can check (RFC 7800). */
function readBinding(cnf: unknown): Pick<VerifiedToken, 'jkt'> {
  if (cnf === undefined) return {};
  const { jkt, ...others } = (cnf ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof jkt !== 'string' || jkt === '' || Object.keys(others).length > 0) throw invalid('cnf');
  return { jkt };
}

function invalid(detail: string): HubError {
  return new HubError('HUB_TOKEN_INVALID', { detail });
}
