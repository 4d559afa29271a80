import type { PlanNode } from '@apollo/query-planner';
import { compileFetch, type FetchContext, type FetchProgram, type PathStep } from './compileFetch.ts';
import type { Place } from './place.ts';

/** The plan's order of fetches. */
export type Step =
  | { readonly kind: 'FETCH'; readonly fetch: FetchProgram }
  | { readonly kind: 'SEQUENCE' | 'PARALLEL'; readonly steps: readonly Step[] }
  | {
      readonly kind: 'CONDITION';
      readonly variable: string;
      readonly yes: Step | undefined;
      readonly no: Step | undefined;
    };

/** Compiles a plan's node; undefined when nothing of it has to be fetched. `path` leads to the nodes it works on. */
export function compilePlan(
  node: PlanNode,
  place: Place,
  path: readonly PathStep[],
  context: FetchContext,
): Step | undefined {
  switch (node.kind) {
    case 'Sequence':
      return compileSteps('SEQUENCE', node.nodes, place, path, context);
    case 'Parallel':
      return compileSteps('PARALLEL', node.nodes, place, path, context);
    case 'Flatten': {
      const below = follow(node.path, place, path);
      return compilePlan(node.node, below.place, below.path, context);
    }
    case 'Condition':
      return {
        kind: 'CONDITION',
        variable: node.condition,
        yes: node.ifClause && compilePlan(node.ifClause, place, path, context),
        no: node.elseClause && compilePlan(node.elseClause, place, path, context),
      };
    case 'Fetch': {
      const steps = compileFetch(node, place, path, context).map((fetch): Step => ({ kind: 'FETCH', fetch }));
      return gather('PARALLEL', steps);
    }
    case 'Defer':
      throw new TypeError('plan: @defer is not supported');
    default:
      return node satisfies never;
  }
}

function compileSteps(
  kind: 'SEQUENCE' | 'PARALLEL',
  nodes: readonly PlanNode[],
  place: Place,
  path: readonly PathStep[],
  context: FetchContext,
): Step | undefined {
  return gather(
    kind,
    nodes.flatMap((node) => compilePlan(node, place, path, context) ?? []),
  );
}

function gather(kind: 'SEQUENCE' | 'PARALLEL', steps: readonly Step[]): Step | undefined {
  return steps.length > 1 ? { kind, steps } : steps[0];
}

function follow(
  flattenPath: readonly (string | number)[],
  start: Place,
  before: readonly PathStep[],
): { readonly place: Place; readonly path: readonly PathStep[] } {
  let place = start;
  const path = [...before];
  for (const part of flattenPath) {
    if (part === '@') path.push('@');
    else {
      const key = String(part);
      path.push(place.slot(key));
      place = place.child(key);
    }
  }
  return { place, path };
}
