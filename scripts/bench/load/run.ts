import { openConnection, type LoadConnection, type LoadReply } from './connection.ts';
import type { RequestSource } from './requests.ts';

/** What one measured stretch of load saw. Latencies in milliseconds. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Undefined when no reply came. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** Replies with another status than 200. */
  readonly failed: number;
  /** Replies of another length than the one that was compared before; 0 when nothing was expected. */
  readonly otherLength: number;
}

/** Closed loop: each connection asks again as soon as it has its reply. Warm-up replies are not counted. */
export async function runLoad(input: {
  readonly port: number;
  readonly connections: number;
  readonly warmUpMs: number;
  /** Warm-up goes on until that many replies came, ten seconds at most. */
  readonly warmUpReplies: number;
  readonly measureMs: number;
  readonly source: RequestSource;
  readonly expectedBytes: number | undefined;
  /** Called when warm-up ends and when measuring ends, so that others can read their counters. */
  readonly onPhase?: (phase: 'measuring' | 'done') => void;
}): Promise<LoadResult> {
  const connections = await Promise.all(Array.from({ length: input.connections }, () => openConnection(input.port)));
  const latencies = new Float64Array(1 << 21);
  let warmUpReplies = 0;
  let requests = 0;
  let failed = 0;
  let otherLength = 0;
  let measuring = false;
  let ended = false;

  const keepAsking = (connection: LoadConnection) => {
    if (ended) return;
    const startedMs = performance.now();
    connection.send(input.source.next(), false, (reply: LoadReply) => {
      if (!measuring) warmUpReplies++;
      else {
        latencies[requests++ % latencies.length] = performance.now() - startedMs;
        if (reply.status !== 200) failed++;
        else if (input.expectedBytes !== undefined && reply.bodyBytes !== input.expectedBytes) otherLength++;
      }
      if (reply.status === 0) return;
      keepAsking(connection);
    });
  };
  connections.forEach(keepAsking);

  await sleep(input.warmUpMs);
  for (let waits = 0; warmUpReplies < input.warmUpReplies && waits < 500; waits++) await sleep(20);
  measuring = true;
  const startedMs = performance.now();
  input.onPhase?.('measuring');
  await sleep(input.measureMs);
  measuring = false;
  ended = true;
  const seconds = (performance.now() - startedMs) / 1000;
  input.onPhase?.('done');
  connections.forEach((connection) => connection.close());

  const sorted = latencies.subarray(0, Math.min(requests, latencies.length)).sort();
  return { requests, seconds, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), failed, otherLength };
}

/** Value below which `share` of the ascending `sorted` lie; undefined of nothing. */
export function quantile(sorted: ArrayLike<number>, share: number): number | undefined {
  return sorted.length === 0 ? undefined : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** Asks once and returns the reply with its body; status 0 when none came within `patienceMs`. */
export async function askOnce(
  port: number,
  request: Buffer,
  patienceMs = 30_000,
): Promise<LoadReply & { readonly milliseconds: number }> {
  const connection = await openConnection(port);
  const startedMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const reply = await new Promise<LoadReply>((resolve) => {
    timer = setTimeout(resolve, patienceMs, { status: 0, bodyBytes: 0, body: '' });
    connection.send(request, true, resolve);
  });
  clearTimeout(timer);
  connection.close();
  return { ...reply, milliseconds: performance.now() - startedMs };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
