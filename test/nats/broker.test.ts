import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { claimNotices, writeJobs } from '../../gateway/platform/database/jobOutbox.ts';
import { openDatabase } from '../../gateway/platform/database/database.ts';
import { HUB_MIGRATIONS, type TestDatabases, describeOnDatabases } from '../support/databases.ts';
import { type TestNats, startNats } from '../support/nats.ts';
import { until } from '../support/until.ts';
import { aHub, aHubOn, closeQueues, taken } from './aBroker.ts';

let nats: TestNats;
let guarded: TestNats | undefined;
beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => Promise.all([nats.stop(), guarded?.stop()]));
afterEach(closeQueues);

describeOnDatabases('jobs through a broker', suite);

function suite(databases: TestDatabases): void {
  test('are written while it is away, and handed out when it is back', async () => {
    const { aNode, write, lines } = await aHub(databases, nats.url);
    await nats.kill();
    const queue = await aNode();
    const first = await write(queue);
    await until('it is said to be away', () => lines.some(({ msg }) => msg.startsWith('broker: away')));
    expect(await queue.take('income', 16)).toEqual([]);
    await nats.restart();
    expect(await taken(queue)).toEqual([first]);
    await queue.complete('income', [first]);
    await nats.kill();
    const second = await write(queue);
    await nats.restart();
    expect(await taken(queue)).toEqual([second]);
  });

  test('are there when it was killed with them, each once', async () => {
    const { aNode, write } = await aHub(databases, nats.url);
    const queue = await aNode();
    const ids = [await write(queue), await write(queue), await write(queue)];
    const [first] = await taken(queue);
    await queue.complete('income', [first!]);
    await nats.kill();
    await nats.restart();
    // What was handed out and not answered comes when its time is over.
    const left = new Set(ids.filter((id) => id !== first));
    while (left.size > 0) {
      for (const id of await taken(queue)) {
        expect(left.delete(id)).toBe(true);
        await queue.complete('income', [id]);
      }
    }
    await pause(2_100);
    expect(await queue.take('income', 16)).toEqual([]);
  });

  test('are told to it again when it has lost its disk', async () => {
    const { aNode, write } = await aHub(databases, nats.url);
    const queue = await aNode();
    const done = await write(queue);
    expect(await taken(queue)).toEqual([done]);
    await queue.complete('income', [done]);
    const id = await write(queue);
    expect(await taken(queue)).toEqual([id]);
    await nats.kill();
    await nats.restart({ afresh: true });
    expect(await taken(queue)).toEqual([id]);
  });

  test('are told by another node when the one that wrote them has died, before it told anybody or in the middle', async () => {
    const { db, aNode } = await aHub(databases, nats.url);
    const job = (id: string) => ({ id, queue: 'income', data: {} });
    const [claimed, unclaimed] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
    await writeJobs(db, [job(claimed)]);
    expect(await claimNotices(db, 10)).toHaveLength(1);
    await writeJobs(db, [job(unclaimed)]);
    const other = await aNode();
    expect(await taken(other)).toEqual([unclaimed]);
    await other.complete('income', [unclaimed]);
    expect(await taken(other)).toEqual([claimed]);
  });

  test('are shared by nodes: each is handed to one of them', async () => {
    const { aNode, write } = await aHub(databases, nats.url);
    const nodes = [await aNode(), await aNode()];
    const ids = new Set<string>();
    for (let count = 0; count < 20; count += 1) ids.add(await write(nodes[count % 2]!));
    const handed: string[] = [];
    await until('all are handed out', async () => {
      for (const node of nodes) handed.push(...(await node.take('income', 3)).map(({ id }) => id));
      return handed.length >= ids.size;
    });
    expect(new Set(handed)).toEqual(ids);
    expect(handed).toHaveLength(ids.size);
  });

  test('are tried again after a pause, and set aside after the last attempt, of a node that died as well', async () => {
    const { db, aNode, write } = await aHub(databases, nats.url);
    const queue = await aNode();
    const id = await write(queue);
    await taken(queue);
    const failedAt = Date.now();
    await queue.fail('income', [id]);
    expect(await queue.take('income', 1)).toEqual([]);
    expect(await taken(queue)).toEqual([id]);
    expect(Date.now() - failedAt).toBeGreaterThan(950);
    await db.updateTable('job_outbox').set({ attempts: 19 }).execute();
    await until('it is set aside', async () => {
      expect(await queue.take('income', 1)).toEqual([]);
      return (await queue.take('set-aside', 1)).length > 0;
    });
  });

  test('go out when somebody has taken its stream away', async () => {
    const { aNode, write, stream } = await aHub(databases, nats.url);
    const queue = await aNode();
    const id = await write(queue);
    expect(await taken(queue)).toEqual([id]);
    await removeStream(nats.url, stream);
    expect(await taken(queue)).toEqual([id]);
  });
}

/** What docs/operations.md says the hub may do there, and no more. */
function permissionsIn(guide: string, stream: string): string {
  const [, lines] = /```\n(accounts \{[\s\S]+?\n\})\n```/.exec(guide)!;
  return lines!.replaceAll('trait-dunion', stream);
}

test('needs no more than the operator’s guide lets it, comes by its password alone, and gives that away to nobody', async () => {
  const guide = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const { url } = (guarded = await startNats(permissionsIn(guide, 'guarded')));
  const database = await openDatabase({});
  await database.migrate('hub', HUB_MIGRATIONS);
  const { lines, aNode, write } = await aHubOn(database, {
    ...{ owner: 'hub', stream: 'guarded' },
    url,
  });
  const as = (login: string) => url.replace('nats://', login);
  const locked = await aNode({ url: as('nats://hub:wrong@') });
  const id = await write(locked);
  await until('it is not let in', () => lines.some(({ detail }) => detail === 'Authorization Violation'));
  const unencrypted = await aNode({ url: as('tls://hub:change-this-secret@') });
  await until('it does not speak', () => lines.some(({ detail }) => /tls/i.test(detail ?? '')));
  expect([await locked.take('income', 1), await unencrypted.take('income', 1)]).toEqual([[], []]);

  const queue = await aNode({ url: as('nats://hub:change-this-secret@') });
  expect(await taken(queue)).toEqual([id]);
  await queue.fail('income', [id]);
  expect(await taken(queue)).toEqual([id]);
  await queue.complete('income', [id]);
  await closeQueues();
  expect(lines.filter(({ msg }) => msg.startsWith('broker: refuses'))).toEqual([]);
  await database.close();
});

async function removeStream(url: string, stream: string): Promise<void> {
  const { connect } = await import('@nats-io/transport-node');
  const { jetstreamManager } = await import('@nats-io/jetstream');
  const connection = await connect({ servers: url.replace('nats://', '') });
  await (await jetstreamManager(connection)).streams.delete(stream);
  await connection.close();
}
