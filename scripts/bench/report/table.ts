import type { Column } from '../measure.ts';
import { operationTitle, type OperationName } from '../operations.ts';
import type { Figures, FiguresByTarget } from '../ratios.ts';
import type { Target } from '../targets/target.ts';

export interface TableInput {
  readonly figures: FiguresByTarget;
  readonly targets: readonly Target[];
  readonly operations: readonly OperationName[];
}

/** Ratios of one column of the bench: a row per target, a column per operation. */
export function ratioTable(input: TableInput, column: Column): string {
  return grid(input, column, (figures) => {
    const [least, most] = figures.range;
    const spread = figures.rounds > 1 ? ` (${short(least)}-${short(most)})` : '';
    return `${short(figures.throughput)}${spread}${figures.wrongReplies > 0 ? ' WRONG' : ''}${figures.callersCameTwice ? ' *' : ''}`;
  });
}

/** The base's CPU per request over the target's: what remains comparable when something else kept the machine busy. */
export function cpuTable(input: TableInput, column: Column): string {
  return grid(input, column, ({ cpu }) => (cpu === undefined ? '?' : short(cpu)));
}

/** Absolute figures: requests per second, CPU per request, latencies, calls, how busy everything was. */
export function detailTable(input: TableInput, column: Column): string {
  return grid(input, column, (figures) =>
    [
      `${Math.round(figures.requestsPerSecond)}/s`,
      `${rounded(figures.cpuMicrosPerRequest)}us`,
      ...(figures.databaseMicrosPerRequest === undefined ? [] : [`db ${rounded(figures.databaseMicrosPerRequest)}us`]),
      `${figures.p50Ms?.toFixed(1) ?? '?'}/${figures.p99Ms?.toFixed(1) ?? '?'}ms`,
      `${figures.agencyCallsPerRequest.toFixed(1)}c`,
      `${rounded(figures.maxRssMb)}MB`,
      `${cores(figures.gatewayCores)}+${cores(figures.loadCores)}+${cores(figures.agenciesCores)}`,
    ].join(' '),
  );
}

export const DETAIL_LEGEND =
  'requests/s, CPU us per request, p50/p99 ms, agency calls per request, largest memory, cores of gateway+load+agencies';

function grid(input: TableInput, column: Column, write: (figures: Figures) => string): string {
  const rows = input.targets.flatMap((target) => {
    const byOperation = input.figures.get(target.name);
    const cells = input.operations.map((operation) => byOperation?.get(operation)?.[column]);
    if (cells.every((cell) => cell === undefined)) return [];
    return [[target.title, ...cells.map((cell) => (cell ? write(cell) : '-'))]];
  });
  if (rows.length === 0) return '(nothing was run)';
  // A column in which nobody was measured says nothing.
  const table = [['', ...input.operations.map(operationTitle)], ...rows];
  const empty = input.operations.map((_, index) => rows.every((row) => row[index + 1] === '-'));
  return align(table.map((row) => row.filter((_, index) => index === 0 || !empty[index - 1])));
}

export function align(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((row) => (row[index] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Two figures: 0.55, 1.3, 12. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '?';
  return value >= 9.95 ? String(Math.round(value)) : value.toFixed(value < 0.995 ? 2 : 1);
}

function rounded(value: number | undefined): string {
  return value === undefined ? '?' : String(Math.round(value));
}

function cores(value: number | undefined): string {
  return value === undefined ? '?' : value.toFixed(2);
}
