import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openDatabase } from '../../../../gateway/platform/database/database.ts';
import type { DeclarationEvent } from '../../../../schema/declaration.ts';
import { ownSchema } from '../../../../scripts/start/agencies.ts';
import { generateAgencyKey } from '../../../../subgraphs/kit/agencyKeys.ts';
import type { EcJwk } from '../../../../subgraphs/kit/grantKeys.ts';
import {
  anEvent,
  createTestSender,
  NEW_ADDRESS,
  type TestSender,
} from '../../../../subgraphs/kit/testing/testDeclaration.ts';
import { NOBODY } from '../../../../subgraphs/kit/testing/testGrant.ts';

/*
 * The address agency as `npm run subgraph` starts it, on its embedded database, killed while messages come in. Whatever was in its hands, the hub sends
 * again, as it would: each declaration is applied once in the end, and in the order in which it was said.
 */

const root = join(import.meta.dirname, '../../../..');
const EVENTS = 30;
/** After so many answers the next message meets its end, so many milliseconds after it was sent. */
const KILLS: ReadonlyMap<number, number> = new Map([
  [5, 0],
  [12, 2],
  [20, 6],
]);

const dataDir = mkdtempSync(join(tmpdir(), 'killed-inbox-'));
const hubKey = generateAgencyKey();
let keys: readonly object[];
let jwks: Server;
let agency: ChildProcess;
let url: string;
let sender: TestSender;

beforeAll(async () => {
  jwks = createServer((_request, response) => void response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
  const { d: _private, ...exchange } = hubKey;
  keys = [exchange];
  await start();
  const [own] = ((await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: EcJwk[] }).keys;
  sender = createTestSender('address', hubKey, own!, Date.now);
  keys = [exchange, sender.publicSigningKey];
}, 60_000);
afterAll(async () => {
  agency?.kill('SIGKILL');
  jwks?.close();
  await pause(50);
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  agency = spawn(
    process.execPath,
    ['--import', 'ts-blank-space/register', 'scripts/subgraph.ts', 'address', '--port', '0'],
    {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        HUB_ENV: 'sandbox',
        HUB_DATA_DIR: dataDir,
        HUB_JWKS_URL: `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/.well-known/jwks.json`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  for await (const chunk of agency.stdout!) {
    said += String(chunk);
    const ready = /^ready (.*)$/m.exec(said);
    if (!ready) continue;
    url = new URL((JSON.parse(ready[1]!) as { url: string }).url).origin;
    return;
  }
  throw new Error('the agency ended before it was ready');
}

async function send(event: DeclarationEvent): Promise<number> {
  const move = {
    declarant: { reference: 'ref-of-nobody', identity: NOBODY },
    effectiveDate: '2026-06-15',
    newAddress: { ...NEW_ADDRESS, streetLine: `${Number(event.sequence)} RUE DES LILAS` },
  };
  const response = await fetch(`${url}/inbox`, {
    method: 'POST',
    headers: {
      'content-type': 'application/jose',
      ...Object.fromEntries(Object.entries(event).map(([name, value]) => [`ce-${name}`, String(value)])),
    },
    body: await sender.seal(event, move),
  });
  return response.status;
}

it('applies each declaration once, and in order, however often it is killed', async () => {
  const events = Array.from({ length: EVENTS }, () => anEvent());
  for (const [index, event] of events.entries()) {
    const afterMs = KILLS.get(index);
    if (afterMs !== undefined) {
      const sent = send(event).catch(() => undefined);
      await pause(afterMs);
      agency.kill('SIGKILL');
      await once(agency, 'exit');
      await sent;
      await start();
    }
    expect(await send(event)).toBe(200);
  }
  agency.kill('SIGKILL');
  await once(agency, 'exit');

  const database = await openDatabase({ dataDir: join(dataDir, 'agencies/address') });
  const own = await ownSchema(database, 'address');
  const applied = await sql<{ delivery: string }>`
    select delivery from declared_address where delivery is not null order by sequence`.execute(own);
  const received = await sql<{ event_id: string }>`select event_id from inbox_event order by sequence`.execute(own);
  const persons = await sql`select id from person where birth_name = ${NOBODY.family_name}`.execute(own);
  await database.close();
  expect(applied.rows.map(({ delivery }) => delivery)).toEqual(events.map(({ subject }) => subject));
  expect(received.rows.map(({ event_id }) => event_id)).toEqual(events.map(({ id }) => id));
  expect(persons.rows).toHaveLength(1);
}, 120_000);
