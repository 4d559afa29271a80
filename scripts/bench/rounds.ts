import type { StaticAgencies } from './agencies/agencies.ts';
import type { Comparison } from './compare.ts';
import { FIRST_NEW_CALLER, KNOWN_CALLERS } from './load/callers.ts';
import type { LoadGenerator } from './load/load.ts';
import { measureCell, type Cell, type Column } from './measure.ts';
import type { OperationName } from './operations.ts';
import type { RunningTarget, Target } from './targets/target.ts';

/** A target that runs, with what it may be asked. */
export interface Contestant {
  readonly target: Target;
  readonly running: RunningTarget;
  readonly comparisons: ReadonlyMap<OperationName, Comparison>;
}

export interface RoundPlan {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly operations: readonly OperationName[];
  readonly columns: readonly Column[];
}

/** New callers asked for in one cell: more than any target gets through in its time, signed before the cell starts. */
export const NEW_CALLERS_PER_CELL = 12_000;

/** How many new callers a plan will ask for in all. */
export function newCallersOf(plan: RoundPlan): number {
  return plan.columns.includes('new-callers') ? plan.rounds * plan.operations.length * NEW_CALLERS_PER_CELL : 0;
}

/** First serial of new operations; each cell takes a million of its own. */
let nextSerial = 1_000_000;
export function takeSerials(): number {
  return (nextSerial += 1_000_000);
}

/**
 * Round by round, operation by operation, every target in turn, order reversed every other round: what is compared was measured
 * within seconds of each other. The first round warms up three times as long.
 */
export async function runRounds(
  load: LoadGenerator,
  agencies: StaticAgencies,
  contestants: readonly Contestant[],
  plan: RoundPlan,
  onCell: (cell: Cell) => void,
): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    const order = round % 2 === 0 ? contestants : [...contestants].reverse();
    for (const column of plan.columns) {
      for (const [position, operation] of plan.operations.entries()) {
        for (const { target, running, comparisons } of order.filter((entry) => runs(entry, operation, column))) {
          const cell = await measureCell(load, agencies, {
            target: target.name,
            running,
            operation,
            column,
            round,
            connections: plan.connections,
            warmUpMs: plan.seconds * 400 * (round === 0 ? 3 : 1),
            // Whoever knows callers must have met all 512 before "known callers" is measured.
            warmUpReplies: target.protects && column !== 'new-callers' ? 2 * KNOWN_CALLERS : 0,
            measureMs: plan.seconds * 1000,
            firstSerial: takeSerials(),
            firstNewCaller: FIRST_NEW_CALLER + (round * plan.operations.length + position) * NEW_CALLERS_PER_CELL,
            newCallerCount: NEW_CALLERS_PER_CELL,
            expectedBytes: comparisons.get(operation)?.expectedBytes,
          });
          cells.push(cell);
          onCell(cell);
        }
      }
    }
  }
  return cells;
}

function runs({ target, comparisons }: Contestant, operation: OperationName, column: Column): boolean {
  const comparison = comparisons.get(operation);
  if (!comparison || comparison.difference !== undefined) return false;
  return (target.columns?.includes(column) ?? true) && (operation !== 'mix' || column === 'known-callers');
}
