import { LRUCache } from 'lru-cache';
import type { FieldTrace, Graph, Judgement, ReplyFault } from '../exchange.ts';
import { compileProgram, type Program } from './compile/compileProgram.ts';
import type { Fault } from './merge/faults.ts';
import { introspect } from './project/introspect.ts';
import { createPlanner, type Planner } from './plan/planner.ts';
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
  /** Makes the planner of a graph, which blocks for some 50 ms: at start and before a swap, so that no request pays for it. */
  warm(graph: Graph): void;
  /**
   * The program of a judged operation: planned and compiled once per `judgement.narrowedHash`. Throws HUB_OPERATION_INVALID when no
   * plan can satisfy the operation.
   */
  prepare(graph: Graph, judgement: Judgement): Program | Promise<Program>;
  /** Asks the agencies and writes the reply. Rejects only on a defect or when `input.signal` is aborted. */
  run(program: Program, input: RunInput): Promise<RunResult>;
}

/** `cacheBytes`: room for programs, by a rough estimate of their size. */
export function createEngine({ cacheBytes }: { readonly cacheBytes: number }): Engine {
  const planners = new WeakMap<Graph, Planner>();
  const programs = new LRUCache<string, Program>({
    maxSize: cacheBytes,
    sizeCalculation: (program) => program.sizeBytes,
  });

  function plannerOf(graph: Graph): Planner {
    const planner = planners.get(graph) ?? createPlanner(graph.planningSdl);
    planners.set(graph, planner);
    return planner;
  }

  return {
    warm(graph) {
      plannerOf(graph);
    },
    prepare(graph, judgement) {
      const known = programs.get(judgement.narrowedHash);
      if (known) return known;
      const program = compileProgram(graph, judgement, plannerOf(graph));
      programs.set(judgement.narrowedHash, program);
      return program;
    },
    run: runProgram,
  };
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
