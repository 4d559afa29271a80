import type { Graph } from '../../gateway/request/exchange.ts';
import { createPlanner, type Planner } from '../../gateway/request/fetch/plan/planner.ts';
import type { Plans } from '../../gateway/request/fetch/plan/plans.ts';

/** Everything is planned in this process: for tests with hundreds of graphs, none of which is anybody's to wait for. */
export function createPlansHere(): Plans {
  const planners = new WeakMap<Graph, Planner>();
  const plannerOf = (graph: Graph): Planner => {
    const planner = planners.get(graph) ?? createPlanner(graph.planningSdl);
    planners.set(graph, planner);
    return planner;
  };
  return {
    warm: (graph) => void plannerOf(graph),
    adopt: (graph) => void plannerOf(graph),
    planningOf: plannerOf,
    plan: (graph, document) => plannerOf(graph).plan(document),
    close: () => undefined,
  };
}
