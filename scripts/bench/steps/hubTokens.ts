import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { Database } from '../../../gateway/platform/database/database.ts';
import type { HubKeys } from '../../../gateway/platform/keys.ts';
import { createOnceStore, type OnceTables } from '../../../gateway/platform/onceStore.ts';
import { createProofVerifier } from '../../../gateway/platform/proofOfPossession.ts';
import { createSubjectKeyOf } from '../../../gateway/platform/subjectKey.ts';
import { openTokenKeys } from '../../../gateway/platform/tokenKeys.ts';
import type { HabilitationRegister } from '../../../gateway/registers/habilitation/habilitation.ts';
import type { Received } from '../../../gateway/request/exchange.ts';
import { createIdentify } from '../../../gateway/request/identify/identify.ts';
import { BENCH_CLIENT_ID, BENCH_PURPOSE, pivotOf, scopesOf } from '../load/callers.ts';
import { cpuPerCall } from './cpu.ts';
import type { StepCosts } from './steps.ts';

const PEOPLE = 512;
const KNOWN_CALLS = 50_000;
const NEW_CALLS = 3_000;
const PROOFS = 2_000;
const GRAPH = 'https://hub.trait-dunion.example/graphql';
const ISSUER = 'https://hub.trait-dunion.example/session';

/** The identify step as main.ts wires it, with the hub's own tokens (gateway/session/mintToken.ts says what is in one). */
export async function measureHubTokens(input: {
  readonly dataDir: string;
  readonly keys: HubKeys;
  readonly database: Database;
  readonly habilitations: HabilitationRegister;
}): Promise<StepCosts['hubToken']> {
  const clock = Date.now;
  const tokenKeys = await openTokenKeys({ dataDir: input.dataDir, clock, log: { error: () => undefined } });
  const once = createOnceStore({ db: await input.database.forOwner<OnceTables>('hub'), clock });
  const identify = createIdentify({
    issuers: [],
    habilitations: input.habilitations,
    subjectKeyOf: createSubjectKeyOf(input.keys),
    clock,
    hubTokens: {
      addresses: () => ({ issuer: ISSUER, graph: GRAPH }),
      findKey: tokenKeys.find,
      openIdentity: tokenKeys.openIdentity,
      isRevoked: () => false,
    },
    proofs: { verify: createProofVerifier({ clock, useOnce: once.use }), graphUrl: () => GRAPH },
  });
  const prover = createProver();
  const mint = async (person: number, jkt?: string): Promise<string> => {
    const now = Math.floor(clock() / 1000);
    const claims = { iss: ISSUER, aud: GRAPH, sub: `bench-${person}`, client_id: BENCH_CLIENT_ID, jti: randomUUID() };
    const rights = { scope: scopesOf(person).join(' '), purpose: BENCH_PURPOSE, acr: 'eidas2' };
    const hub = { hub_session: `ses_${person}`, hub_identity: await tokenKeys.sealIdentity(pivotOf(person)) };
    return tokenKeys.sign({ ...claims, ...rights, ...hub, iat: now, exp: now + 300, ...(jkt && { cnf: { jkt } }) });
  };
  const mintAll = (count: number, jkt?: string) =>
    Promise.all(Array.from({ length: count }, (_, person) => mint(person, jkt)));
  const ask = (token: string, proof?: string) =>
    identify({ method: 'POST', token, ...(proof && { proof: { jwt: proof } }) } as Received);
  try {
    const known = await mintAll(PEOPLE);
    await Promise.all(known.map((token) => ask(token)));
    const seenBefore = await cpuPerCall(KNOWN_CALLS, (call) => ask(known[call % PEOPLE]!));
    const fresh = await mintAll(NEW_CALLS);
    const notSeenBefore = await cpuPerCall(NEW_CALLS, (call) => ask(fresh[call]!));
    const bound = await mintAll(PEOPLE, prover.thumbprint);
    const proofs = Array.from({ length: PROOFS + PEOPLE }, (_, call) => prover.prove(bound[call % PEOPLE]!));
    for (let call = 0; call < PEOPLE; call += 1) await ask(bound[call]!, proofs[call]);
    const dpop = await cpuPerCall(PROOFS, (call) => ask(bound[call % PEOPLE]!, proofs[PEOPLE + call]));
    return { seenBefore, notSeenBefore, dpop };
  } finally {
    tokenKeys.close();
    once.close();
  }
}

/** Makes DPoP proofs (RFC 9449, 4.2) with one key. */
function createProver() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const header = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } });
  return {
    // RFC 7638: required members in the order of the alphabet.
    thumbprint: sha256(JSON.stringify({ crv, kty, x, y })),
    prove(token: string): string {
      const iat = Math.floor(Date.now() / 1000);
      const payload = encode({ jti: randomUUID(), htm: 'POST', htu: GRAPH, iat, ath: sha256(token) });
      const signed = Buffer.from(`${header}.${payload}`);
      const signature = sign('sha256', signed, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
      return `${header}.${payload}.${signature}`;
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
