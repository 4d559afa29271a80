import { afterAll, afterEach, expect, test } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { type JobQueue, openJobQueue } from '../../gateway/platform/database/jobQueue.ts';
import { createLog } from '../../gateway/platform/log.ts';
import { createMoveMessage } from '../../gateway/registers/moves/moveMessages.ts';
import { openMoveRegister } from '../../gateway/registers/moves/moveRegister.ts';
import type { MoveTables } from '../../gateway/registers/moves/moveTables.ts';
import {
  FAMILY,
  INCOME,
  NOW,
  PAUL,
  RECIPIENTS,
  aMove,
  aMoveRegister,
  angela,
  closeQueues,
  closeRegisters,
  references,
} from '../gateway/moves/aMoveRegister.ts';
import { type TestDatabases, describeOnDatabases } from '../support/databases.ts';
import { openTestJobs } from '../support/jobQueues.ts';
import { TEST_NATS_URL } from '../support/nats.ts';

/** Everything that goes over the broker, as text, from now on. */
async function listenToAll() {
  const connection = await connect({ servers: TEST_NATS_URL!.replace('nats://', '') });
  const heard: string[] = [];
  connection.subscribe('>', {
    callback(_fault, { subject, reply, headers, data }) {
      const lines = [...(headers ?? [])].flatMap(([name, values]) => [name, ...values]);
      heard.push([subject, reply, ...lines, new TextDecoder().decode(data)].join('\n'));
    },
  });
  await connection.flush();
  return { connection, heard };
}

/** Every text in it, but numbers: those may stand in a time by chance. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.length > 3 && /\D/.test(value) ? [value] : [];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : [];
}

describeOnDatabases('moves through a broker', suite);

function suite(databases: TestDatabases): void {
  afterEach(closeRegisters);
  afterAll(closeQueues);

  test('tell it nothing of anybody: no value, no name, no reference of a person, a declaration or an event', async () => {
    const { connection, heard } = await listenToAll();
    const { db, jobs, register, begin, says } = await aMoveRegister(databases);
    const move = aMove({ members: [angela] });
    const declared = await register.declare(move);
    const [sent] = await begin(FAMILY);
    await register.deliveries.record(FAMILY, [says(sent!.eventId, 'RECEIVED')]);
    const [job] = await jobs.take(INCOME, 1);
    await jobs.fail(INCOME, [job!.id]);
    await register.amend(declared.reference, { ...move, effectiveDate: '2026-12-20' });
    await register.cancel(PAUL, declared.reference);
    const events = await db
      .selectFrom('move_events')
      .select(['event_id', 'delivery', 'declarant', 'content'])
      .execute();
    const contents = events.flatMap(({ content }) => textsOf(JSON.parse(content ?? '{}')));
    const secrets = [...textsOf(move), ...textsOf(declared), ...textsOf(events), ...contents, sent!.content];
    await connection.flush();
    await connection.close();

    // The agencies' names are no secret: they are the queues.
    const kept = [...new Set(secrets)].filter((text) => ![FAMILY, INCOME].includes(text as never));
    expect(kept.length).toBeGreaterThan(20);
    expect(heard.filter((text) => /\.job\.(?:family|income)\./.test(text)).length).toBeGreaterThan(2);
    expect(kept.filter((secret) => heard.some((text) => text.includes(secret)))).toEqual([]);
  });

  test('go on when the hub changes to the broker with deliveries waiting, and when it changes back', async () => {
    const { db, owner } = await databases.freshHub<MoveTables>();
    const database = databases.database();
    const log = createLog({ level: 'silent' });
    const queue = { database, owner, log, retryDelaySeconds: 1, retryLimit: 18, expireSeconds: 60 };
    const messageFor = createMoveMessage(RECIPIENTS, references);
    const eventsOf = async (opened: Promise<JobQueue>, isFirst = false) => {
      const jobs = await opened;
      const register = await openMoveRegister({
        ...{ database, db, jobs, messageFor, log, recipients: RECIPIENTS, retentionDays: 90 },
        clock: () => NOW,
      });
      if (isFirst) await register.declare(aMove({ recipients: [FAMILY] }));
      const taken = await jobs.take(FAMILY, 10);
      await register.close();
      await jobs.close();
      return taken.map(({ data }) => data['event']);
    };
    const first = await eventsOf(openJobQueue(queue), true);
    expect(first).toHaveLength(1);
    expect(await eventsOf(openTestJobs(queue))).toEqual(first);
    expect(await eventsOf(openJobQueue(queue))).toEqual(first);
  });
}
