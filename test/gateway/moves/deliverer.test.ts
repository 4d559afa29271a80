import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import { sql } from 'kysely';
import { DECLARATION_INFO_PREFIX, type DeclarationEvent, STATUS_INFO_PREFIX } from '../../../schema/declaration.ts';
import { deriveDayKey } from '../../../gateway/platform/dayKeys.ts';
import {
  createAgencyMessages,
  createDeclarationSealer,
  openDeclarationKeys,
} from '../../../gateway/platform/declarationSeal.ts';
import type { AgencyId } from '../../../gateway/platform/ids.ts';
import { type ExchangePublicJwk, openKeys } from '../../../gateway/platform/keys.ts';
import { createLog } from '../../../gateway/platform/log.ts';
import { startDeliverer } from '../../../gateway/registers/moves/deliverer.ts';
import { generateAgencyKey } from '../../../subgraphs/kit/agencyKeys.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import { TEST_NATS_URL } from '../../support/nats.ts';
import {
  FAMILY,
  INCOME,
  PAUL,
  RECIPIENTS,
  aMove,
  aMoveRegister,
  closeQueues,
  closeRegisters,
} from './aMoveRegister.ts';
import { until } from '../../support/until.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'deliverer-'));
const keys = openKeys({ dataDir });
const DAY = '2026-11-23';

interface Received {
  readonly event: Partial<DeclarationEvent>;
  readonly content: string;
}
type Manner = 'answers' | 'dies' | 'refuses' | 'answers as another';

/** An agency that opens what it is sent, and answers as it is told to. */
async function anAgency(agency: AgencyId) {
  const { kty, crv, x, y } = generateAgencyKey();
  const agencyKey: ExchangePublicJwk = { kty, crv, x, y };
  const keyOf = (infoPrefix: string, of: string = agency) =>
    deriveDayKey({ hubKey: keys.exchangeKeys[0]!, agencyKey, agency: of, day: DAY, infoPrefix }).key;
  const manner = { now: 'answers' as Manner };
  const received: Received[] = [];
  const tries = { count: 0 };
  const server = createServer((request, response) => {
    void (async () => {
      tries.count += 1;
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
      if (manner.now === 'dies') return void request.socket.destroy();
      if (manner.now === 'refuses') return void response.writeHead(401).end();
      const { plaintext } = await compactDecrypt(body, keyOf(DECLARATION_INFO_PREFIX));
      const [, payload] = new TextDecoder().decode(plaintext).split('.');
      const named = ['id', 'source', 'type', 'subject', 'sequence'] as const;
      const event = Object.fromEntries(named.map((name) => [name, request.headers[`ce-${name}`]]));
      received.push({ event, content: Buffer.from(payload!, 'base64url').toString() });
      const statuses = [{ event: event['id'], status: 'RECEIVED', at: `${DAY}T12:00:00.000Z` }];
      const iss = manner.now === 'answers' ? agency : 'somebody';
      const message = {
        iss,
        aud: 'hub',
        jti: 'aaaaaaaaaaaaaaaaaaaaaa',
        iat: Date.UTC(2026, 10, 23, 12) / 1000,
        statuses,
      };
      const sealed = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(message)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: decodeProtectedHeader(body).kid! })
        .encrypt(keyOf(STATUS_INFO_PREFIX));
      response.end(sealed);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { agencyKey, origin, received, tries, manner };
}

const servers: Server[] = [];
const deliverers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of deliverers.splice(0)) await close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await closeRegisters();
});

