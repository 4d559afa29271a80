import { afterAll, afterEach, expect, test } from '@jest/globals';
import { MOVE_AMENDED, MOVE_CANCELLED, MOVE_DECLARED } from '../../../schema/declaration.ts';
import type { FaceContext } from '../../../gateway/registers/faceContext.ts';
import { type MoveFacePowers, createMoveFace } from '../../../gateway/registers/moves/face.ts';
import type { MoveChange, MoveReference } from '../../../gateway/registers/moves/move.ts';
import { sha256Of } from '../../../gateway/registers/moves/moveMessages.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import {
  ANGELA,
  ENERGY,
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
import { until } from '../../support/until.ts';

describeOnDatabases('the register of moves', (databases) => {
  afterEach(closeRegisters);
  afterAll(closeQueues);

  test('has a declaration and all its deliveries, or none of them', async () => {
    const { db, register, begin } = await aMoveRegister(databases);
    const move = await register.declare(aMove());
    expect(move).toMatchObject({ state: 'DECLARED', deliveries: [{ status: 'SENDING' }, { status: 'SENDING' }] });
    expect(await begin(FAMILY)).toMatchObject([{ type: MOVE_DECLARED }]);
    const strange = aMove({ recipients: [FAMILY, 'nobody' as never] });
    await expect(register.declare(strange)).rejects.toThrow();
    expect(await db.selectFrom('moves').select('reference').execute()).toHaveLength(1);
    expect(await begin(FAMILY)).toEqual([]);
  });

  test('tells two recipients nothing in common: neither the delivery’s reference, nor the event, nor the person', async () => {
    const { register, begin } = await aMoveRegister(databases);
    const move = await register.declare(aMove());
    const [[family], [income]] = [await begin(FAMILY), await begin(INCOME)];
    expect(family!.delivery).toMatch(/^[0-9A-Z]{13}$/);
    expect(new Set([family!.delivery, income!.delivery, move.reference]).size).toBe(3);
    expect(family!.eventId).not.toBe(income!.eventId);
    const person = (content: string) =>
      (JSON.parse(content) as { declarant: { reference: string } }).declarant.reference;
    expect(person(family!.content)).not.toBe(person(income!.content));
  });

  test('sends what the preview showed, to the byte', async () => {
    const { register, begin } = await aMoveRegister(databases);
    const move = aMove();
    const preview = register.messageFor(FAMILY, move);
    const declared = await register.declare(move);
    const [sent] = await begin(FAMILY);
    expect(sent!.content).toBe(preview);
    expect(declared.deliveries[0]).toMatchObject({ agency: FAMILY, sha256: sha256Of(preview) });
    expect(Object.keys(JSON.parse(preview) as object)).toEqual(['declarant', 'adults', 'newAddress']);
  });

  test('forgets the content when the recipient has it, and keeps what it said', async () => {
    const { db, register, begin, says } = await aMoveRegister(databases);
    await register.declare(aMove());
    const [sent] = await begin(FAMILY);
    await register.deliveries.record(FAMILY, [says(sent!.eventId, 'RECEIVED')]);
    await register.deliveries.record(FAMILY, [says(sent!.eventId, 'DONE')]);
    const [move] = await register.list(PAUL);
    const family = move!.deliveries.find(({ agency }) => agency === FAMILY)!;
    expect(family.status).toBe('DONE');
    expect(family.steps.map(({ status }) => status)).toEqual(['SENDING', 'RECEIVED', 'DONE']);
    const rows = await db.selectFrom('move_events').select('content').where('agency', '=', FAMILY).execute();
    expect(rows).toEqual([{ content: null }]);
  });

  test('takes no status from another agency, and none that is older than what stands', async () => {
    const { register, begin, says, time } = await aMoveRegister(databases);
    await register.declare(aMove());
    const [sent] = await begin(FAMILY);
    await register.deliveries.record(INCOME, [says(sent!.eventId, 'DONE')]);
    const statusOf = async () => (await register.list(PAUL))[0]!.deliveries[0]!.status;
    expect(await statusOf()).toBe('SENDING');
    const early = says(sent!.eventId, 'RECEIVED');
    time.now += 60_000;
    await register.deliveries.record(FAMILY, [says(sent!.eventId, 'DONE')]);
    await register.deliveries.record(FAMILY, [early]);
    expect(await statusOf()).toBe('DONE');
  });

  test('sends an amendment only where something is new, and in place of what has not arrived', async () => {
    const { register, begin, says } = await aMoveRegister(databases);
    const { reference } = await register.declare(aMove());
    const [family] = await begin(FAMILY);
    await register.deliveries.record(FAMILY, [says(family!.eventId, 'RECEIVED')]);
    // The family office is not told the day, so that nothing is new to it.
    await register.amend(reference, aMove({ effectiveDate: '2026-12-20' }));
    expect(await begin(FAMILY)).toEqual([]);
    const income = await begin(INCOME);
    expect(income).toMatchObject([{ type: MOVE_DECLARED }]);
    expect(income[0]!.content).toContain('2026-12-20');
    await register.amend(reference, aMove({ effectiveDate: '2026-12-21' }));
    // It was on its way once: whether it arrived nobody knows.
    expect(await begin(INCOME)).toMatchObject([{ type: MOVE_AMENDED, delivery: income[0]!.delivery }]);
  });

  test('sends nothing after a cancellation but the cancellation, and that only to who may know of it', async () => {
    const { register, begin, says, time } = await aMoveRegister(databases);
    const { reference } = await register.declare(aMove());
    const [family] = await begin(FAMILY);
    await register.deliveries.record(FAMILY, [says(family!.eventId, 'RECEIVED')]);
    const cancelled = await register.cancel(PAUL, reference);
    expect(cancelled).toMatchObject({ state: 'CANCELLED' });
    expect(cancelled!.deliveries.map(({ agency, status }) => [agency, status])).toEqual([
      [FAMILY, 'SENDING'],
      [INCOME, 'NOT_SENT'],
    ]);
    expect(await begin(INCOME)).toEqual([]);
    const [last] = await begin(FAMILY);
    expect(last).toMatchObject({ type: MOVE_CANCELLED, content: '{}', delivery: family!.delivery });
    time.now += 1000;
    await register.deliveries.record(FAMILY, [says(last!.eventId, 'DONE')]);
    expect((await register.find(reference))!.deliveries[0]!.status).toBe('CANCELLED');
  });

  test('answers a cancellation when no attempt under way can arrive any more', async () => {
    const { register, begin, time } = await aMoveRegister(databases);
    const { reference } = await register.declare(aMove());
    const [attempt] = await begin(FAMILY);
    let answered = false;
    const cancelling = register.cancel(PAUL, reference).then(() => (answered = true));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(answered).toBe(false);
    await register.deliveries.end(attempt!.eventId);
    await cancelling;
    const other = await register.declare(aMove());
    await begin(FAMILY);
    const again = register.cancel(PAUL, other.reference);
    time.now += 5001;
    await again;
  });

  test('keeps what one citizen says to one recipient in order', async () => {
    const { register, begin, says } = await aMoveRegister(databases);
    await register.declare(aMove({ effectiveDate: '2026-11-30' }));
    await register.declare(aMove({ effectiveDate: '2026-12-24' }));
    const first = await begin(INCOME);
    expect(first).toHaveLength(1);
    expect(first[0]!.content).toContain('2026-11-30');
    await register.deliveries.record(INCOME, [says(first[0]!.eventId, 'RECEIVED')]);
    const second = await begin(INCOME);
    expect(second).toHaveLength(1);
    expect(second[0]!.content).toContain('2026-12-24');
    expect(second[0]!.sequence).toBeGreaterThan(first[0]!.sequence);
  });

  test('names an adult to nobody before they have confirmed it themselves', async () => {
    const { register, begin, says } = await aMoveRegister(databases);
    const { reference } = await register.declare(aMove({ members: [angela] }));
    const [before] = await begin(FAMILY);
    expect(JSON.parse(before!.content)).toMatchObject({ adults: [] });
    await register.deliveries.record(FAMILY, [says(before!.eventId, 'RECEIVED')]);
    const who = { subject: ANGELA, identity: anIdentity('Angela') };
    expect(await register.confirm({ ...who, subject: PAUL }, reference, true)).toBeUndefined();
    expect((await register.list(ANGELA))[0]!.reference).toBe(reference);
    await register.confirm(who, reference, true);
    const [after] = await begin(FAMILY);
    expect(after).toMatchObject({ type: MOVE_AMENDED });
    expect(JSON.parse(after!.content)).toMatchObject({ adults: [{ identity: { given_name: 'Angela' } }] });
  });

  test('takes no answer of somebody under sixteen who was named as an adult', async () => {
    const { register, begin, says } = await aMoveRegister(databases);
    const { reference } = await register.declare(aMove({ members: [angela] }));
    const [told] = await begin(FAMILY);
    await register.deliveries.record(FAMILY, [says(told!.eventId, 'RECEIVED')]);
    const face = aFaceFor(register);
    for (const accept of [true, false]) {
      const answer = face.Mutation.confirmMove(undefined, { reference, accept }, spokenBy('2010-11-24'));
      await expect(answer).rejects.toMatchObject({ code: 'HUB_MOVE_TOO_YOUNG' });
    }
    expect((await register.find(reference))!.members).toEqual([angela]);
    expect(await begin(FAMILY)).toEqual([]);
    await face.Mutation.confirmMove(undefined, { reference, accept: true }, spokenBy('2010-11-23'));
    expect(await begin(FAMILY)).toMatchObject([{ type: MOVE_AMENDED }]);
  });

  test('is changed by nobody but the person who declared', async () => {
    const { register } = await aMoveRegister(databases);
    const { reference } = await register.declare(aMove());
    expect(await register.amend(reference, aMove({ declarant: ANGELA }))).toBeUndefined();
    expect(await register.cancel(ANGELA, reference)).toBeUndefined();
    expect(await register.cancel(PAUL, 'AAAAAAAAAAAAA' as MoveReference)).toBeUndefined();
    expect((await register.find(reference))!.state).toBe('DECLARED');
  });

  test('hands an agency that pulls its events from a cursor on, until it has answered them', async () => {
    const { register, says } = await aMoveRegister(databases);
    for (const day of ['2026-11-30', '2026-12-01', '2026-12-02'])
      await register.declare(aMove({ effectiveDate: day, recipients: [ENERGY] }));
    const page = { after: 0, limit: 2, untilMs: 0 };
    const first = await register.deliveries.pull(ENERGY, page);
    expect(first.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(await register.deliveries.pull(ENERGY, { ...page, after: 2 })).toMatchObject([{ sequence: 3 }]);
    await register.deliveries.record(ENERGY, [says(first[0]!.eventId, 'RECEIVED')]);
    expect(await register.deliveries.pull(ENERGY, page)).toMatchObject([{ sequence: 2 }, { sequence: 3 }]);
    expect(await register.deliveries.pull(FAMILY, page)).toEqual([]);
  });

  test('sets aside what never arrives, says so, and tries it again when an operator asks', async () => {
    const { register, begin } = await aMoveRegister(databases);
    const { reference } = await register.declare(aMove());
    const [attempt] = await begin(FAMILY);
    await register.deliveries.setAside(attempt!.eventId);
    const statusOf = async () => (await register.find(reference))!.deliveries[0]!.status;
    expect(await statusOf()).toBe('UNDELIVERABLE');
    expect(await register.deliveries.replay(INCOME)).toBe(0);
    expect(await register.deliveries.replay(FAMILY)).toBe(1);
    expect(await statusOf()).toBe('SENDING');
    expect(await begin(FAMILY)).toMatchObject([{ eventId: attempt!.eventId, content: attempt!.content }]);
  });

  test('tells each change, on every node, with whom it is about', async () => {
    const { register, open } = await aMoveRegister(databases);
    const other = await open();
    const heard: (MoveChange | undefined)[] = [];
    const stop = other.onMoveChanged((change) => void heard.push(change));
    const { reference } = await register.declare(aMove({ members: [angela] }));
    await register.cancel(PAUL, reference);
    await until('both changes are told', () => heard.length >= 2);
    expect(heard[0]).toEqual({ reference, subjects: [PAUL, ANGELA] });
    stop();
    await other.close();
  });
});

/** The graph's side of it, to Angela, whom the portal speaks for. */
function aFaceFor(register: MoveFacePowers['register']) {
  const powers = { register, openSubject: () => ANGELA, agencyOf: (id: string) => ({ id }), clock: () => NOW };
  return createMoveFace(powers as unknown as MoveFacePowers);
}

/** A request of Angela herself, had she been born on that day. */
function spokenBy(birthdate: string): FaceContext {
  const self = { role: 'SELF', reference: 'self', pivot: anIdentity('Angela', birthdate) };
  const grant = { requestId: 'r', acr: 'eidas1', service: { clientId: 'portal', siret: '1' }, subjects: [self] };
  return { grant } as unknown as FaceContext;
}
