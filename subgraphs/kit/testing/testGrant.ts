import { randomBytes } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { GRANT_INFO_PREFIX, withGrant, type Grant, type GrantSubject } from '../../../schema/grant.ts';
import { SCOPES } from '../../../schema/scopes.ts';
import type { PivotIdentity } from '../../../schema/pivotIdentity.ts';
import { generateAgencyKey } from '../agencyKeys.ts';
import { deriveDayKey, digestOf, shortThumbprint, type EcJwk } from '../grantKeys.ts';
import { createTestSender, type TestSender } from './testDeclaration.ts';

/** Stands in for the hub before one agency: seals grants with jose, by the words of schema/grant.ts alone. */
export interface TestHub {
  readonly publicKey: EcJwk;
  /** Its hand for declarations. */
  readonly sender: TestSender;
  /** A whole body: head, then the sealed grant. `changes` replaces claims, to make a wrong one. */
  seal(request: TestRequest, changes?: Partial<Grant>, sealing?: Sealing): Promise<string>;
}

export interface TestRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly subjects?: readonly GrantSubject[];
  readonly met?: Grant['met'];
  readonly acr?: Grant['acr'];
}

/** How the JWE is made, where a test wants it made otherwise than the treaty says. */
export interface Sealing {
  /** UTC day of the key, `YYYY-MM-DD` [today's]. */
  readonly day?: string;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Agency id the key is derived for [the audience's]. */
  readonly info?: string;
  /** Signs with another hub's key under the real one's name. */
  readonly forgedWith?: EcJwk;
}

export function createTestHub(agency: string, agencyKey: EcJwk, clock: () => number): TestHub {
  const hubKey = generateAgencyKey();
  return {
    publicKey: { kty: 'EC', crv: 'P-256', x: hubKey.x, y: hubKey.y },
    sender: createTestSender(agency, hubKey, agencyKey, clock),
    async seal(request, changes = {}, sealing = {}) {
      const head = headOf(request);
      const day = sealing.day ?? new Date(clock()).toISOString().slice(0, 10);
      const claims: Grant = { ...aGrant(agency, clock(), request), digest: digestOf(head), ...changes };
      const key = deriveDayKey(
        sealing.forgedWith ?? hubKey,
        agencyKey,
        day,
        GRANT_INFO_PREFIX + (sealing.info ?? agency),
      );
      const kid = `${shortThumbprint(hubKey)}.${shortThumbprint(agencyKey)}.${day}`;
      const header = { alg: 'dir', enc: 'A256GCM', kid, ...sealing.header };
      const sealed = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(claims)))
        .setProtectedHeader(header)
        .encrypt(key);
      return withGrant(head, sealed);
    },
  };
}

/** The head as the hub writes it: `query` and `variables`, the closing brace left to the tail. */
export function headOf({ query, variables }: TestRequest): string {
  return JSON.stringify({ query, ...(variables && { variables }) }).slice(0, -1);
}

/** A grant that is right in everything but the digest. */
export function aGrant(
  agency: string,
  nowMs: number,
  { subjects = [], met = {}, acr = 'eidas2' }: Partial<TestRequest>,
): Grant {
  const iat = Math.floor(nowMs / 1000);
  return {
    iss: 'hub',
    aud: agency,
    jti: randomBytes(16).toString('base64url'),
    iat,
    exp: iat + 30,
    requestId: `req_${randomBytes(16).toString('base64url')}`,
    service: { clientId: 'test-service', siret: '99900000000000' },
    purpose: 'canteen-pricing',
    acr,
    digest: '',
    subjects,
    met,
  };
}

/** Every scope that the agency holds. */
export function scopesHeldBy(agency: string): readonly string[] {
  return SCOPES.filter((scope) => scope.holder === agency).map((scope) => scope.name);
}

/** An invented person: nobody's record matches them. */
export const NOBODY: PivotIdentity = {
  family_name: 'TESTEUR',
  given_name: 'Inconnu Personne',
  birthdate: '1961-02-03',
  gender: 'male',
  birthplace: '75105',
  birthcountry: '99100',
};

export function aSubject(changes: Partial<GrantSubject> = {}): GrantSubject {
  return { reference: 'ref-of-the-caller', role: 'SELF', scopes: [], pivot: NOBODY, ...changes };
}
