import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';
import type { Graph } from '../../exchange.ts';
import { createPlanner, readPlanning, type Planner, type Planning } from './planner.ts';
import { createPlanningThread, type PlanningThread } from './planningThread.ts';

/** Where operations are planned: here, or in a thread when that might take longer than a request of somebody else should wait. */
export interface Plans {
  /** Makes the planner of a graph here, which blocks: at start. */
  warm(graph: Graph): void;
  /** A graph that comes while others are being served: its planner is made in the thread, and everything on it is planned there. */
  adopt(graph: Graph): void;
  planningOf(graph: Graph): Planning;
  /** `fields`: of the operation's tree. Throws, or rejects, as `PlanningThread.plan` says. */
  plan(graph: Graph, document: DocumentNode, fields: number): QueryPlan | Promise<QueryPlan>;
  close(): void;
}

/**
 * Fields of an operation times agencies of the graph, up to which planning stays below 20 ms: measured (two busy cores) 12 ms for 90 fields over 5
 * agencies, 17 for 30 over 51, 45 for 250 over 51. What the product misses (types that many agencies share) is learned.
 */
const LIGHT = 500;
/** As light as this is planned here always: where it takes long, the machine is busy and a thread no help. */
const LIGHTEST = 100;
const LONG_MS = 20;

export interface PlansOptions {
  readonly thread?: PlanningThread;
  /** [performance.now] */
  readonly monotonicMs?: () => number;
}

export function createPlans({ thread = createPlanningThread(), monotonicMs = now }: PlansOptions = {}): Plans {
  const planners = new WeakMap<Graph, Planner>();
  const adopted = new WeakMap<Graph, Planning>();
  const lightest = new WeakMap<Graph, number>();

  function plannerOf(graph: Graph): Planner {
    const planner = planners.get(graph) ?? createPlanner(graph.planningSdl);
    planners.set(graph, planner);
    return planner;
  }

  return {
    warm: (graph) => void plannerOf(graph),
    adopt(graph) {
      if (!planners.has(graph) && !adopted.has(graph)) adopted.set(graph, readPlanning(graph.planningSdl));
    },
    planningOf: (graph) => adopted.get(graph) ?? plannerOf(graph),
    plan(graph, document, fields) {
      if (adopted.has(graph)) return thread.plan(graph, document);
      const planner = plannerOf(graph);
      const weight = fields * planner.agencyCount;
      if (weight > (lightest.get(graph) ?? LIGHT)) return thread.plan(graph, document);
      const begunAtMs = monotonicMs();
      const plan = planner.plan(document);
      const tookMs = monotonicMs() - begunAtMs;
      // Heavier than it looked: from now on whatever is half as heavy as what would have fitted goes to the thread.
      if (tookMs > LONG_MS) lightest.set(graph, Math.max(LIGHTEST, (weight * LONG_MS) / tookMs / 2));
      return plan;
    },
    close: () => thread.close(),
  };
}

const now = (): number => performance.now();
