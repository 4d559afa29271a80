import { generateKeyPairSync, hash } from 'node:crypto';
import { withGrant, type Grant } from '../../../schema/grant.ts';
import { createAgencyRequestIds } from '../../../gateway/platform/agencyRequestIds.ts';
import { createNonce, createRequestId, type AgencyId, type SubjectKey } from '../../../gateway/platform/ids.ts';
import type { ExchangePublicJwk, HubKeys } from '../../../gateway/platform/keys.ts';
import { createReferences } from '../../../gateway/platform/references.ts';
import { createGrantSealer } from '../../../gateway/platform/seal.ts';
import { BENCH_CLIENT_ID, BENCH_PURPOSE, pivotOf } from '../load/callers.ts';
import { cpuPerPlainCall } from './cpu.ts';
import type { StepCosts } from './steps.ts';

const PEOPLE = 512;
const CALLS = 20_000;
const AGENCY = 'civil-status' as AgencyId;
const HEAD = `{"query":"query($representations:[_Any!]!){_entities(representations:$representations){... on Citizen{civilStatus{familyName}}}}","variables":{"representations":[{"__typename":"Citizen","id":"${'x'.repeat(43)}"}]}`;

export function measureReferences(keys: HubKeys): StepCosts['reference'] {
  const references = createReferences(keys, Date.now);
  const ask = (person: number) =>
    references.openReference(references.referenceFor(subjectOf(person), 'agency:civil-status'), 'agency:civil-status');
  for (let person = 0; person < PEOPLE; person += 1) ask(person);
  const reused = cpuPerPlainCall(CALLS, (call) => ask(call % PEOPLE));
  return { reused, fresh: cpuPerPlainCall(CALLS, (call) => ask(PEOPLE + call)) };
}

/** As sealGrants does for a fetch about the caller: request id, nonce, digest, text, seal. */
export function measureGrants(keys: HubKeys): StepCosts['grant'] {
  const seal = createGrantSealer(keys);
  const requestIdAt = createAgencyRequestIds(keys);
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const agencyKey = publicKey.export({ format: 'jwk' }) as ExchangePublicJwk;
  const scopes = ['family_name', 'given_name', 'birthdate', 'etatcivil_acte_naissance'] as const;
  const subjects = Array.from({ length: PEOPLE + CALLS }, (_, person) => {
    return { reference: subjectOf(person), role: 'SELF', scopes, pivot: pivotOf(person) } as const;
  });
  const ask = (person: number): string => {
    const iat = Math.floor(Date.now() / 1000);
    const grant: Grant = {
      iss: 'hub',
      aud: AGENCY,
      jti: createNonce(),
      iat,
      exp: iat + 30,
      requestId: requestIdAt(createRequestId(), AGENCY),
      service: { clientId: BENCH_CLIENT_ID, siret: '99900009900017' },
      purpose: BENCH_PURPOSE,
      acr: 'eidas2',
      digest: hash('sha256', HEAD, 'base64url'),
      subjects: [subjects[person]!],
      met: {},
    };
    return withGrant(HEAD, seal(agencyKey, grant));
  };
  for (let person = 0; person < PEOPLE; person += 1) ask(person);
  const reused = cpuPerPlainCall(CALLS, (call) => ask(call % PEOPLE));
  return { reused, fresh: cpuPerPlainCall(CALLS, (call) => ask(PEOPLE + call)) };
}

function subjectOf(person: number): SubjectKey {
  return person.toString(16).padStart(30, '0') as SubjectKey;
}
