import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../gateway/platform/database/database.ts';
import { createFrance, getPerson } from '../../sandbox/seed/france.ts';
import { pivotOf } from '../../sandbox/seed/people.ts';
import {
  MOVE_AMENDED,
  MOVE_CANCELLED,
  MOVE_DECLARED,
  type DeclarationEvent,
  type MoveData,
} from '../../schema/declaration.ts';
import type { PivotIdentity } from '../../schema/pivotIdentity.ts';
import { ownSchema } from '../../scripts/start/agencies.ts';
import { discoverAgencies } from '../../subgraphs/kit/agencyFolder.ts';
import { generateAgencyKey } from '../../subgraphs/kit/agencyKeys.ts';
import type { AgencyDatabase } from '../../subgraphs/kit/agencyModule.ts';
import { listen, type ListeningSubgraph } from '../../subgraphs/kit/httpServer.ts';
import type { DeclarationRefusal } from '../../subgraphs/kit/inbox/openDeclaration.ts';
import { openUnderTest, type AgencyUnderTest } from '../../subgraphs/kit/testing/agencyUnderTest.ts';
import { aMove, anEvent, NEW_ADDRESS, type DeclarationSealing } from '../../subgraphs/kit/testing/testDeclaration.ts';

const root = join(import.meta.dirname, '../..');
const NOW = Date.parse('2026-06-15T10:00:00Z');
const seconds = NOW / 1000;

/** Runs on every folder of subgraphs/ whose manifest takes declarations. */
const folders = (await discoverAgencies(join(root, 'subgraphs'))).filter(
  ({ manifest }) => manifest.declarations.length,
);
const LEGS: readonly DeclarationEvent['type'][] = [MOVE_DECLARED, MOVE_AMENDED, MOVE_CANCELLED];

/** Every agency of the sandbox knows her, and she lives with no other adult, about whom some would have to ask. */
const DECLARANT = pivotOf(getPerson(createFrance(), 'giraud-anne')) as PivotIdentity;

