import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GatewayProcess, startGatewayProcess, tokenFor } from '../support/gatewayProcess.ts';
import { type TestPostgres, startPostgres } from '../support/postgres.ts';
import { readAnswer, type HubAnswer } from '../support/runningHub.ts';
import { startTestIssuer, type TestIssuer } from '../support/testIssuer.ts';
import { until } from '../support/until.ts';

/*
 * Two gateways, one PostgreSQL, a thousand questions in a row on both while the citizen withdraws. No agency is there: a question that is allowed
 * fails for want of one, and that is how it is told from one that is refused.
 */

const REQUESTS = 1_000;
const AT_ONCE = 40;
const QUESTION = '{ me { familyFile { quotient { value } } } }';
const GIVE = 'mutation ($input: GiveConsentInput!) { giveConsent(input: $input) { consent { id } } }';
const WITHDRAW = 'mutation ($id: ID!) { withdrawConsent(id: $id) { consent { status } } }';

let postgres: TestPostgres;
let issuer: TestIssuer;
let dataDir: string;
let nodes: readonly GatewayProcess[] = [];
let atPortal: string;
let atCreche: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'trait-dunion-load-'));
  [postgres, issuer] = await Promise.all([startPostgres(), startTestIssuer(Date.now)]);
  const options = { databaseUrl: postgres.url, dataDir, issuer };
  const first = await startGatewayProcess(options);
  nodes = [first, await startGatewayProcess(options)];
  atPortal = await tokenFor(issuer, { persona: 'dupont-angela', service: 'portal' });
  atCreche = await tokenFor(issuer, { persona: 'dupont-angela', service: 'creche' });
}, 60_000);

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await issuer?.close();
  await postgres?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, 60_000);

async function ask({ url }: GatewayProcess, token: string, query: string, variables: object = {}): Promise<HubAnswer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return readAnswer(await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) }));
}

async function give(): Promise<string> {
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const input = { clientId: 'creche', purpose: 'creche-place', scopes: ['cnaf_quotient_familial'], expiresAt };
  const { data } = await ask(nodes[0]!, atPortal, GIVE, { input });
  return (data as { giveConsent: { consent: { id: string } } }).giveConsent.consent.id;
}

/** Not a question that found the agency missing: one that was told why not. */
const isRefused = ({ errors }: HubAnswer): boolean =>
  ['CONSENT_REQUIRED', 'CONSENT_WITHDRAWN'].includes(String(errors[0]?.extensions['reason']));

test('of a thousand questions on two nodes none that began after the withdrawal had returned is allowed', async () => {
  const id = await give();
  const told: { readonly startedAt: number; readonly refused: boolean }[] = [];
  let withdrawnAt = Number.POSITIVE_INFINITY;
  let asked = 0;

  const askOnAndOn = async (): Promise<void> => {
    while (asked < REQUESTS) {
      const node = nodes[(asked += 1) % 2]!;
      const startedAt = performance.now();
      told.push({ startedAt, refused: isRefused(await ask(node, atCreche, QUESTION)) });
    }
  };
  const withdrawInTheMiddle = async (): Promise<void> => {
    await until('a third is asked', () => asked >= REQUESTS / 3, { everyMs: 2 });
    await ask(nodes[0]!, atPortal, WITHDRAW, { id });
    withdrawnAt = performance.now();
  };
  await Promise.all([withdrawInTheMiddle(), ...Array.from({ length: AT_ONCE }, askOnAndOn)]);

  const after = told.filter(({ startedAt }) => startedAt > withdrawnAt);
  expect(after.filter(({ refused }) => !refused)).toEqual([]);
  // Both kinds were there, or nothing was shown.
  expect(told.filter(({ refused }) => !refused).length).toBeGreaterThan(100);
  expect(after.length).toBeGreaterThan(100);
}, 60_000);
