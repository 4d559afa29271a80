import { randomUUID } from 'node:crypto';
import type { Database, Kysely } from '../../gateway/platform/database/database.ts';
import { openNatsJobQueue } from '../../gateway/platform/broker/natsJobQueue.ts';
import { SETTINGS } from '../../gateway/platform/config.ts';
import type { OutboxTables } from '../../gateway/platform/database/jobOutbox.ts';
import type { JobQueue } from '../../gateway/platform/database/jobQueue.ts';
import { createLog } from '../../gateway/platform/log.ts';
import type { TestDatabases } from '../support/databases.ts';
import { until } from '../support/until.ts';

const opened: JobQueue[] = [];

/** To be called after each test. */
export async function closeQueues(): Promise<void> {
  for (const queue of opened.splice(0)) await queue.close();
}

/** The lines that a queue has logged. */
export type Lines = readonly { readonly msg: string; readonly detail?: string }[];

/** Tables, and as many nodes on them as a test opens, each with a queue by the broker at `url`. */
export async function aHub(databases: TestDatabases, url: string) {
  const { owner } = await databases.freshHub<OutboxTables>();
  return aHubOn(databases.database(), { owner, stream: owner, url });
}

/** The same on a database that is there. */
export async function aHubOn(
  database: Database,
  { owner, stream, url }: { readonly owner: string; readonly stream: string; readonly url: string },
) {
  const db = await database.forOwner<OutboxTables>(owner);
  const lines: { msg: string; detail?: string }[] = [];
  const log = createLog({
    level: 'info',
    destination: { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]) },
  });

  async function aNode(change: { readonly url?: string; readonly credentialsFile?: string } = {}): Promise<JobQueue> {
    const queue = await openNatsJobQueue({
      ...{ database, owner, log },
      ...{ retryDelaySeconds: 1, retryLimit: 18, expireSeconds: 2 },
      ...{ address: SETTINGS.natsUrl.read(change.url ?? url)!, stream, replicas: 1 },
      credentialsFile: change.credentialsFile,
    });
    opened.push(queue);
    await queue.createQueue('income');
    return queue;
  }

  /** Writes a job, and returns its id. */
  async function write(queue: JobQueue): Promise<string> {
    const job = { id: randomUUID() as string, queue: 'income', data: { event: 'one' } };
    await db.transaction().execute((transaction) => queue.send(transaction as unknown as Kysely<never>, [job]));
    return job.id;
  }
  return { db, stream, lines: lines as Lines, aNode, write };
}

/** What the queue hands out, as soon as it hands out anything. */
export async function taken(queue: JobQueue): Promise<readonly string[]> {
  let ids: readonly string[] = [];
  await until('a job is handed out', async () => {
    ids = (await queue.take('income', 16)).map(({ id }) => id);
    return ids.length > 0;
  });
  return ids;
}
