import type { StaticAgencies } from './agencies/agencies.ts';
import type { LoadGenerator } from './load/load.ts';
import type { OperationName } from './operations.ts';
import { readUse } from './processes.ts';
import type { RunningTarget } from './targets/target.ts';

/** What is varied besides target and operation. */
export const COLUMNS = ['known-callers', 'new-callers', 'agencies-4ms'] as const;
export type Column = (typeof COLUMNS)[number];

/** One measured stretch of one target. */
export interface Cell {
  readonly target: string;
  readonly operation: OperationName;
  readonly column: Column;
  readonly round: number;
  readonly requests: number;
  /** Measured stretch, microseconds of the machine's monotonic clock, which V8's profiles count in too. */
  readonly stretchMicros: readonly [number, number];
  readonly requestsPerSecond: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** User and system time of the gateway and its children; undefined without /proc. */
  readonly cpuMicrosPerRequest: number | undefined;
  /** Of its database, when it has one that does not run on its core. */
  readonly databaseMicrosPerRequest: number | undefined;
  /** Cores kept busy: a gateway well under 1 was not what limited the cell. */
  readonly gatewayCores: number | undefined;
  readonly loadCores: number | undefined;
  readonly agenciesCores: number | undefined;
  readonly maxRssMb: number | undefined;
  readonly agencyCallsPerRequest: number;
  readonly failed: number;
  readonly otherLength: number;
  /** Share of requests that asked an operation never seen before. */
  readonly newOperationShare: number;
  /** Some callers of a run of new callers came twice. */
  readonly wrapped: boolean;
}

export interface CellRequest {
  readonly target: string;
  readonly running: RunningTarget;
  readonly operation: OperationName;
  readonly column: Column;
  readonly round: number;
  readonly connections: number;
  readonly warmUpMs: number;
  readonly warmUpReplies: number;
  readonly measureMs: number;
  readonly firstSerial: number;
  readonly firstNewCaller: number;
  readonly newCallerCount: number;
  readonly expectedBytes: number | undefined;
  readonly newPerSecond?: number;
}

/** Loads one target with one operation and reads every counter over the same stretch. */
export async function measureCell(load: LoadGenerator, agencies: StaticAgencies, cell: CellRequest): Promise<Cell> {
  const { running } = cell;
  const latencyMs = cell.column === 'agencies-4ms' ? 4 : 0;
  await agencies.command({ do: 'latency', milliseconds: latencyMs });
  await agencies.command({ do: 'reset', calls: false });
  const snapshots: Promise<Snapshot>[] = [];
  const { result, newOperations, wrapped } = await load.run(
    {
      target: { port: running.port, path: running.path },
      operation: cell.operation,
      connections: cell.connections,
      warmUpMs: cell.warmUpMs,
      warmUpReplies: cell.warmUpReplies,
      measureMs: cell.measureMs,
      firstSerial: cell.firstSerial,
      ...(cell.column === 'new-callers'
        ? { newCallers: { first: cell.firstNewCaller, count: cell.newCallerCount } }
        : {}),
      ...(cell.expectedBytes === undefined ? {} : { expectedBytes: cell.expectedBytes }),
      ...(cell.newPerSecond === undefined ? {} : { newPerSecond: cell.newPerSecond }),
    },
    () => snapshots.push(takeSnapshot(load, agencies, running)),
  );
  const [before, after] = await Promise.all(snapshots);
  const seconds = (after!.atMicros - before!.atMicros) / 1e6;
  const spent = (key: 'gateway' | 'database' | 'load' | 'agencies') => difference(before![key], after![key]);
  const cores = (micros: number | undefined) => (micros === undefined ? undefined : micros / 1e6 / seconds);
  const perRequest = (micros: number | undefined) =>
    micros === undefined || result.requests === 0 ? undefined : micros / result.requests;
  return {
    target: cell.target,
    operation: cell.operation,
    column: cell.column,
    round: cell.round,
    requests: result.requests,
    stretchMicros: [before!.atMicros, after!.atMicros],
    requestsPerSecond: result.requests / result.seconds,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    cpuMicrosPerRequest: perRequest(spent('gateway')),
    databaseMicrosPerRequest: perRequest(spent('database')),
    gatewayCores: cores(spent('gateway')),
    loadCores: cores(spent('load')),
    agenciesCores: cores(spent('agencies')),
    maxRssMb: after!.maxRssBytes === undefined ? undefined : after!.maxRssBytes / 1e6,
    agencyCallsPerRequest: (after!.calls - before!.calls) / Math.max(1, result.requests),
    failed: result.failed,
    otherLength: result.otherLength,
    newOperationShare: newOperations / Math.max(1, result.requests),
    wrapped,
  };
}

interface Snapshot {
  readonly atMicros: number;
  readonly gateway: number | undefined;
  readonly database: number | undefined;
  readonly load: number | undefined;
  readonly agencies: number | undefined;
  readonly maxRssBytes: number | undefined;
  readonly calls: number;
}

async function takeSnapshot(load: LoadGenerator, agencies: StaticAgencies, running: RunningTarget): Promise<Snapshot> {
  const atMicros = Number(process.hrtime.bigint() / 1000n);
  const gateway = readUse(running.gatewayPid);
  const micros = (pid: number | undefined) => (pid === undefined ? undefined : readUse(pid)?.cpuMicros);
  return {
    atMicros,
    gateway: gateway?.cpuMicros,
    database: micros(running.databasePid),
    load: micros(load.pid),
    agencies: micros(agencies.pid),
    maxRssBytes: gateway?.maxRssBytes,
    calls: await agencies.countCalls(),
  };
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}