describeOnDatabases('the deliverer', (databases) => {
  afterAll(closeQueues);

  /** The time of a job is far beyond what a busy machine takes for an answer, unless a test is about its end. */
  async function aDelivery({ expireSeconds = 60 } = {}) {
    const setting = await aMoveRegister(databases, { expireSeconds });
    const agencies = new Map([
      [FAMILY, await anAgency(FAMILY)],
      [INCOME, await anAgency(INCOME)],
    ]);
    const start = () => {
      const deliverer = startDeliverer({
        deliveries: setting.register.deliveries,
        recipients: RECIPIENTS,
        originOf: (agency) => agencies.get(agency)?.origin,
        agencyKeys: {
          find: (agency) => agencies.get(agency)?.agencyKey,
          reread: (agency) => Promise.resolve(agencies.get(agency)?.agencyKey),
        },
        seal: createDeclarationSealer(keys, openDeclarationKeys({ dataDir })),
        messages: createAgencyMessages(keys),
        clock: () => setting.time.now,
        log: createLog({ level: 'silent' }),
        timeoutMs: 20_000,
        retryMs: 50,
      });
      deliverers.push(deliverer);
      return deliverer;
    };
    const statusAt = async (agency: AgencyId) =>
      (await setting.register.list(PAUL))[0]!.deliveries.find((one) => one.agency === agency)!.status;
    /** The queue counts in whole seconds: what it keeps for later is due, what a node took is overdue. A broker keeps its own time. */
    async function hasten(what: 'retry' | 'active'): Promise<void> {
      if (TEST_NATS_URL !== undefined) return;
      const { rows } = await sql<{ jobs: string }>`select current_schema() || '_jobs' as jobs`.execute(setting.db);
      const change = sql`start_after = now(), started_on = now() - interval '1 hour'`;
      await sql`update ${sql.table(`${rows[0]!.jobs}.job`)} set ${change} where state = ${sql.lit(what)}`.execute(
        setting.db,
      );
    }
    const receives = (agency: AgencyId) =>
      until('what was sent has arrived', async () => {
        await hasten('retry');
        // Whoever rests looks again.
        await setting.register.deliveries.setPaused(agency, false);
        return (await statusAt(agency)) === 'RECEIVED';
      });
    return {
      ...setting,
      start,
      statusAt,
      hasten,
      receives,
      family: agencies.get(FAMILY)!,
      income: agencies.get(INCOME)!,
    };
  }

  test('brings each recipient its own part, as a CloudEvent, and notes the answer', async () => {
    const { register, start, statusAt, family, income } = await aDelivery();
    start();
    const move = await register.declare(aMove());
    await until(
      'what was sent has arrived',
      async () => (await statusAt(FAMILY)) === 'RECEIVED' && (await statusAt(INCOME)) === 'RECEIVED',
    );
    expect(family.received).toHaveLength(1);
    expect(family.received[0]).toMatchObject({
      event: { source: 'urn:trait-dunion:hub', type: 'fr.trait-dunion.move.declared.v1', sequence: '000000000001' },
      content: register.messageFor(FAMILY, aMove()),
    });
    const subjects = [family, income].map(({ received }) => received[0]!.event.subject);
    expect(subjects).toEqual(move.deliveries.map(({ delivery }) => delivery));
  });

  test('is kept from nobody by an agency that is dead, and brings that one all of it when it lives', async () => {
    const { register, start, statusAt, family, income, receives } = await aDelivery();
    income.manner.now = 'dies';
    start();
    await register.declare(aMove());
    await receives(FAMILY);
    expect(await statusAt(INCOME)).toBe('SENDING');
    income.manner.now = 'answers';
    await receives(INCOME);
    expect([family.received.length, income.received.length]).toEqual([1, 1]);
  });

  test.each(['refuses', 'answers as another'] as const)(
    'takes it for undelivered when the agency %s',
    async (manner) => {
      const { register, start, statusAt, income, hasten, receives } = await aDelivery();
      income.manner.now = manner;
      start();
      await register.declare(aMove({ recipients: [INCOME] }));
      await until('it was tried twice', async () => {
        await hasten('retry');
        return income.tries.count > 1;
      });
      expect(await statusAt(INCOME)).toBe('SENDING');
      income.manner.now = 'answers';
      await receives(INCOME);
    },
  );

  test('sends nothing to an agency that is paused, and goes on when it is not', async () => {
    const { register, start, family, income, receives } = await aDelivery();
    await register.deliveries.setPaused(INCOME, true);
    start();
    await register.declare(aMove());
    await receives(FAMILY);
    expect(income.received).toEqual([]);
    await register.deliveries.setPaused(INCOME, false);
    await receives(INCOME);
    expect(family.received).toHaveLength(1);
  });

  test('does what a node left that took a job and is gone, when the job’s time is over', async () => {
    const { register, jobs, start, income, hasten, receives } = await aDelivery({ expireSeconds: 2 });
    await register.declare(aMove({ recipients: [INCOME] }));
    expect(await jobs.take(INCOME, 1)).toHaveLength(1);
    await hasten('active');
    start();
    await receives(INCOME);
    expect(new Set(income.received.map(({ event }) => event.id)).size).toBe(1);
  });
});
