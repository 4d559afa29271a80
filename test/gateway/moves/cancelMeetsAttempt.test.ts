import { afterAll, afterEach, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { MOVE_CANCELLED } from '../../../schema/declaration.ts';
import { beginAttempt } from '../../../gateway/registers/moves/attemptStore.ts';
import { describeOnDatabases } from '../../support/databases.ts';
import { ENERGY, PAUL, aMove, aMoveRegister, closeQueues, closeRegisters } from './aMoveRegister.ts';

describeOnDatabases('a cancellation', (databases) => {
  afterEach(closeRegisters);
  afterAll(closeQueues);

  test('that meets an attempt which begins this moment is told to its recipient', async () => {
    const { db, register, time } = await aMoveRegister(databases);
    const { reference } = await register.declare(aMove({ recipients: [ENERGY] }));
    const { event_id } = await db.selectFrom('move_events').select('event_id').executeTakeFirstOrThrow();

    let cancelled: Promise<unknown> | undefined;
    await db.transaction().execute(async (transaction) => {
      await beginAttempt(transaction, event_id, time.now);
      cancelled = register.cancel(PAUL, reference);
      // It has read what was said by now, or waits; the embedded database lets it begin when this has ended.
      await pause(200);
    });
    await cancelled;

    const said = await db.selectFrom('move_events').select(['type', 'state']).orderBy('sequence').execute();
    expect(said.at(-1)).toEqual({ type: MOVE_CANCELLED, state: 'PENDING' });
  });
});
