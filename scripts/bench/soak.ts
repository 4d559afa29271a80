import { readUse } from './processes.ts';
import { takeSerials, type Contestant } from './rounds.ts';
import type { Stage } from './stage.ts';

/** What a long mixed load left of the gateway's memory. */
export interface Soaked {
  readonly minutes: number;
  readonly requests: number;
  /** Operations that had never been asked before, known ones left out. */
  readonly distinctOperations: number;
  readonly failed: number;
  /** Resident memory, 10^6 bytes; `start` after the warm-up. */
  readonly memoryMb: { readonly start: number; readonly peak: number; readonly end: number };
}

const DISTINCT_OPERATIONS = 50_000;
const WARM_UP_MS = 10_000;
const LOOK_EVERY_MS = 1_000;
const SAY_EVERY_LOOKS = 30;

/** The mix on one target for so long, 5 % of it operations never seen before until there were 50,000. */
export async function soak(
  { load }: Stage,
  { running }: Contestant,
  { minutes, connections }: { readonly minutes: number; readonly connections: number },
  say: (line: string) => void,
): Promise<Soaked> {
  const memory: number[] = [];
  const look = () => void memory.push((readUse(running.gatewayPid)?.rssBytes ?? NaN) / 1e6);
  let timer: NodeJS.Timeout | undefined;
  const { result, newOperations } = await load.run(
    {
      target: { port: running.port, path: running.path },
      operation: 'mix',
      connections,
      warmUpMs: WARM_UP_MS,
      warmUpReplies: 0,
      measureMs: minutes * 60_000,
      firstSerial: takeSerials(),
      distinctOperations: DISTINCT_OPERATIONS,
    },
    (phase) => {
      look();
      if (phase === 'done') clearInterval(timer);
      else {
        timer = setInterval(() => {
          look();
          if (memory.length % SAY_EVERY_LOOKS === 0) say(`soak: ${memory.length} s, ${Math.round(memory.at(-1)!)} MB`);
        }, LOOK_EVERY_MS);
      }
    },
  );
  return {
    minutes,
    requests: result.requests,
    distinctOperations: Math.min(newOperations, DISTINCT_OPERATIONS),
    failed: result.failed,
    memoryMb: { start: memory[0]!, peak: Math.max(...memory), end: memory.at(-1)! },
  };
}
