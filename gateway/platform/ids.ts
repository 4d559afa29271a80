import { randomFillSync } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The hub's own key of a person: 30 hex digits (15 bytes), derived from the pivot identity under the hub's key. Never leaves the hub. */
export type SubjectKey = Branded<'SubjectKey'>;
/** The id by which one party (a service, an agency) knows a subject; at most 43 characters. */
export type Reference = Branded<'Reference'>;
export type AgencyId = Branded<'AgencyId'>;
export type ClientId = Branded<'ClientId'>;
export type ConsentId = Branded<'ConsentId'>;
/** `req_` and 22 characters of base64url (16 random bytes). */
export type RequestId = Branded<'RequestId'>;

export function createRequestId(): RequestId {
  return `req_${random16()}` as RequestId;
}

export function createConsentId(): ConsentId {
  return `con_${random16()}` as ConsentId;
}

/** `hab_` and 22 characters of base64url. */
export function createHabilitationId(): string {
  return `hab_${random16()}`;
}

/** A grant's nonce: 22 characters, 16 random bytes. */
export function createNonce(): string {
  return random16();
}

const ID_BYTES = 16;
const randomPool = Buffer.alloc(256 * ID_BYTES);
let usedBytes = randomPool.length;

/** 16 random bytes, base64url. Drawn 256 at a time: each draw from the system costs 3 us, as much as reading a request. */
function random16(): string {
  if (usedBytes === randomPool.length) {
    randomFillSync(randomPool);
    usedBytes = 0;
  }
  const start = usedBytes;
  usedBytes += ID_BYTES;
  return randomPool.toString('base64url', start, usedBytes);
}
