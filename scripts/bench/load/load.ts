import type { JsonWebKey } from 'node:crypto';
import { createInbox } from '../inbox.ts';
import { LOAD_CORE, startNode, stopProcess } from '../processes.ts';
import type { LoadAnswer, LoadCommand, LoadRun, LoadTarget } from './process.ts';

/** The load generator, seen from the bench. */
export interface LoadGenerator {
  readonly pid: number;
  /** One request. Status 0 when no reply came within `patienceMs` (30 s). */
  ask(
    target: LoadTarget,
    query: string,
    caller: number,
    patienceMs?: number,
  ): Promise<Extract<LoadAnswer, { kind: 'reply' }>>;
  firstUse(target: LoadTarget, count: number, firstSerial: number): Promise<Extract<LoadAnswer, { kind: 'first-use' }>>;
  /** `onPhase` is awaited by nobody: it reads counters when warm-up and measuring end. */
  run(
    run: Omit<LoadRun, 'do'>,
    onPhase: (phase: 'measuring' | 'done') => void,
  ): Promise<Extract<LoadAnswer, { kind: 'load' }>>;
  stop(): Promise<void>;
}

export async function startLoad(logFile: string, privateJwk: JsonWebKey): Promise<LoadGenerator> {
  const child = startNode(new URL('./process.ts', import.meta.url), [], { core: LOAD_CORE, ipc: true, logFile });
  const next = createInbox<LoadAnswer>(child, 'the load');
  await next();
  const command = async <Kind extends LoadAnswer['kind']>(
    order: LoadCommand,
    kind: Kind,
    onPhase?: (phase: 'measuring' | 'done') => void,
  ) => {
    child.send(order);
    for (;;) {
      const answer = await next();
      if (answer.kind === 'phase') onPhase?.(answer.phase);
      else if (answer.kind === kind) return answer as Extract<LoadAnswer, { kind: Kind }>;
      else throw new Error(`load generator: expected ${kind}, got ${answer.kind}`);
    }
  };
  await command({ do: 'sign-with', privateJwk }, 'ready');
  return {
    pid: child.pid!,
    ask: (target, query, caller, patienceMs) =>
      command({ do: 'ask', target, query, caller, ...(patienceMs === undefined ? {} : { patienceMs }) }, 'reply'),
    firstUse: (target, count, firstSerial) => command({ do: 'first-use', target, count, firstSerial }, 'first-use'),
    run: (run, onPhase) => command({ do: 'load', ...run }, 'load', onPhase),
    stop: () => stopProcess(child),
  };
}
