import { startPostgres } from '../../../test/support/postgres.ts';

export interface BenchDatabase {
  readonly url: string;
  /** Its first process; every connection's is a child of it. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** A real PostgreSQL that writes to disk at every commit, as in production; on the load's core, as this process is. */
export async function startDatabase(): Promise<BenchDatabase> {
  const { url, pid, stop } = await startPostgres({ fsync: true });
  return { url, pid, stop };
}
