import type { Cell, Column } from './measure.ts';
import { geometricMean, median, range } from './statistics.ts';

/** One target's figures for one operation and column; medians over the rounds unless said otherwise. */
export interface Figures {
  /** Requests per second over the base's of the same round: geometric mean, and least and largest. */
  readonly throughput: number;
  readonly range: readonly [number, number];
  /** The base's CPU per request over ours: geometric mean. Undefined without /proc. */
  readonly cpu: number | undefined;
  readonly requestsPerSecond: number;
  readonly cpuMicrosPerRequest: number | undefined;
  readonly databaseMicrosPerRequest: number | undefined;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly agencyCallsPerRequest: number;
  readonly maxRssMb: number | undefined;
  readonly gatewayCores: number | undefined;
  readonly loadCores: number | undefined;
  readonly agenciesCores: number | undefined;
  readonly rounds: number;
  /** Replies that were not 200 or not as long as the one that was compared; anything but 0 spoils the figures. */
  readonly wrongReplies: number;
  readonly callersCameTwice: boolean;
}

export type FiguresByTarget = ReadonlyMap<string, ReadonlyMap<string, Partial<Record<Column, Figures>>>>;

/** Sums cells up by target, operation and column, against `base` of the same round. */
export function toFigures(cells: readonly Cell[], base: string): FiguresByTarget {
  const result = new Map<string, Map<string, Partial<Record<Column, Figures>>>>();
  for (const cell of cells) {
    const byOperation = result.get(cell.target) ?? new Map<string, Partial<Record<Column, Figures>>>();
    result.set(cell.target, byOperation);
    const figures = byOperation.get(cell.operation) ?? {};
    byOperation.set(cell.operation, figures);
    figures[cell.column] ??= summarise(cells, cell, base);
  }
  return result;
}

function summarise(cells: readonly Cell[], like: Cell, base: string): Figures {
  const own = cells.filter((cell) => sameCell(cell, like) && cell.target === like.target);
  const pairs = own.flatMap((cell) => {
    const other = cells.find((entry) => sameCell(entry, cell) && entry.target === base && entry.round === cell.round);
    return other ? [{ cell, other }] : [];
  });
  const throughputs = pairs.map(({ cell, other }) => cell.requestsPerSecond / other.requestsPerSecond);
  const cpus = pairs.flatMap(({ cell, other }) =>
    cell.cpuMicrosPerRequest && other.cpuMicrosPerRequest ? [other.cpuMicrosPerRequest / cell.cpuMicrosPerRequest] : [],
  );
  const middle = (key: NumericKey) => {
    const values = own.map((cell) => cell[key]).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : median(values);
  };
  return {
    throughput: geometricMean(throughputs),
    range: range(throughputs),
    cpu: cpus.length === 0 ? undefined : geometricMean(cpus),
    requestsPerSecond: middle('requestsPerSecond')!,
    cpuMicrosPerRequest: middle('cpuMicrosPerRequest'),
    databaseMicrosPerRequest: middle('databaseMicrosPerRequest'),
    p50Ms: middle('p50Ms'),
    p99Ms: middle('p99Ms'),
    agencyCallsPerRequest: middle('agencyCallsPerRequest')!,
    maxRssMb: middle('maxRssMb'),
    gatewayCores: middle('gatewayCores'),
    loadCores: middle('loadCores'),
    agenciesCores: middle('agenciesCores'),
    rounds: own.length,
    wrongReplies: own.reduce((sum, cell) => sum + cell.failed + cell.otherLength, 0),
    callersCameTwice: own.some((cell) => cell.wrapped),
  };
}

type NumericKey =
  | 'requestsPerSecond'
  | 'cpuMicrosPerRequest'
  | 'databaseMicrosPerRequest'
  | 'p50Ms'
  | 'p99Ms'
  | 'agencyCallsPerRequest'
  | 'maxRssMb'
  | 'gatewayCores'
  | 'loadCores'
  | 'agenciesCores';

function sameCell(a: Cell, b: Cell): boolean {
  return a.operation === b.operation && a.column === b.column;
}
