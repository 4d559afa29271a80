import { takeSerials, type Contestant } from '../rounds.ts';
import type { Stage } from '../stage.ts';

/** Latency of operations asked for the first time, one after the other, over four agencies; nothing else is asked meanwhile. */
export interface FirstUse {
  readonly operations: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
}

const OPERATIONS = 300;

export async function measureFirstUse(stage: Stage, { running }: Contestant): Promise<FirstUse> {
  const { p50Ms, p99Ms, failed } = await stage.load.firstUse(
    { port: running.port, path: running.path },
    OPERATIONS,
    takeSerials(),
  );
  return { operations: OPERATIONS, p50Ms, p99Ms, failed };
}
