import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  MOVE_CANCELLED,
  PULL_PATH,
  STATUS_PATH,
  type DeclarationEvent,
  type MoveData,
  type StatusOfEvent,
} from '../../../schema/declaration.ts';
import type { AgencyDatabase } from '../../../subgraphs/kit/agencyModule.ts';
import type { AgencyUnderTest } from '../../../subgraphs/kit/testing/agencyUnderTest.ts';
import { anEvent, NEW_ADDRESS } from '../../../subgraphs/kit/testing/testDeclaration.ts';
import { about, answerOf, freshAgencyDatabase, openAgencyOfSandbox, pivot } from '../agencies.ts';

const SELECTION = `taxResidence { source asOf since address { streetLine city } }
  taxAssessment(incomeYear: 2025) { taxedAddress { streetLine } }`;
const TAXED = { taxAssessment: { taxedAddress: { streetLine: '42 RUE DE LA PAIX' } } };
const AFTER = {
  taxResidence: {
    source: 'DGFiP',
    asOf: '2026-06-15',
    since: '2026-07-01',
    address: { streetLine: '3 RUE DES LILAS', city: 'TOULOUSE' },
  },
};

/** The tax office pulls: a hub that holds events and takes statuses stands before it. */
describe('a move at the tax office', () => {
  let hub: Server;
  let database: AgencyDatabase;
  let agency: AgencyUnderTest;
  let waiting: { readonly event: DeclarationEvent; readonly sealed: string }[];
  let told: StatusOfEvent[];
  let asked: string[];
  let isDown = false;

  beforeAll(async () => {
    hub = createServer((request, response) => {
      void (async () => {
        if (isDown) return void response.writeHead(503).end();
        const body = await textOf(request);
        const message = (await agency.hub.sender.openStatuses(body)) as unknown as {
          readonly after: string;
          readonly statuses: readonly StatusOfEvent[];
        };
        if (request.url === STATUS_PATH) {
          told.push(...message.statuses);
          return void response.writeHead(204).end();
        }
        expect(request.url).toBe(PULL_PATH);
        asked.push(message.after);
        const events = waiting.filter(({ event }) => event.sequence > message.after);
        response.end(JSON.stringify({ events, next: events.at(-1)?.event.sequence ?? message.after }));
      })();
    });
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
    database = await freshAgencyDatabase('income');
    agency = await openAgencyOfSandbox('income', { database });
  });
  afterAll(() => void hub.close());
  beforeEach(() => {
    [waiting, told, asked] = [[], [], []];
  });

  const move = (person: string): MoveData => ({
    declarant: { reference: `ref-${person}`, identity: pivot(person) },
    effectiveDate: '2026-07-01',
    newAddress: NEW_ADDRESS,
  });
  const post = async (event: DeclarationEvent, data: object) =>
    waiting.push({ event, sealed: await agency.hub.sender.seal(event, data) });
  /** The same agency in a process of its own, on the same tables, with the same keys. */
  const catchUp = async () => {
    const url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
    const own = await agency.reopen({ hubOrigin: () => url });
    await own.inbox!.catchUp();
    await own.close();
  };
  const answer = async (person: string, day: string) => {
    const fresh = await openAgencyOfSandbox('income', { database, clock: () => Date.parse(`${day}T10:00:00Z`) });
    return answerOf(fresh, about(person, 'income', SELECTION));
  };

  it('is pulled, applied and told, each once, and the taxed address stays', async () => {
    const event = anEvent();
    await post(event, move('dupont-paul'));
    await catchUp();
    await catchUp();
    expect(told).toEqual([{ event: event.id, status: 'DONE', at: '2026-06-15T10:00:00.000Z' }]);
    expect([...new Set(asked)]).toEqual(['', event.sequence]);
    expect(await answer('dupont-paul', '2026-06-30')).toEqual({ taxResidence: null, ...TAXED });
    expect(await answer('dupont-paul', '2026-07-01')).toEqual({ ...AFTER, ...TAXED });
    expect(await answer('dupont-angela', '2026-07-01')).toEqual({ taxResidence: null, ...TAXED });
  });

  it('is told later where the hub was away, and taken back by its cancellation', async () => {
    const declared = anEvent();
    await post(declared, move('giraud-anne'));
    await catchUp();
    expect(await answer('giraud-anne', '2026-07-01')).toMatchObject(AFTER);
    isDown = true;
    const cancelled = anEvent({ type: MOVE_CANCELLED, subject: declared.subject });
    await post(cancelled, {});
    await catchUp();
    isDown = false;
    await catchUp();
    expect(told.map(({ event, status }) => [event, status])).toEqual([
      [declared.id, 'DONE'],
      [cancelled.id, 'DONE'],
    ]);
    expect(await answer('giraud-anne', '2026-07-01')).toMatchObject({ taxResidence: null });
  });

  it('stops at a message that it refuses, and goes on when the hub seals it right', async () => {
    const [first, second] = [anEvent(), anEvent()];
    waiting.push({
      event: first,
      sealed: await agency.hub.sender.seal(first, move('simpson-marge'), { day: '2026-06-14' }),
    });
    await post(second, move('commode-cindy'));
    await catchUp();
    expect(told).toEqual([]);
    waiting = [];
    await post(first, move('simpson-marge'));
    await post(second, move('commode-cindy'));
    await catchUp();
    expect(told.map(({ event }) => event)).toEqual([first.id, second.id]);
  });
});

async function textOf(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
