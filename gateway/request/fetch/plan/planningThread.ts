import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { print, type DocumentNode } from 'graphql';
import type { QueryPlan } from '@apollo/query-planner';
import { HubError } from '../../../platform/errors.ts';
import { startThread } from '../../../platform/thread.ts';
import type { Graph } from '../../exchange.ts';

/** Plans in a thread of its own, one operation after the other, in the order in which they were asked for. */
export interface PlanningThread {
  /**
   * Rejects with the planner's own error when no plan can satisfy the operation; with HUB_OPERATION_TOO_COMPLEX when it takes longer than a
   * planning may, and with HUB_OPERATION_BUDGET_EXCEEDED when too many wait.
   */
  plan(graph: Graph, document: DocumentNode): Promise<QueryPlan>;
  close(): void;
}

export interface PlanningQuestion {
  readonly version: string;
  /** With the first question about a graph. */
  readonly planningSdl: string | undefined;
  readonly document: string;
}

export type PlanningAnswer = { readonly plan: string } | { readonly noPlan: string };

/** Graphs that the thread knows at a time: the one in service, the one before, the one to come. */
export const MAX_PLANNERS = 3;

const MOST_WAITING = 200;
/** With the making of the thread and of the graph's planner, which take half a second the first time. */
const DEFAULT_LIMIT_MS = 10_000;
const DEFAULT_IDLE_MS = 30_000;
/** A plan of the largest operation that passes the limits takes 100 MB. */
const MEMORY_MB = 512;

interface Job {
  readonly graph: Graph;
  readonly document: DocumentNode;
  readonly resolve: (plan: QueryPlan) => void;
  readonly reject: (fault: Error) => void;
}

export interface PlanningThreadOptions {
  /** The longest that one planning may take [10,000]. */
  readonly limitMs?: number;
  /** After so long without work the thread ends, and gives its memory back (100 MB) [30,000]. */
  readonly idleMs?: number;
  /** [a thread that runs planningWorker.ts] */
  readonly startWorker?: () => Worker;
}

/** The thread starts with the first operation. */
export function createPlanningThread({
  limitMs = DEFAULT_LIMIT_MS,
  idleMs = DEFAULT_IDLE_MS,
  startWorker = startPlanningWorker,
}: PlanningThreadOptions = {}): PlanningThread {
  const waiting: Job[] = [];
  let job: Job | undefined;
  let worker: Worker | undefined;
  let known: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;

  function start(): Worker {
    const started = startWorker();
    const isCurrent = (): boolean => worker === started;
    started.on('message', (answer: PlanningAnswer) => {
      if (isCurrent()) settle(answer);
    });
    started.on('error', (cause) => {
      if (isCurrent()) giveUp(toFault(cause));
    });
    started.on('exit', () => {
      if (isCurrent()) giveUp(new HubError('HUB_INTERNAL', { detail: 'the planning thread has ended' }));
    });
    known = [];
    return started;
  }

  function next(): void {
    if (job || waiting.length === 0) return;
    job = waiting.shift()!;
    clearTimeout(idle);
    worker ??= start();
    worker.ref();
    timer = setTimeout(() => giveUp(tooComplex(limitMs)), limitMs);
    const { graph, document } = job;
    const isKnown = known.includes(graph.version);
    if (!isKnown) known = [...known, graph.version].slice(-MAX_PLANNERS);
    worker.postMessage({
      version: graph.version,
      planningSdl: isKnown ? undefined : graph.planningSdl,
      document: print(document),
    } satisfies PlanningQuestion);
  }

  function settle(answer: PlanningAnswer): void {
    const settled = endJob();
    if ('plan' in answer) settled?.resolve(JSON.parse(answer.plan) as QueryPlan);
    else settled?.reject(new Error(answer.noPlan));
    next();
  }

  /** The thread is beyond help: whoever was being served hears so, the others get a new one. */
  function giveUp(fault: Error): void {
    endWorker();
    endJob()?.reject(fault);
    next();
  }

  function endWorker(): void {
    const ended = worker;
    worker = undefined;
    void ended?.terminate();
  }

  function endJob(): Job | undefined {
    clearTimeout(timer);
    const ended = job;
    job = undefined;
    // An idle thread keeps nobody from leaving.
    worker?.unref();
    idle = setTimeout(endWorker, idleMs).unref();
    return ended;
  }

  return {
    plan: (graph, document) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= MOST_WAITING) {
          reject(new HubError('HUB_OPERATION_BUDGET_EXCEEDED', { extensions: { retryAfterSeconds: 1 } }));
          return;
        }
        waiting.push({ graph, document, resolve, reject });
        next();
      }),
    close() {
      const left = waiting.splice(0);
      giveUp(new HubError('HUB_NOT_READY'));
      clearTimeout(idle);
      for (const { reject } of left) reject(new HubError('HUB_NOT_READY'));
    },
  };
}

export function startPlanningWorker(): Worker {
  return startThread(join(import.meta.dirname, 'planningWorker.ts'), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
}

function toFault(cause: Error): HubError {
  const isTooBig = (cause as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isTooBig ? tooComplex(MEMORY_MB, 'planningMb') : new HubError('HUB_INTERNAL', { cause });
}

function tooComplex(limitValue: number, limit = 'planningMs'): HubError {
  return new HubError('HUB_OPERATION_TOO_COMPLEX', { extensions: { limit, limitValue } });
}
