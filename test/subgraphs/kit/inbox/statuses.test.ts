import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql, type Kysely } from 'kysely';
import { MOVE_AMENDED, MOVE_CANCELLED, STATUS_PATH, type StatusOfEvent } from '../../../../schema/declaration.ts';
import type { AgencyDatabase } from '../../../../subgraphs/kit/agencyModule.ts';
import { backoffMs, repeat } from '../../../../subgraphs/kit/inbox/repeat.ts';
import type { AgencyUnderTest } from '../../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { anEvent, NEW_ADDRESS, OLD_ADDRESS } from '../../../../subgraphs/kit/testing/testDeclaration.ts';
import { freshAgencyDatabase, NOON, openAgencyOfSandbox, pivot } from '../../agencies.ts';

/** The energy supplier's DONE follows by itself, two seconds after its IN_PROGRESS. */
describe('a status that follows by itself', () => {
  let hub: Server;
  let hubUrl: string;
  let answers: number[];
  let told: StatusOfEvent[];
  let database: AgencyDatabase;
  let agency: AgencyUnderTest;

  beforeAll(async () => {
    hub = createServer((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
        const status = answers.shift() ?? 204;
        if (status === 204 || status === 599) {
          const { statuses } = await agency.hub.sender.openStatuses(Buffer.concat(chunks).toString());
          told.push(...statuses);
        }
        expect([request.url, request.headers['content-type']]).toEqual([STATUS_PATH, 'application/jose']);
        // 599: taken, and the answer was lost.
        if (status === 599) return void response.destroy();
        response.writeHead(status).end();
      })();
    });
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
    hubUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  });
  afterAll(() => void hub.close());
  beforeEach(async () => {
    [answers, told] = [[], []];
    database = await freshAgencyDatabase('energy');
    agency = await openAgencyOfSandbox('energy', { database });
  });

  const move = {
    declarant: { reference: 'ref-paul', identity: pivot('dupont-paul') },
    effectiveDate: '2026-07-01',
    oldAddress: OLD_ADDRESS,
    newAddress: NEW_ADDRESS,
  };
  /** What a process of the agency tells that is started so many seconds later. */
  const tellAfter = async (seconds: number) => {
    const process = await agency.reopen({ hubOrigin: () => hubUrl, clock: () => NOON() + seconds * 1000 });
    await process.inbox!.catchUp();
    await process.close();
    return told.splice(0).map(({ event, status, at }) => ({ event, status, at }));
  };

  it('is told at its time and once, by whichever process is there', async () => {
    const event = anEvent();
    await agency.declare(event, move);
    expect(await tellAfter(1)).toEqual([]);
    expect(await tellAfter(3)).toEqual([{ event: event.id, status: 'DONE', at: '2026-06-15T10:00:02.000Z' }]);
    expect(await tellAfter(4)).toEqual([]);
    const again = await agency.reopen({ clock: () => NOON() + 4000 });
    const sealed = await agency.hub.sender.seal(event, move);
    const { body } = await again.inbox!.receive(sealed, { ...event });
    const { statuses } = await agency.hub.sender.openStatuses(body);
    expect(statuses.map(({ status }) => status)).toEqual(['IN_PROGRESS', 'DONE']);
    await again.close();
  });

  it('keeps what was declared until it is done and a month has passed; what comes again is known all the same', async () => {
    const event = anEvent();
    await agency.declare(event, move);
    const data = async () =>
      (await sql<{ data: object | null }>`select data from inbox_event`.execute(database as Kysely<unknown>)).rows;
    const lookAfter = async (days: number) => {
      const process = await agency.reopen({ clock: () => NOON() + days * 86_400_000 });
      await process.inbox!.catchUp();
      await process.close();
      return data();
    };
    // Its DONE is not told yet: the agency is not done with it.
    expect(await lookAfter(40)).toEqual([{ data: expect.objectContaining({ newAddress: expect.anything() }) }]);
    await tellAfter(3);
    expect(await lookAfter(29)).toEqual([{ data: expect.anything() }]);
    expect(await lookAfter(31)).toEqual([{ data: null }]);
    expect(await agency.declare(event, move)).toMatchObject({ status: 200, statuses: [{ status: 'IN_PROGRESS' }] });
    expect(await agency.declare(event, { ...move, effectiveDate: '2026-07-02' })).toMatchObject({ status: 401 });
  });

  it.each([
    ['down', 503],
    ['of another mind about its keys', 401],
    ['gone before its answer came', 599],
  ])('is told again to a hub that was %s', async (_how, status) => {
    const event = anEvent();
    await agency.declare(event, move);
    answers = [status];
    await tellAfter(3);
    expect(answers).toEqual([]);
    // It waits before it tries again.
    expect(await tellAfter(3)).toEqual([]);
    expect(await tellAfter(5)).toMatchObject([{ event: event.id, status: 'DONE' }]);
  });

  it.each([
    ['amends', MOVE_AMENDED, ['DONE']],
    ['cancels', MOVE_CANCELLED, []],
  ] as const)('is dropped when the citizen %s before', async (_how, type, statuses) => {
    const declared = anEvent();
    await agency.declare(declared, move);
    const second = anEvent({ type, subject: declared.subject });
    await agency.declare(second, type === MOVE_CANCELLED ? {} : move);
    expect(await tellAfter(3)).toMatchObject(statuses.map((status) => ({ event: second.id, status })));
  });
});

describe('repeated work', () => {
  it('runs one at a time, and once more for whoever asked while it ran', async () => {
    let running = 0;
    let runs = 0;
    const work = repeat(async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      runs += 1;
      return undefined;
    }, Date.now);
    work.wake();
    work.wake();
    await work.runNow();
    expect(runs).toBe(2);
    await work.stop();
    await work.runNow();
    expect(runs).toBe(2);
  });

  it('waits longer after each failure, up to five minutes, and never at the same time as others', () => {
    expect([0, 1, 2, 3].map((failures) => backoffMs(failures, () => 0))).toEqual([1000, 2000, 4000, 8000]);
    expect(backoffMs(50, () => 0)).toBe(300_000);
    expect(backoffMs(3, () => 0.5)).toBe(6000);
    expect(backoffMs(3, () => 1)).toBe(4000);
  });
});
