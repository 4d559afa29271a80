import type { Kysely } from '../../platform/database/database.ts';
import type { AgencyId, SubjectKey } from '../../platform/ids.ts';
import { type LaneQueues, advanceLane, lockLanes } from './eventStore.ts';
import type { MoveTables } from './moveTables.ts';

/** Fewer than a statement has parameters. */
const CHUNK = 1_000;

/**
 * Gives each event whose job the queue does not have another one: when the hub was started with the other way of jobs, those of the way before wait where
 * nobody looks. Several nodes may do so at once.
 */
export async function adoptJobs(db: Kysely<MoveTables>, agency: AgencyId, queues: LaneQueues): Promise<void> {
  const waiting = await db
    .selectFrom('move_events')
    .select(['event_id', 'declarant', 'job_id'])
    .where('agency', '=', agency)
    .where('state', '=', 'PENDING')
    .where('job_id', 'is not', null)
    .execute();
  for (let from = 0; from < waiting.length; from += CHUNK) await adoptSome(waiting.slice(from, from + CHUNK));

  async function adoptSome(events: typeof waiting): Promise<void> {
    const jobIds = events.map(({ job_id }) => job_id!);
    const missing = new Set(await queues.jobs.missing(agency, jobIds));
    for (const { event_id, declarant, job_id } of events.filter(({ job_id }) => missing.has(job_id!))) {
      const lane = { declarant: declarant as SubjectKey, agency };
      await db.transaction().execute(async (transaction) => {
        await lockLanes(transaction, [lane]);
        await transaction
          .updateTable('move_events')
          .set({ job_id: null })
          .where('event_id', '=', event_id)
          .where('job_id', '=', job_id)
          .where('state', '=', 'PENDING')
          .execute();
        await advanceLane(transaction, lane, queues);
      });
    }
  }
}
