import type { DeliveryRates } from '../deliveries/deliveries.ts';
import type { Extras } from '../extras/extras.ts';
import type { Machine } from '../machine.ts';
import type { StepCosts } from '../steps/steps.ts';
import type { Figures, FiguresByTarget } from '../ratios.ts';

/** What `--json` writes. */
export interface BenchReport {
  /**
   * `ratios.<target>.<operation>`: the plain column's figures, and under `newCallers` and `agencies4ms` those of the other
   * columns. `throughput` is the ratio to `base`.
   */
  readonly ratios: Readonly<Record<string, Readonly<Record<string, OperationReport>>>>;
  /** Target to which all ratios are taken. */
  readonly base: string;
  readonly extras: Extras | undefined;
  readonly steps: StepCosts | undefined;
  readonly deliveries: DeliveryRates | undefined;
  readonly notRun: readonly { readonly name: string; readonly why: string }[];
  readonly machine: Machine;
  /** Cores that other processes kept busy meanwhile, on average. */
  readonly othersCores: number | undefined;
  /** Day of the run, ISO 8601 instant in UTC. */
  readonly date: string;
  readonly rounds: number;
  /** Measured seconds of a cell. */
  readonly seconds: number;
  readonly connections: number;
}

export type OperationReport = Partial<Figures> & { readonly newCallers?: Figures; readonly agencies4ms?: Figures };

export function toRatios(figures: FiguresByTarget): BenchReport['ratios'] {
  return Object.fromEntries(
    [...figures].map(([target, byOperation]) => [
      target,
      Object.fromEntries(
        [...byOperation].map(([operation, columns]) => [
          operation,
          {
            ...columns['known-callers'],
            ...(columns['new-callers'] ? { newCallers: columns['new-callers'] } : {}),
            ...(columns['agencies-4ms'] ? { agencies4ms: columns['agencies-4ms'] } : {}),
          },
        ]),
      ),
    ]),
  );
}
