import { LRUCache } from 'lru-cache';
import type { FieldTrace, Graph, Judgement, ReplyFault } from '../exchange.ts';
import type { QueryPlan } from '@apollo/query-planner';
import { draftProgram, finishProgram, refuseToPlan, type Program } from './compile/compileProgram.ts';
import type { Fault } from './merge/faults.ts';
import { introspect } from './project/introspect.ts';
import { createPlans, type Plans } from './plan/plans.ts';
import type { Projection } from './project/projection.ts';
import type { Run, RunInput } from './run.ts';
import { runPlan } from './ask/runPlan.ts';
import { TraceSheet } from './project/traceSheet.ts';

/** What became of one run. */
export interface RunResult {
  /** JSON text of the reply's `data`, in GraphQL's order and shape. */
  readonly data: string;
  readonly faults: readonly ReplyFault[];
  readonly traces: readonly FieldTrace[];
}

export interface Engine {
  /** Makes the planner of a graph, which blocks for some 50 ms: at start, so that no request pays for it. */
  warm(graph: Graph): void;
  /**
   * Before a graph takes the place of the one in service: plans and compiles the operations most used so far, in a thread. `rejudge` says what a
   * judgement is on the new graph; undefined for one that has no place there.
   */
  adopt(graph: Graph, rejudge: (before: Judgement) => Judgement | undefined): Promise<void>;
  /**
   * The program of a judged operation: planned and compiled once per `judgement.narrowedHash`, however many ask at a time. `charge` is called for whoever
   * makes the hub plan, and may throw. Throws HUB_OPERATION_INVALID when no plan can satisfy the operation, HUB_OPERATION_TOO_COMPLEX when
   * planning takes too long, HUB_OPERATION_BUDGET_EXCEEDED when too many wait for a plan.
   */
  prepare(graph: Graph, judgement: Judgement, charge?: () => void): Program | Promise<Program>;
  /** Asks the agencies and writes the reply. Rejects only on a defect or when `input.signal` is aborted. */
  run(program: Program, input: RunInput): Promise<RunResult>;
  close(): void;
}

export interface EngineOptions {
  /** Room for programs, by a rough estimate of their size. */
  readonly cacheBytes: number;
  /** [planned here, or in a thread of the engine's own] */
  readonly plans?: Plans;
}

interface Cached {
  readonly program: Program;
  uses: number;
}

/** Operations that are ready when a new graph takes over; with four agencies they take a second or two of the thread's time. */
const MOST_ADOPTED = 200;

export function createEngine({ cacheBytes, plans = createPlans() }: EngineOptions): Engine {
  const preparing = new Map<string, Promise<Program>>();
  const programs = new LRUCache<string, Cached>({
    maxSize: cacheBytes,
    sizeCalculation: ({ program }) => program.sizeBytes,
  });

  function compile(graph: Graph, judgement: Judgement): Program | Promise<Program> {
    const planning = plans.planningOf(graph);
    const draft = draftProgram(graph, judgement, planning);
    const finish = (plan: QueryPlan | undefined): Program => {
      const program = finishProgram(draft, plan, planning);
      programs.set(judgement.narrowedHash, { program, uses: 1 });
      return program;
    };
    if (!draft.document) return finish(undefined);
    const plan = planOrRefuse(() => plans.plan(graph, draft.document!, judgement.operation.fields.length));
    return plan instanceof Promise ? plan.then(finish) : finish(plan);
  }

  function prepare(graph: Graph, judgement: Judgement, charge?: () => void): Program | Promise<Program> {
    const key = judgement.narrowedHash;
    const known = programs.get(key);
    if (known) {
      known.uses++;
      return known.program;
    }
    const underWay = preparing.get(key);
    if (underWay) return underWay;
    charge?.();
    const program = compile(graph, judgement);
    if (!(program instanceof Promise)) return program;
    const settled = program.finally(() => preparing.delete(key));
    preparing.set(key, settled);
    return settled;
  }

  return {
    warm: (graph) => plans.warm(graph),
    async adopt(graph, rejudge) {
      plans.adopt(graph);
      const byUse = [...programs.values()].sort((a, b) => b.uses - a.uses).slice(0, MOST_ADOPTED);
      for (const { program, uses } of byUse) {
        const judgement = rejudge(program.judgement);
        if (!judgement) continue;
        // What can't be planned on the new graph is told to whoever asks for it.
        await Promise.resolve(prepare(graph, judgement)).catch(() => undefined);
        const adopted = programs.get(judgement.narrowedHash);
        if (adopted) adopted.uses = uses;
      }
    },
    prepare,
    run: runProgram,
    close: () => plans.close(),
  };
}

function planOrRefuse(plan: () => QueryPlan | Promise<QueryPlan>): QueryPlan | Promise<QueryPlan> {
  try {
    const planned = plan();
    return planned instanceof Promise ? planned.catch(refuseToPlan) : planned;
  } catch (error) {
    return refuseToPlan(error);
  }
}

function runProgram(program: Program, input: RunInput): Promise<RunResult> {
  return new Promise((resolve, fail) => {
    const fetchFaults: (Fault | undefined)[] = [];
    const root = program.place.createNode(program.rootType);
    const run: Run = { input, personTypes: program.personTypes, root, fetchFaults, namingFaults: [], loose: [], fail };
    runPlan(program.step, run, () => {
      try {
        resolve(project(program, run));
      } catch (defect) {
        fail(defect);
      }
    });
  });
}

function project(program: Program, { input, root, fetchFaults, namingFaults, loose }: Run): RunResult {
  const { judgement, apiSchema } = program;
  const projection: Projection = {
    variables: input.variables,
    verdicts: input.verdicts ?? judgement.verdicts,
    persons: input.persons,
    fetchFaults,
    namingFaults,
    faults: loose.map(({ code, agency, input }) => ({ code, agency, path: [], ...(input !== undefined && { input }) })),
    path: [],
    traces: new TraceSheet(),
    introspected: judgement.operation.introspects
      ? introspect(judgement.operation, apiSchema, input.variables)
      : new Map(),
    subject: undefined,
  };
  const data = program.project(root, projection);
  return { data, faults: projection.faults, traces: projection.traces.toTraces(judgement) };
}