describe.each(folders.map((folder) => [folder.manifest.name, folder] as const))('the inbox of %s', (name, folder) => {
  const takes = folder.manifest.declarations[0]!;
  let database: Database;
  let owner: AgencyDatabase;
  let agency: AgencyUnderTest;
  let server: ListeningSubgraph;

  beforeAll(async () => {
    database = await openDatabase({});
    owner = await ownSchema(database, name);
    agency = await openUnderTest(folder, { clock: () => NOW, database: owner });
    server = await listen(agency.subgraph, { port: 0 });
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    await agency?.subgraph.close();
    await database?.close();
  }, 60_000);

  const oldAddress = { ...NEW_ADDRESS, streetLine: '8 BOULEVARD JEAN JAURES', postCode: '13400', city: 'AUBAGNE' };
  const data = (changes: Partial<MoveData> = {}): MoveData =>
    aMove(takes, DECLARANT, { oldAddress: { ...oldAddress, inseeCode: '13005' }, ...changes });

  /** How many rows each table of the agency has; the inbox's own apart. */
  async function countRows(): Promise<{ readonly agency: object; readonly inbox: object }> {
    const tables = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = current_schema() and tablename not like '%migrations%'`.execute(
      owner,
    );
    const counted: Record<'agency' | 'inbox', Record<string, number>> = { agency: {}, inbox: {} };
    for (const { name: table } of tables.rows) {
      const { rows } = await sql<{ count: string }>`select count(*) as count from ${sql.table(table)}`.execute(owner);
      counted[table.startsWith('inbox_') ? 'inbox' : 'agency'][table] = Number(rows[0]!.count);
    }
    return counted;
  }

  const cancel = ({ subject }: DeclarationEvent) => agency.declare(anEvent({ type: MOVE_CANCELLED, subject }), {});

  it('takes a move, with nothing but the fields of its manifest, and says what it does', async () => {
    const event = anEvent();
    const before = await countRows();
    const { status, statuses } = await agency.declare(event, data());
    expect(status).toBe(200);
    expect(statuses).toEqual([
      { event: event.id, status: expect.stringMatching(/^(DONE|IN_PROGRESS)$/), at: expect.anything() },
    ]);
    expect(await countRows()).not.toEqual(before);
    const kept = await sql<{ data: object }>`select data from inbox_event where event_id = ${event.id}`.execute(owner);
    const named = takes.fields.map((field) => field.name as string);
    expect(named).toEqual(expect.arrayContaining(Object.keys(kept.rows[0]!.data)));
    await cancel(event);
  });

  it('answers the same event as before, and applies it once, whoever asks again: a second process too', async () => {
    const event = anEvent();
    const first = await agency.declare(event, data());
    const after = await countRows();
    expect(await agency.declare(event, data())).toEqual(first);
    const another = await agency.reopen();
    const sealed = await agency.hub.sender.seal(event, data());
    expect((await another.inbox!.receive(sealed, { ...event })).status).toBe(200);
    await another.close();
    expect(await countRows()).toEqual(after);
    await cancel(event);
  });

  it('applies an event once that comes ten times at once', async () => {
    /** The agency's rows that those many messages of one event bring. */
    const rowsOf = async (messages: number): Promise<object> => {
      const event = anEvent();
      const answers = await Promise.all(Array.from({ length: messages }, () => agency.declare(event, data())));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      const { agency: rows } = await countRows();
      await cancel(event);
      return rows;
    };
    expect(await rowsOf(10)).toEqual(await rowsOf(1));
  });

  it('takes back all that it applied when the citizen cancels, amended or not', async () => {
    const subject = anEvent().subject;
    const before = await countRows();
    for (const type of LEGS) {
      const payload = type === MOVE_CANCELLED ? {} : data({ effectiveDate: '2026-07-01' });
      const { statuses } = await agency.declare(anEvent({ type, subject }), payload);
      expect(statuses).toMatchObject([{ status: expect.stringMatching(/^(DONE|IN_PROGRESS)$/) }]);
      if (type !== MOVE_CANCELLED) expect((await countRows()).agency).not.toEqual(before.agency);
    }
    expect((await countRows()).agency).toEqual(before.agency);
  });

  it('does not apply what arrives after its own cancellation', async () => {
    const [declared, cancelled] = [anEvent(), anEvent({ type: MOVE_CANCELLED })];
    const before = await countRows();
    await agency.declare({ ...cancelled, subject: declared.subject }, {});
    expect((await agency.declare(declared, data())).statuses).toMatchObject([{ status: 'RECEIVED' }]);
    expect((await countRows()).agency).toEqual(before.agency);
  });

  const forged = generateAgencyKey();
  const HOSTILE: readonly (readonly [string, DeclarationRefusal, DeclarationSealing])[] = [
    ['sealed by another hub', 'NOT_AUTHENTIC', { sealedWith: forged }],
    ['signed by another hub', 'NOT_SIGNED', { signedWith: forged }],
    ['signed with a key that the hub does not publish', 'SIGNING_KEY_UNKNOWN', { header: { kid: 'A'.repeat(43) } }],
    ['sealed for another agency', 'NOT_AUTHENTIC', { info: 'another-agency' }],
    ['signed for another agency', 'OTHER_AUDIENCE', { header: { aud: 'another-agency' } }],
    ['from somebody else than the hub', 'CLAIMS_MALFORMED', { header: { iss: 'agency' as 'hub' } }],
    [
      'of another kind than a declaration',
      'CLAIMS_MALFORMED',
      { header: { typ: 'consent-receipt+jws' as 'declaration+jws' } },
    ],
    ['expired', 'OUT_OF_TIME', { header: { iat: seconds - 60, exp: seconds - 45 } }],
    ['of the future', 'OUT_OF_TIME', { header: { iat: seconds + 60, exp: seconds + 75 } }],
    ['to be taken for longer than a message lives', 'OUT_OF_TIME', { header: { iat: seconds, exp: seconds + 3600 } }],
    ['under the key of a day that is over', 'DAY_NOT_IN_USE', { day: '2026-06-14' }],
  ];
  it.each(HOSTILE)('refuses a message that is %s', async (_how, refused, sealing) => {
    const before = await countRows();
    expect(await agency.declare(anEvent(), data(), sealing)).toEqual({ status: 401, statuses: [] });
    expect(JSON.parse(agency.logged.at(-1)!)).toMatchObject({ refused });
    expect(await countRows()).toEqual(before);
  });

  it('refuses a message whose attributes, content or seal were changed on the way', async () => {
    const before = await countRows();
    const event = anEvent();
    const sealed = await agency.hub.sender.seal(event, data());
    const { time: _time, ...withoutTime } = event;
    const changed = [
      { ...event, id: anEvent().id },
      { ...event, subject: anEvent().subject },
      { ...event, sequence: anEvent().sequence },
      { ...event, type: MOVE_CANCELLED },
      { ...event, dataschema: 'https://elsewhere.example' },
      withoutTime,
    ];
    for (const attributes of changed) {
      expect(await agency.subgraph.inbox!.receive(sealed, attributes)).toEqual({ status: 401, body: '' });
    }
    const parts = sealed.split('.');
    for (const part of [0, 2, 3, 4]) {
      const flipped = parts.map((text, at) =>
        at === part ? (text.startsWith('A') ? 'B' : 'A') + text.slice(1) : text,
      );
      expect((await agency.subgraph.inbox!.receive(flipped.join('.'), { ...event })).status).toBe(401);
    }
    expect((await agency.subgraph.inbox!.receive('no message', { ...event })).status).toBe(401);
    expect(await countRows()).toEqual(before);
  });

  it('refuses what its manifest does not name, and a content that is not the one it received', async () => {
    const before = await countRows();
    const whole = data();
    const beyond = [
      { ...whole, phone: '0600000000' },
      { ...whole, declarant: { ...whole.declarant, email: 'paul@example.org' } },
      { ...whole, newAddress: { ...NEW_ADDRESS, recipient: 'PAUL' } },
      { ...whole, effectiveDate: '2026-02-30' },
      { ...whole, declarant: undefined },
    ];
    for (const content of beyond) expect((await agency.declare(anEvent(), content)).status).toBe(401);
    expect((await agency.declare(anEvent({ type: MOVE_CANCELLED }), whole)).status).toBe(401);
    expect(await countRows()).toEqual(before);

    const event = anEvent();
    await agency.declare(event, whole);
    const after = await countRows();
    expect((await agency.declare(event, data({ effectiveDate: '2026-08-08' }))).status).toBe(401);
    expect(await countRows()).toEqual(after);
  });

  it(takes.delivery === 'pull' ? 'has no door: it pulls' : 'is a door for CloudEvents alone', async () => {
    const event = anEvent();
    const body = await agency.hub.sender.seal(event, data());
    const attributes = Object.fromEntries(Object.entries(event).map(([key, value]) => [`ce-${key}`, String(value)]));
    const post = (headers: Record<string, string>) =>
      fetch(`${server.url}${takes.inboxPath}`, { method: 'POST', body, headers: { ...attributes, ...headers } });
    const right = await post({ 'content-type': 'application/jose' });
    if (takes.delivery === 'pull') return expect(right.status).toBe(404);
    expect(right.status).toBe(200);
    expect(right.headers.get('content-type')).toBe('application/jose');
    expect((await agency.hub.sender.openStatuses(await right.text())).statuses[0]!.event).toBe(event.id);
    expect((await post({ 'content-type': 'application/json' })).status).toBe(415);
    const refused = await post({ 'content-type': 'application/jose', 'ce-sequence': '000000000000' });
    expect([refused.status, await refused.text()]).toEqual([401, '']);
    expect((await fetch(`${server.url}${takes.inboxPath}`)).status).toBe(405);
  });

  it('says nothing of what was declared in its log', () => {
    const text = agency.logged.join('\n');
    expect(text).toContain('declaration taken');
    expect(text).toContain('declaration refused');
    const { family_name, birthdate } = DECLARANT;
    const said = [family_name, birthdate, 'ref-of-the-declarant', 'LILAS', 'TOULOUSE', '31555', 'JAURES', '2026-07-01'];
    for (const value of said) expect(text).not.toContain(value);
  });
});

it('finds agencies that take declarations', () => {
  expect(folders.map(({ manifest }) => manifest.name)).toEqual(expect.arrayContaining(['address', 'family', 'income']));
});
