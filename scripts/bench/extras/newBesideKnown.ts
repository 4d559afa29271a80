import { measureCell, type Cell } from '../measure.ts';
import { takeSerials, type Contestant } from '../rounds.ts';
import { median } from '../statistics.ts';
import type { Stage } from '../stage.ts';

/** How much 50 new operations a second slow known ones: throughput and p99 with them over those without, medians of pairs. */
export interface NewBesideKnown {
  readonly newPerSecond: number;
  readonly throughput: number;
  readonly p99: number;
}

const NEW_PER_SECOND = 50;
const PAIRS = 3;

export async function measureNewBesideKnown(
  stage: Stage,
  { target, running }: Contestant,
  { seconds, connections }: { readonly seconds: number; readonly connections: number },
): Promise<NewBesideKnown> {
  const measure = (newPerSecond: number | undefined) =>
    measureCell(stage.load, stage.agencies, {
      target: target.name,
      running,
      operation: 'four-agencies',
      column: 'known-callers',
      round: 0,
      connections,
      warmUpMs: 200,
      warmUpReplies: 0,
      measureMs: seconds * 1000,
      firstSerial: takeSerials(),
      firstNewCaller: 0,
      newCallerCount: 0,
      expectedBytes: undefined,
      ...(newPerSecond === undefined ? {} : { newPerSecond }),
    });
  const pairs: { alone: Cell; beside: Cell }[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const alone = await measure(undefined);
    pairs.push({ alone, beside: await measure(NEW_PER_SECOND) });
  }
  return {
    newPerSecond: NEW_PER_SECOND,
    throughput: median(pairs.map(({ alone, beside }) => beside.requestsPerSecond / alone.requestsPerSecond)),
    p99: median(pairs.map(({ alone, beside }) => (beside.p99Ms ?? NaN) / (alone.p99Ms ?? NaN))),
  };
}
