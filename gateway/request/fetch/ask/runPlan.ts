import type { Step } from '../compile/compilePlan.ts';
import type { Run } from '../run.ts';
import { runFetch } from './runFetch.ts';

/** Walks the plan's steps and calls `done` after the last; callbacks instead of promises, since a request has many steps. */
export function runPlan(step: Step | undefined, run: Run, done: () => void): void {
  if (!step) {
    done();
    return;
  }
  switch (step.kind) {
    case 'FETCH':
      runFetch(step.fetch, run, done);
      return;
    case 'CONDITION':
      runPlan(run.input.variables[step.variable] === true ? step.yes : step.no, run, done);
      return;
    case 'SEQUENCE':
      runInOrder(step.steps, 0, run, done);
      return;
    case 'PARALLEL': {
      let open = step.steps.length;
      const closeOne = (): void => {
        open--;
        if (open === 0) done();
      };
      for (const parallel of step.steps) runPlan(parallel, run, closeOne);
      return;
    }
    default:
      step satisfies never;
  }
}

function runInOrder(steps: readonly Step[], at: number, run: Run, done: () => void): void {
  const step = steps[at];
  if (!step) done();
  else runPlan(step, run, () => runInOrder(steps, at + 1, run, done));
}
