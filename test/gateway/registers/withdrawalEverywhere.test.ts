import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { type Database, openDatabase } from '../../../gateway/platform/database/database.ts';
import { LEASE_MS } from '../../../gateway/platform/database/leaseThread.ts';
import type { ClientId, SubjectKey } from '../../../gateway/platform/ids.ts';
import { type RunningConsentLedger, createConsentLedger } from '../../../gateway/registers/consent/consentLedger.ts';
import type { ConsentTables } from '../../../gateway/registers/consent/consentTables.ts';
import { HUB_MIGRATIONS } from '../../support/databases.ts';
import { type TestPostgres, startPostgres } from '../../support/postgres.ts';
import { until } from '../../support/until.ts';

const NODE = fileURLToPath(new URL('../../support/ledgerNode.ts', import.meta.url));
const PAUL = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as SubjectKey;
const CRECHE = 'creche' as ClientId;

describe('on several nodes with one database, a withdrawal that has returned', () => {
  let postgres: TestPostgres;
  const databases: Database[] = [];
  const ledgers: RunningConsentLedger[] = [];

  async function aNode(): Promise<RunningConsentLedger & { readonly database: Database }> {
    const database = await openDatabase({ url: postgres.url });
    databases.push(database);
    const db = await database.forOwner<ConsentTables>('hub');
    const ledger = await createConsentLedger({ database, db, clock: () => Date.now() });
    ledgers.push(ledger);
    return Object.assign(ledger, { database });
  }

  beforeAll(async () => {
    postgres = await startPostgres();
    const database = await openDatabase({ url: postgres.url });
    databases.push(database);
    await database.migrate('hub', HUB_MIGRATIONS);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(ledgers.map((ledger) => ledger.close()));
    await Promise.all(databases.map((database) => database.close()));
    await postgres.stop();
  }, 60_000);

  const give = (ledger: RunningConsentLedger) =>
    ledger.giveConsent({
      ...{ subject: PAUL, clientId: CRECHE, purpose: 'creche-place', kind: 'CONSENT' },
      ...{ legalBasis: 'CONSENT_RGPD_6_1_A', scopes: ['cnaf_enfants'], expiresAt: '2999-01-01T00:00:00.000Z' },
    });
  const keyOn = async (ledger: RunningConsentLedger) => (await ledger.openConsents(PAUL, CRECHE, 'creche-place')).key;

  /** A node in a process of its own, and what it said so far. */
  async function aProcess({ busyMs = 0 } = {}) {
    const child = spawn(process.execPath, ['--import', 'ts-blank-space/register', NODE, postgres.url, `${busyMs}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said: { readonly at: number; readonly heard: string }[] = [];
    createInterface(child.stdout).on('line', (line) => {
      const [at, heard] = line.split(' ');
      said.push({ at: Number(at), heard: heard! });
    });
    const last = () => said.at(-1)?.heard;
    return { child, said, says: (heard: string) => until(`the process says "${heard}"`, () => last() === heard) };
  }

  async function end(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL');
    if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
  }

  test('is known to every living node, which need not wait for a lease to end', async () => {
    const [here, there] = [await aNode(), await aNode()];
    const tookMs: number[] = [];
    for (let round = 0; round < 25; round += 1) {
      const { id } = await give(here);
      await until('the other node hears of it', async () => (await keyOn(there)) !== '', { everyMs: 1 });
      // Reads under way all the while, so that there is always an old answer that could be left behind.
      const reads = Array.from({ length: 10 }, () => keyOn(there));
      const startedAt = performance.now();
      await here.withdrawConsent(PAUL, id);
      expect(await keyOn(there)).toBe('');
      tookMs.push(performance.now() - startedAt);
      await Promise.all(reads);
      expect(await keyOn(there)).toBe('');
    }
    // A machine that is busy elsewhere may hold up one of them, not most.
    expect(tookMs.sort((one, other) => one - other)[12]).toBeLessThan(LEASE_MS / 2);
  }, 60_000);

  test('is known to a node that hears no notifications', async () => {
    const [here, deaf] = [await aNode(), await aNode()];
    const { id } = await give(here);
    await keyOn(deaf);
    const db = await deaf.database.forOwner<ConsentTables>('hub');
    // Notifications leave on commit as ever; nobody listens.
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where query like 'LISTEN %'`.execute(db);
    await here.withdrawConsent(PAUL, id);
    expect(await keyOn(deaf)).toBe('');
  });

  test('is known when a second withdrawal of the same consent returns, too', async () => {
    const [here, there] = [await aNode(), await aNode()];
    const { id } = await give(here);
    await keyOn(there);
    await Promise.all(
      [here, there].map(async (node) => {
        await node.withdrawConsent(PAUL, id);
        expect([await keyOn(here), await keyOn(there)]).toEqual(['', '']);
      }),
    );
  });

  test.each([
    ['a request that was refused', []],
    ['a request that was refused in part', ['cnaf_enfants']],
  ])('is as good as %s to a request, which returns when every node knows', async (answer, accepted) => {
    const ZOE = `${answer.length}`.padEnd(30, 'z') as SubjectKey;
    const [here, deaf] = [await aNode(), await aNode()];
    const declinedOn = async (node: RunningConsentLedger) =>
      [...(await node.openConsents(ZOE, CRECHE, 'creche-place')).declined].sort();
    const { id } = await here.requestConsent({
      ...{ subject: ZOE, clientId: CRECHE, purpose: 'creche-place', kind: 'CONSENT' },
      ...{ legalBasis: 'CONSENT_RGPD_6_1_A', scopes: ['cnaf_adresse', 'cnaf_enfants'] },
      ...{ expiresAt: '2999-01-01T00:00:00.000Z', returnUrl: 'https://creche.example/return' },
    });
    const before = await declinedOn(deaf);
    const db = await deaf.database.forOwner<ConsentTables>('hub');
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where query like 'LISTEN %'`.execute(db);
    await here.answerRequest(ZOE, id, accepted);
    expect(before).not.toContain('cnaf_adresse');
    expect(await declinedOn(deaf)).toContain('cnaf_adresse');
  });

  test('opens nothing on a node that was frozen meanwhile and wakes up with the old answer in its memory', async () => {
    const here = await aNode();
    const { id } = await give(here);
    const frozen = await aProcess();
    await frozen.says('cnaf_enfants');

    frozen.child.kill('SIGSTOP');
    const startedAt = performance.now();
    await here.withdrawConsent(PAUL, id);
    const tookMs = performance.now() - startedAt;
    const acknowledgedAt = Date.now();
    frozen.child.kill('SIGCONT');
    await frozen.says('-');
    await end(frozen.child);

    const after = frozen.said.filter(({ at }) => at > acknowledgedAt).map(({ heard }) => heard);
    expect(after.length).toBeGreaterThan(0);
    expect(after).not.toContain('cnaf_enfants');
    expect(tookMs).toBeLessThan(LEASE_MS + 1_000);
  }, 60_000);

  test('opens nothing on a node whose event loop stood still for longer than a lease, and which kept its lease', async () => {
    const here = await aNode();
    const { id } = await give(here);
    const busy = await aProcess({ busyMs: LEASE_MS + 500 });
    await busy.says('cnaf_enfants');
    await here.withdrawConsent(PAUL, id);
    const acknowledgedAt = Date.now();
    const saidAfter = () => busy.said.filter(({ at }) => at > acknowledgedAt).map(({ heard }) => heard);
    await until('it has answered twice since', () => saidAfter().length >= 2);
    await end(busy.child);
    // Not a refusal either: it has the lease, and asks its ledger before it has heard of anything.
    expect(new Set(saidAfter())).toEqual(new Set(['-']));
  }, 60_000);

  test('waits for a killed node no longer than its lease', async () => {
    const here = await aNode();
    const { id } = await give(here);
    const killed = await aProcess();
    await killed.says('cnaf_enfants');
    await end(killed.child);
    const startedAt = performance.now();
    await here.withdrawConsent(PAUL, id);
    expect(performance.now() - startedAt).toBeLessThan(LEASE_MS + 1_000);
    expect(await keyOn(here)).toBe('');
  }, 60_000);

  test('has nodes that refuse when they can have no lease, and answer again when they can', async () => {
    const here = await aNode();
    await give(here);
    const db = await here.database.forOwner<ConsentTables>('hub');
    await sql.raw('ALTER TABLE node_leases RENAME TO node_leases_away').execute(db);
    await until('its lease has ended', () => !here.holdsLease());
    await expect(keyOn(here)).rejects.toMatchObject({ code: 'HUB_LEDGER_UNAVAILABLE' });
    await sql.raw('ALTER TABLE node_leases_away RENAME TO node_leases').execute(db);
    await until('it holds a lease again', () => here.holdsLease());
    expect(await keyOn(here)).toBe('cnaf_enfants');
  });
});
