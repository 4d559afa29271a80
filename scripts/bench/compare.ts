import { isDeepStrictEqual } from 'node:util';
import type { StaticAgencies } from './agencies/agencies.ts';
import type { AgencyCall } from './agencies/process.ts';
import type { LoadGenerator } from './load/load.ts';
import { newOperation, OPERATIONS, type OperationName } from './operations.ts';
import type { RunningTarget, Target } from './targets/target.ts';

export type KnownOperation = Exclude<OperationName, 'mix'>;

/** Data of every operation as the reference answers it; a few new operations stand for the mix. */
export type ReferenceAnswers = ReadonlyMap<string, unknown>;

/** Asked of every target that runs the mix. */
const MIX_SAMPLES = [1, 2, 3, 5, 8].map((serial) => newOperation(900_000_000 + serial));

/** Answers of the reference; throws an Error when it answers with errors, since then nothing can be compared. */
export async function askReference(load: LoadGenerator, running: RunningTarget): Promise<ReferenceAnswers> {
  const answers = new Map<string, unknown>();
  for (const query of [...Object.values(OPERATIONS).map((operation) => operation.query), ...MIX_SAMPLES]) {
    const { status, body } = await load.ask(running, query, 0);
    const reply = readReply(body);
    if (status !== 200 || !reply?.data || reply.errors)
      throw new Error(`the reference answered ${status} ${body.slice(0, 400)}`);
    answers.set(query, reply.data);
  }
  return answers;
}

/** The calls to agencies behind one reply of the reference, with agencies at 4 ms, so that waves can be told apart. */
export async function recordCalls(
  load: LoadGenerator,
  agencies: StaticAgencies,
  running: RunningTarget,
): Promise<ReadonlyMap<KnownOperation, readonly AgencyCall[]>> {
  const recorded = new Map<KnownOperation, readonly AgencyCall[]>();
  await agencies.command({ do: 'latency', milliseconds: 4 });
  for (const name of Object.keys(OPERATIONS) as KnownOperation[]) {
    await agencies.command({ do: 'reset', calls: true });
    await load.ask(running, OPERATIONS[name].query, 0);
    recorded.set(name, (await agencies.command({ do: 'report' })).calls);
  }
  await agencies.command({ do: 'latency', milliseconds: 0 });
  await agencies.command({ do: 'reset', calls: false });
  return recorded;
}

export interface Comparison {
  /** Bytes of the reply: every measured one must be as long. Undefined for the mix. */
  readonly expectedBytes: number | undefined;
  /** Calls to agencies behind one reply, with nothing else going on; undefined for the mix. */
  readonly agencyCalls: number | undefined;
  /** Why the operation is not run on this target; undefined when the answer is the reference's. */
  readonly difference: string | undefined;
}

/** Whether a target answers an operation as the reference does: deep equality of `data`, no errors, for callers of different rights. */
export async function compareAnswers(
  { load, agencies }: { readonly load: LoadGenerator; readonly agencies: StaticAgencies },
  { target, running }: { readonly target: Target; readonly running: RunningTarget },
  operation: OperationName,
  reference: ReferenceAnswers,
): Promise<Comparison> {
  const different = (difference: string): Comparison => ({
    expectedBytes: undefined,
    agencyCalls: undefined,
    difference,
  });
  const queries = operation === 'mix' ? MIX_SAMPLES : [OPERATIONS[operation].query];
  let expectedBytes: number | undefined;
  let agencyCalls: number | undefined;
  for (const query of queries) {
    for (const caller of [0, 1, 300]) {
      await agencies.command({ do: 'reset', calls: false });
      const { status, body, bodyBytes } = await askPatiently(() => load.ask(running, query, caller));
      const reply = readReply(body);
      if (status !== 200) return different(`status ${status}: ${body.slice(0, 200)}`);
      if (target.answersGraph && reply?.errors) return different(`errors: ${body.slice(0, 300)}`);
      if (target.answersGraph && !isDeepStrictEqual(reply?.data, reference.get(query))) {
        return different(`other data than the reference: ${body.slice(0, 300)}`);
      }
      expectedBytes = bodyBytes;
      agencyCalls = await agencies.countCalls();
    }
  }
  if (operation === 'mix') return { expectedBytes: undefined, agencyCalls: undefined, difference: undefined };
  return { expectedBytes, agencyCalls, difference: undefined };
}

const PATIENCE_MS = 3000;

/** A target that has just been started, or that the machine has starved for a moment, may answer 503; it is asked again for a while. */
async function askPatiently<Reply extends { readonly status: number }>(ask: () => Promise<Reply>): Promise<Reply> {
  const endsAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const reply = await ask();
    if (reply.status !== 503 || performance.now() > endsAt) return reply;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function readReply(body: string): { data?: unknown; errors?: unknown } | undefined {
  try {
    return JSON.parse(body) as { data?: unknown; errors?: unknown };
  } catch {
    return undefined;
  }
}
