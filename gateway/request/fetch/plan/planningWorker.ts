import { parentPort } from 'node:worker_threads';
import { parse } from 'graphql';
import { MAX_PLANNERS, type PlanningAnswer, type PlanningQuestion } from './planningThread.ts';
import { createPlanner, type Planner } from './planner.ts';

/* The other side of planningThread.ts: takes one question at a time, answers it, and forgets the oldest graph when it knows too many. */

const planners = new Map<string, Planner>();

parentPort?.on('message', (question: PlanningQuestion) => {
  parentPort!.postMessage(answer(question));
});

function answer({ version, planningSdl, document }: PlanningQuestion): PlanningAnswer {
  try {
    if (planningSdl !== undefined) {
      const [oldest] = planners.keys();
      if (planners.size >= MAX_PLANNERS) planners.delete(oldest!);
      planners.set(version, createPlanner(planningSdl));
    }
    const plan = planners.get(version)!.plan(parse(document, { noLocation: true }));
    // Parsed documents in the plan are the planner's own convenience; the text says the same.
    return {
      plan: JSON.stringify(plan, (key, value: unknown) => (key === 'operationDocumentNode' ? undefined : value)),
    };
  } catch (error) {
    return { noPlan: error instanceof Error ? error.message : String(error) };
  }
}
