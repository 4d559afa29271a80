import { compactDecrypt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import { isAcr } from '../../../schema/acr.ts';
import type { Clock } from '../clock.ts';
import { HubError } from '../errors.ts';
import type { FindKey } from '../issuerKeys.ts';
import { readPivot } from '../readPivot.ts';
import type { EncryptionKey } from './encryptionKey.ts';
import type { Introspection } from './franceConnect.ts';
import type { FranceConnectConfig } from './franceConnectSetting.ts';

/** Clocks of hub and FranceConnect may differ by this much. */
const TOLERANCE_SECONDS = 5;
/** An answer is made for the question just asked: an older one is somebody's recording. */
const MAX_AGE_SECONDS = 30;

/**
 * Reads an answer of `checktoken`: a JWE to the hub's key around a JWS of FranceConnect's (DOMAIN: FranceConnect v2, data-provider flow). Checked from
 * the outside in: algorithms, `kid`, decryption, signature, `iss`, `aud` the hub and nobody else, times, then the introspection itself. An answer
 * that fails is no statement about the token: HubError HUB_TOKEN_ISSUER_UNAVAILABLE, never "inactive".
 */
export function createAnswerReader(options: {
  readonly config: FranceConnectConfig;
  readonly encryptionKey: EncryptionKey;
  readonly findKey: FindKey;
  readonly clock: Clock;
}): (answer: string) => Promise<Introspection> {
  const { config, clock } = options;
  return async (answer) => {
    const nowMs = clock();
    const signed = await decrypt(answer.trim(), config, options.encryptionKey);
    const claims = await verify(signed, config, options.findKey, nowMs);
    return readIntrospection(claims, nowMs);
  };
}

async function decrypt(answer: string, config: FranceConnectConfig, key: EncryptionKey): Promise<string> {
  const header = readHeader(answer, 5);
  if (header.alg !== config.encryptedResponseAlg || header.enc !== 'A256GCM')
    throw unbelievable('encryption algorithm');
  // Nothing is inflated: a small message may stand for gigabytes (CVE-2024-28180).
  if (header['zip'] !== undefined || header.crit !== undefined) throw unbelievable('encryption header');
  if (header.kid !== undefined && header.kid !== key.kid) throw unbelievable('encrypted to another key');
  try {
    const { plaintext } = await compactDecrypt(answer, key.privateKey, {
      keyManagementAlgorithms: [config.encryptedResponseAlg],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return new TextDecoder().decode(plaintext);
  } catch (fault) {
    throw unbelievable(codeOf(fault));
  }
}

async function verify(
  signed: string,
  config: FranceConnectConfig,
  findKey: FindKey,
  nowMs: number,
): Promise<JWTPayload> {
  const header = readHeader(signed, 3);
  if (header.alg !== config.signedResponseAlg || header.crit !== undefined) throw unbelievable('signature algorithm');
  if (typeof header.kid !== 'string') throw unbelievable('kid');
  try {
    const { payload } = await jwtVerify(signed, findKey, {
      algorithms: [config.signedResponseAlg],
      issuer: config.iss,
      requiredClaims: ['iat', 'aud'],
      maxTokenAge: MAX_AGE_SECONDS,
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: new Date(nowMs),
    });
    // One audience, as text: an answer for another data provider as well would be that one's to replay here.
    if (payload.aud !== config.clientId) throw unbelievable('aud');
    return payload;
  } catch (fault) {
    if (fault instanceof HubError) throw fault;
    throw unbelievable(codeOf(fault));
  }
}

function readIntrospection(claims: JWTPayload, nowMs: number): Introspection {
  const introspection = claims['token_introspection'];
  if (typeof introspection !== 'object' || introspection === null) throw unbelievable('token_introspection');
  const facts = introspection as Readonly<Record<string, unknown>>;
  if (facts['active'] === false) return { active: false };
  const { active, aud, sub, iat, exp, acr, jti, scope } = facts;
  if (active !== true) throw unbelievable('active');
  if (!isText(aud) || !isText(sub) || !isText(jti)) throw unbelievable('aud, sub or jti of the token');
  if (typeof scope !== 'string' || !isAcr(acr)) throw unbelievable('scope or acr of the token');
  if (typeof iat !== 'number' || typeof exp !== 'number' || exp <= iat) throw unbelievable('times of the token');
  if (iat * 1000 > nowMs + TOLERANCE_SECONDS * 1000) throw unbelievable('iat of the token');
  if (exp * 1000 <= nowMs) return { active: false };
  return {
    active: true,
    clientId: aud,
    scopes: scope.split(' ').filter((name) => name !== ''),
    acr,
    pivot: readPivot(facts),
    issuedAtMs: iat * 1000,
    expiresAtMs: exp * 1000,
  };
}

function readHeader(token: string, parts: 3 | 5): ReturnType<typeof decodeProtectedHeader> & { enc?: string } {
  if (token.split('.', 6).length !== parts) throw unbelievable('not a token');
  try {
    return decodeProtectedHeader(token) as ReturnType<typeof readHeader>;
  } catch {
    throw unbelievable('not a token');
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** By jose's code alone: its messages may quote claims. */
function codeOf(fault: unknown): string {
  return fault instanceof errors.JOSEError ? fault.code : 'key and algorithm do not fit';
}

function unbelievable(detail: string): HubError {
  return new HubError('HUB_TOKEN_ISSUER_UNAVAILABLE', { detail: `introspection answer: ${detail}` });
}
