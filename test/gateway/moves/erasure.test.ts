import { afterAll, afterEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { AgencyId } from '../../../gateway/platform/ids.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import {
  ANGELA,
  FAMILY,
  INCOME,
  NOW,
  PAUL,
  aMove,
  aMoveRegister,
  angela,
  anIdentity,
  closeQueues,
  closeRegisters,
} from './aMoveRegister.ts';

const DAY_MS = 86_400_000;
const WORDS = { fr: 'Le nom DUPONT ne va pas.', en: 'The name DUPONT will not do.' };

describeOnDatabases('what a declaration says of people', (databases) => {
  afterEach(closeRegisters);
  afterAll(closeQueues);

  type Register = Awaited<ReturnType<typeof aMoveRegister>>;

  /** Everybody who has it says how it ended. */
  async function answered({ begin, register, says }: Register, agencies: readonly AgencyId[] = [FAMILY, INCOME]) {
    for (const agency of agencies) {
      for (const event of await begin(agency)) {
        await register.deliveries.record(agency, [says(event!.eventId, 'DONE', { reason: WORDS })]);
      }
    }
  }

  /** Every text of the register's tables. */
  async function everything({ db }: Register): Promise<string> {
    const { rows } = await sql<{ all: string }>`select concat(
      (select json_agg(m) from moves m), (select json_agg(m) from move_members m), (select json_agg(d) from move_deliveries d),
      (select json_agg(e) from move_events e), (select json_agg(s) from move_steps s)) as all`.execute(db);
    return rows[0]!.all;
  }

  test('is erased after its time, and how it went stays', async () => {
    const hub = await aMoveRegister(databases);
    const { register, time } = hub;
    const { reference } = await register.declare(aMove({ members: [angela] }));
    await register.confirm({ subject: ANGELA, identity: anIdentity('Angela') }, reference, true);
    await answered(hub);
    // The day of the move is a week from now: 90 days after it, not after the declaration.
    time.now = NOW + 97 * DAY_MS;
    expect(await register.eraseOverdue()).toBe(0);
    expect(await everything(hub)).toMatch(/DUPONT.*rue du Port/s);
    time.now = NOW + 100 * DAY_MS;
    expect(await register.eraseOverdue()).toBe(1);
    expect(await everything(hub)).not.toMatch(/DUPONT|Paul|Angela|Lilas|rue du Port|44109|[0-9a-f]{64}/);
    const [move] = await register.list(PAUL);
    expect(move).toMatchObject({ reference, content: undefined, erasedAt: new Date(time.now).toISOString() });
    expect(move!.deliveries.map(({ agency, status, steps }) => [agency, status, steps.length])).toEqual([
      [FAMILY, 'DONE', 3],
      [INCOME, 'DONE', 2],
    ]);
    expect(await register.eraseOverdue()).toBe(0);
  });

  test('stays while something of it has not arrived, however old it is', async () => {
    const hub = await aMoveRegister(databases);
    const { register, time, begin } = hub;
    await register.declare(aMove());
    await answered(hub, [FAMILY]);
    const [income] = await begin(INCOME);
    await register.deliveries.setAside(income!.eventId);
    time.now = NOW + 400 * DAY_MS;
    expect(await register.eraseOverdue()).toBe(0);
    await register.deliveries.replay(INCOME);
    const again = await begin(INCOME);
    expect(again.map((event) => event!.content)).toEqual([expect.stringContaining('DUPONT')]);
  });

  test('takes nothing that a recipient writes afterwards', async () => {
    const hub = await aMoveRegister(databases);
    const { register, begin, says, time } = hub;
    await register.declare(aMove({ recipients: [FAMILY] }));
    const [family] = await begin(FAMILY);
    await register.deliveries.record(FAMILY, [says(family!.eventId, 'RECEIVED')]);
    time.now = NOW + 100 * DAY_MS;
    expect(await register.eraseOverdue()).toBe(1);
    await register.deliveries.record(FAMILY, [says(family!.eventId, 'DONE', { reason: WORDS })]);
    expect((await register.list(PAUL))[0]!.deliveries[0]).toMatchObject({ status: 'DONE', reason: undefined });
    expect(await everything(hub)).not.toContain('DUPONT');
  });

  test('is erased at the person’s word once it is over, and not before', async () => {
    const hub = await aMoveRegister(databases);
    const { register, time } = hub;
    await register.declare(aMove());
    await answered(hub);
    // Its day has not come: it could still be amended.
    expect(await register.erase(PAUL)).toEqual({ moves: 0, parts: 0, kept: 1, keptUntil: '2027-03-02' });
    time.now = NOW + 9 * DAY_MS;
    const { reference } = await register.declare(aMove({ effectiveDate: '2026-12-01', recipients: [INCOME] }));
    expect(await register.erase(PAUL)).toMatchObject({ moves: 1, kept: 1, keptUntil: '2027-03-03' });
    expect((await register.find(reference))!.content).toBeDefined();
    await answered(hub);
    expect(await register.erase(PAUL)).toEqual({ moves: 1, parts: 0, kept: 0, keptUntil: undefined });
    expect(await everything(hub)).not.toMatch(/DUPONT|rue du Port/);
    expect(await register.cancel(PAUL, reference)).toMatchObject({ content: undefined });
  });

  test('stays for an adult who may still say that they move too; afterwards each has their own name erased', async () => {
    const hub = await aMoveRegister(databases);
    const { register, time } = hub;
    const { reference } = await register.declare(aMove({ members: [angela] }));
    await answered(hub);
    time.now = NOW + 9 * DAY_MS;
    expect(await register.erase(PAUL)).toMatchObject({ moves: 0, kept: 1 });
    await register.confirm({ subject: ANGELA, identity: anIdentity('Angela') }, reference, true);
    expect(await register.erase(ANGELA)).toMatchObject({ parts: 0 });
    await answered(hub);
    expect(await register.erase(ANGELA)).toEqual({ moves: 0, parts: 1, kept: 0, keptUntil: undefined });
    const all = await everything(hub);
    expect([all.includes('Angela'), all.includes('Paul')]).toEqual([false, true]);
  });

  test('leaves the timeline as it was: nobody rewrites a step, or takes a reason away from it and more', async () => {
    const hub = await aMoveRegister(databases);
    await hub.register.declare(aMove());
    await answered(hub);
    for (const change of [{ status: 'REFUSED' }, { reason: '{"fr":"x","en":"x"}' }, { reason: null, at: '2020' }]) {
      await expect(hub.db.updateTable('move_steps').set(change).execute()).rejects.toThrow('append-only');
    }
    await expect(hub.db.deleteFrom('move_steps').execute()).rejects.toThrow('append-only');
  });
});
