import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type GatewayProcess, startGatewayProcess, tokenFor } from '../../support/gatewayProcess.ts';
import { type TestPostgres, startPostgres } from '../../support/postgres.ts';
import { readAnswer } from '../../support/runningHub.ts';
import { type FollowedStream, follow, pause } from '../../support/streams.ts';
import { startTestIssuer, type TestIssuer } from '../../support/testIssuer.ts';

const CHANGES = 'subscription { subjectChanged { open { name } } }';
const GIVE = 'mutation ($input: GiveConsentInput!) { giveConsent(input: $input) { consent { id } } }';
const WITHDRAW = 'mutation ($id: ID!) { withdrawConsent(id: $id) { consent { status } } }';
const WITHDRAWN = 'cnaf_enfants';
const KEPT = 'cnaf_quotient_familial';

describe('on two nodes with one database, once withdrawConsent has returned', () => {
  let postgres: TestPostgres;
  let issuer: TestIssuer;
  let dataDir: string;
  let here: GatewayProcess;
  let there: GatewayProcess;
  let atPortal: string;
  let atCreche: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'trait-dunion-nodes-'));
    [postgres, issuer] = await Promise.all([startPostgres(), startTestIssuer(Date.now)]);
    const settings = { HUB_STREAM_INTERVAL_MS: '0', HUB_STREAM_HEARTBEAT_MS: '60000' };
    const options = { databaseUrl: postgres.url, dataDir, issuer, settings };
    here = await startGatewayProcess(options);
    there = await startGatewayProcess(options);
    atPortal = await tokenFor(issuer, { persona: 'dupont-angela', service: 'portal' });
    atCreche = await tokenFor(issuer, { persona: 'dupont-angela', service: 'creche' });
  }, 60_000);

  afterAll(async () => {
    await Promise.all([here, there].map((node) => node?.stop()));
    await issuer?.close();
    await postgres?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }, 60_000);

  async function act(node: GatewayProcess, query: string, variables: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${atPortal}` };
    const response = await fetch(node.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    const { data, errors } = await readAnswer(response);
    expect(errors).toEqual([]);
    return data;
  }

  async function give(node: GatewayProcess, scope: string): Promise<string> {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const input = { clientId: 'creche', purpose: 'creche-place', scopes: [scope], expiresAt };
    return ((await act(node, GIVE, { input })) as { giveConsent: { consent: { id: string } } }).giveConsent.consent.id;
  }

  const withdraw = (node: GatewayProcess, id: string) => act(node, WITHDRAW, { id });
  const subscribe = ({ url }: GatewayProcess) =>
    follow({ url, token: () => Promise.reject() }, CHANGES, { token: atCreche });

  const tellsWithdrawn = (told: FollowedStream['told'][number]) => JSON.stringify(told).includes(WITHDRAWN);
  const reasonOf = ({ told }: FollowedStream) => told.at(-1)!.errors?.[0]?.extensions['code'];

  test('no event of either node tells what was withdrawn, and every stream that did has ended with the reason', async () => {
    for (let round = 0; round < 6; round += 1) {
      const kept = await give(here, KEPT);
      const id = await give(here, WITHDRAWN);
      const streams = await Promise.all([subscribe(here), subscribe(there), subscribe(there)]);
      for (const stream of streams) expect(tellsWithdrawn(await stream.next())).toBe(true);

      // Events under way all the while, so that there is always one that could come too late.
      let isBusy = true;
      const busy = (async () => {
        while (isBusy) await withdraw(there, await give(there, KEPT));
      })();
      await pause(30);
      await withdraw(here, id);
      // What came before this answer and is not read yet is read in this turn.
      for (let turn = 0; turn < 3; turn += 1) await nextTurn();
      const toldBefore = streams.map(({ told }) => told.length);
      await pause(150);
      isBusy = false;
      await busy;

      for (const [index, stream] of streams.entries()) {
        expect(stream.told.slice(toldBefore[index]).filter(tellsWithdrawn)).toEqual([]);
        expect(await stream.ended()).toBe(true);
        expect(reasonOf(stream)).toBe('HUB_STREAM_RIGHTS_ENDED');
      }
      await withdraw(there, kept);
    }
  }, 60_000);

  test('a node that was frozen meanwhile tells nothing of it when it wakes up', async () => {
    const id = await give(here, WITHDRAWN);
    const stream = await subscribe(there);
    expect(tellsWithdrawn(await stream.next())).toBe(true);
    const other = give(here, KEPT);
    there.child.kill('SIGSTOP');
    await withdraw(here, id);
    for (let turn = 0; turn < 3; turn += 1) await nextTurn();
    const toldBefore = stream.told.length;
    there.child.kill('SIGCONT');
    await withdraw(here, await other);

    expect(await stream.ended()).toBe(true);
    expect(stream.told.slice(toldBefore).filter(tellsWithdrawn)).toEqual([]);
    expect(reasonOf(stream)).toMatch(/^HUB_(STREAM_RIGHTS_ENDED|LEDGER_UNAVAILABLE)$/);
  });

  test('a node that is stopped says so in its streams, and is gone within 5 s', async () => {
    await give(here, KEPT);
    const stream = await subscribe(there);
    await stream.next();
    const startedAt = performance.now();
    await there.stop();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(await stream.ended()).toBe(true);
    expect(reasonOf(stream)).toBe('HUB_NOT_READY');
  });
});
