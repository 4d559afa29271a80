import type { PlanNode } from '@apollo/query-planner';
import { compileFetch, type FetchContext, type FetchProgram, type Way } from './compileFetch.ts';

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

/** Compiles a plan's node; undefined when nothing of it has to be fetched. `way` leads to the nodes it works on. */
export function compilePlan(node: PlanNode, way: Way, context: FetchContext): Step | undefined {
  switch (node.kind) {
    case 'Sequence':
      return compileSteps('SEQUENCE', node.nodes, way, context);
    case 'Parallel':
      return compileSteps('PARALLEL', node.nodes, way, context);
    case 'Flatten':
      return compilePlan(node.node, follow(node.path, way, context), context);
    case 'Condition':
      return {
        kind: 'CONDITION',
        variable: node.condition,
        yes: node.ifClause && compilePlan(node.ifClause, way, context),
        no: node.elseClause && compilePlan(node.elseClause, way, context),
      };
    case 'Fetch': {
      const steps = compileFetch(node, way, context).map((fetch): Step => ({ kind: 'FETCH', fetch }));
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
  way: Way,
  context: FetchContext,
): Step | undefined {
  return gather(
    kind,
    nodes.flatMap((node) => compilePlan(node, way, context) ?? []),
  );
}

function gather(kind: 'SEQUENCE' | 'PARALLEL', steps: readonly Step[]): Step | undefined {
  return steps.length > 1 ? { kind, steps } : steps[0];
}

function follow(flattenPath: readonly (string | number)[], start: Way, { asked }: FetchContext): Way {
  let { place } = start;
  const path = [...start.path];
  const personSlots = [...start.personSlots];
  for (const part of flattenPath) {
    if (part === '@') {
      path.push('@');
      personSlots.push(undefined);
      continue;
    }
    const key = String(part);
    path.push(place.slot(key));
    personSlots.push(asked.holdsPerson(place) ? place.slot('id') : undefined);
    place = place.child(key);
  }
  return { place, path, personSlots };
}
