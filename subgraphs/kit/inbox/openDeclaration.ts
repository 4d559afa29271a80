import { createHash } from 'node:crypto';
import { compactVerify, decodeProtectedHeader, errors, importJWK } from 'jose';
import type { TakenDeclaration } from '../../../schema/agencyManifest.ts';
import {
  DECLARATION_INFO_PREFIX,
  DECLARATION_TTL_SECONDS,
  type DeclarationEvent,
  type DeclarationHeader,
  type MoveData,
} from '../../../schema/declaration.ts';
import type { Clock } from '../agencyModule.ts';
import type { DayKeys } from '../dayKeys.ts';
import { CLOCK_TOLERANCE_SECONDS } from '../grantClaims.ts';
import { isDayInUse, parseKid } from '../grantKeys.ts';
import type { HubKeys } from '../hubKeys.ts';
import { kidOf, openSealed } from '../sealed.ts';
import { createDataParser, parseDeclarationHeader } from './declarationClaims.ts';

/** Why a message was refused: for the agency's log, never for the one who sent it. */
export type DeclarationRefusal =
  | 'MALFORMED'
  | 'DAY_NOT_IN_USE'
  | 'KEY_UNKNOWN'
  | 'NOT_AUTHENTIC'
  | 'CLAIMS_MALFORMED'
  | 'OTHER_AUDIENCE'
  | 'OUT_OF_TIME'
  | 'ATTRIBUTES_ALTERED'
  | 'SIGNING_KEY_UNKNOWN'
  | 'NOT_SIGNED'
  | 'BEYOND_MANIFEST'
  | 'OTHER_CONTENT';

export interface OpenedDeclaration {
  readonly refused?: undefined;
  readonly event: DeclarationEvent;
  /** Empty for a cancellation. */
  readonly data: MoveData;
  /** base64url SHA-256 of the payload's bytes. */
  readonly digest: string;
  /** Names the day key under which the answer is sealed. */
  readonly kid: string;
}

/** Opens a message. `attributes` are those it travelled with. Rejects only when the hub's keys cannot be had. */
export type DeclarationOpener = (
  sealed: string,
  attributes: Readonly<Record<string, unknown>>,
) => Promise<OpenedDeclaration | { readonly refused: DeclarationRefusal }>;

export interface DeclarationOpenerOptions {
  /** Agency id: the only audience that is accepted. */
  readonly agency: string;
  readonly takes: TakenDeclaration;
  readonly dayKeys: DayKeys;
  readonly hubKeys: HubKeys;
  readonly clock: Clock;
}

/**
 * Verifies a message as schema/declaration.ts states it: form, key and day named by `kid`, decryption, the signed header, audience, time, attributes,
 * signature, and last the payload against the manifest. Whether it was received before is the inbox's to know.
 */
export function createDeclarationOpener(options: DeclarationOpenerOptions): DeclarationOpener {
  const { agency, takes, dayKeys, hubKeys, clock } = options;
  const parseData = createDataParser(takes);

  return async (sealed, attributes) => {
    const kid = kidOf(sealed);
    const named = parseKid(kid);
    if (!kid || !named) return { refused: 'MALFORMED' };
    if (!isDayInUse(named.day, clock(), DAY_WINDOW)) return { refused: 'DAY_NOT_IN_USE' };
    const key = await dayKeys.find(kid, DECLARATION_INFO_PREFIX + agency);
    if (!key) return { refused: 'KEY_UNKNOWN' };
    const inside = await openSealed(sealed, key);
    if (!inside) return { refused: 'NOT_AUTHENTIC' };

    const signed = Buffer.from(inside).toString('utf8');
    const header = headerOf(signed);
    if (!header) return { refused: 'CLAIMS_MALFORMED' };
    if (header.aud !== agency) return { refused: 'OTHER_AUDIENCE' };
    if (!isInTime(header, clock())) return { refused: 'OUT_OF_TIME' };
    if (!isSameEvent(header.event, attributes)) return { refused: 'ATTRIBUTES_ALTERED' };

    const signingKey = await hubKeys.findSigning(header.kid);
    if (!signingKey) return { refused: 'SIGNING_KEY_UNKNOWN' };
    const payload = await verified(signed, signingKey);
    if (!payload) return { refused: 'NOT_SIGNED' };
    const data = parseData(header.event.type, parseJson(payload));
    if (!data) return { refused: 'BEYOND_MANIFEST' };
    return { event: header.event, data, digest: createHash('sha256').update(payload).digest('base64url'), kid };
  };
}

const DAY_WINDOW = {
  overlapSeconds: DECLARATION_TTL_SECONDS + CLOCK_TOLERANCE_SECONDS,
  toleranceSeconds: CLOCK_TOLERANCE_SECONDS,
};

function headerOf(jws: string): DeclarationHeader | undefined {
  try {
    return parseDeclarationHeader(decodeProtectedHeader(jws));
  } catch {
    return undefined;
  }
}

/** Sealed now or before, not longer ago nor for longer than a message lives. */
function isInTime({ iat, exp }: DeclarationHeader, nowMs: number): boolean {
  const now = nowMs / 1000;
  return (
    exp > iat &&
    exp - iat <= DECLARATION_TTL_SECONDS &&
    iat <= now + CLOCK_TOLERANCE_SECONDS &&
    exp > now - CLOCK_TOLERANCE_SECONDS
  );
}

/** The same attributes, none missing and none beside. */
function isSameEvent(event: DeclarationEvent, attributes: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(event) as (keyof DeclarationEvent)[];
  return Object.keys(attributes).length === names.length && names.every((name) => attributes[name] === event[name]);
}

async function verified(jws: string, signingKey: object): Promise<Uint8Array | undefined> {
  try {
    const { payload } = await compactVerify(jws, await importJWK({ ...signingKey }, 'ES256'), {
      algorithms: ['ES256'],
    });
    return payload;
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError) return undefined;
    throw thrown;
  }
}

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
}
