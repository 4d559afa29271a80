import { createEngine } from '../../gateway/request/fetch/engine.ts';
import type { RunInput } from '../../gateway/request/fetch/run.ts';
import type { Judgement, ReplyFault, FieldTrace } from '../../gateway/request/exchange.ts';
import { allowAny, type TestFederation } from './federation.ts';
import { createPlansHere } from './plansHere.ts';

export interface Asked {
  readonly data: unknown;
  readonly faults: readonly ReplyFault[];
  readonly traces: readonly FieldTrace[];
  /** The reply's `data` as it was written. */
  readonly text: string;
}

export interface AskOptions {
  readonly variables?: Record<string, unknown>;
  readonly input?: Partial<RunInput>;
  /** Changes the judgement that allows everything. */
  readonly judge?: (judgement: Judgement) => Judgement;
}

/** One operation through a fresh engine. */
export async function ask(federation: TestFederation, query: string, options: AskOptions = {}): Promise<Asked> {
  const engine = createEngine({ cacheBytes: 10_000_000, plans: createPlansHere() });
  const all = allowAny(federation.graph, query);
  const program = await engine.prepare(federation.graph, options.judge?.(all) ?? all);
  federation.asked.length = 0;
  const { data, faults, traces } = await engine.run(program, {
    variables: options.variables ?? {},
    signal: new AbortController().signal,
    send: federation.send,
    ...options.input,
  });
  return { data: JSON.parse(data) as unknown, faults, traces, text: data };
}

/** Faults as `code path`, for a glance. */
export function spell(faults: readonly ReplyFault[]): string[] {
  return faults.map(({ code, path }) => `${code} ${path.join('.')}`);
}
