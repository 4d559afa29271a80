import type { AgencyId } from '../../../platform/ids.ts';
import { AgencyFault, type AgencySend, type AgencySendOptions } from '../agencyPort.ts';
import { CallFault } from './callOnce.ts';
import { createCancellation, type Cancellation } from './cancellation.ts';
import { createCircuitBreaker, type Admission, type CircuitBreaker, type Outcome } from './circuitBreaker.ts';
import { createHttpAgency } from './httpAgency.ts';

export interface HttpAgencyConfig {
  readonly url: string;
  /** How long one question may take, all attempts and the reading of the answer included. */
  readonly timeoutMs: number;
}

/** An agency in this very process (the hub's own subgraph): body in, answer out. */
export type InProcessAgency = (body: string, options: AgencySendOptions) => Promise<string>;

export interface AgenciesOptions {
  /** By agency id. */
  readonly http: Readonly<Record<string, HttpAgencyConfig>>;
  readonly inProcess?: Readonly<Record<string, InProcessAgency>>;
  /** How long an agency of this process may take, ms [5000]: there is no connection to break, only a promise to stop waiting for. */
  readonly inProcessTimeoutMs?: number;
  /** [5 MB] */
  readonly maxAnswerBytes?: number;
  /** Sockets per agency [128]. */
  readonly connections?: number;
  readonly log?: AgencyLog;
  readonly metrics?: AgencyMetrics;
  /** [Math.random] */
  readonly random?: () => number;
  /** [performance.now] */
  readonly monotonicMs?: () => number;
}

/** Where faults are told: agency, kind and cause, never a value. A pino logger is one. */
export interface AgencyLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export type AskOutcome = 'ANSWERED' | 'UNAVAILABLE' | 'INVALID_ANSWER' | 'CIRCUIT_OPEN' | 'CLIENT_LEFT';

/** Counters, called as things happen. */
export interface AgencyMetrics {
  onAsked?(agency: AgencyId, outcome: AskOutcome, durationMs: number): void;
  onRetry?(agency: AgencyId): void;
}

export interface Agencies {
  readonly send: AgencySend;
  /** Breaks off what is under way and closes every connection. */
  close(): Promise<void>;
}

/** As long as the database lets a statement run: the hub's own answers wait for nothing else. */
const IN_PROCESS_TIMEOUT_MS = 5000;
const BREAKER = { failureThreshold: 5, pauseMs: 1000, maxPauseMs: 30_000 };

interface Line {
  readonly agency: AgencyId;
  readonly timeoutMs: number;
  readonly breaker: CircuitBreaker;
  ask(body: string, options: AgencySendOptions, cancellation: Cancellation): Promise<string>;
  close(): Promise<void>;
}

/**
 * All agencies behind the engine's port, each with its own pool, deadline, retry budget and circuit breaker: one that hangs takes
 * nothing from the others. Identical questions are not shared here; who may share an answer is for the engine to know.
 */
export function createAgencies(options: AgenciesOptions): Agencies {
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const lines = new Map<string, Line>();
  for (const [name, config] of Object.entries(options.http)) lines.set(name, openHttpLine(name, config));
  for (const [name, answer] of Object.entries(options.inProcess ?? {}))
    lines.set(name, openInProcessLine(name, answer));

  return {
    send(agency, body, sendOptions) {
      const line = lines.get(agency);
      if (line === undefined) {
        const detail = `no address is configured for ${agency}`;
        return Promise.reject(new AgencyFault('UNAVAILABLE', { detail }));
      }
      const admission = line.breaker.admit();
      if (admission.waitMs > 0) {
        options.metrics?.onAsked?.(agency, 'CIRCUIT_OPEN', 0);
        const retryAfterSeconds = Math.ceil(admission.waitMs / 1000);
        return Promise.reject(new AgencyFault('UNAVAILABLE', { detail: 'circuit open', retryAfterSeconds }));
      }
      return ask(line, admission, body, sendOptions);
    },
    async close() {
      await Promise.all([...lines.values()].map((line) => line.close()));
    },
  };

  async function ask(line: Line, admission: Admission, body: string, sendOptions: AgencySendOptions): Promise<string> {
    const startedAtMs = monotonicMs();
    const cancellation = createCancellation(sendOptions.signal, line.timeoutMs);
    const settle = (breakerOutcome: Outcome, outcome: AskOutcome) => {
      line.breaker.settle(admission, breakerOutcome);
      options.metrics?.onAsked?.(line.agency, outcome, monotonicMs() - startedAtMs);
    };
    try {
      if (cancellation.reason !== undefined) throw new CallFault(cancellation.reason.fault);
      const answer = await line.ask(body, sendOptions, cancellation);
      settle('SUCCESS', 'ANSWERED');
      return answer;
    } catch (error) {
      const call = error instanceof CallFault ? error : defectOf(error);
      if (cancellation.reason?.cause === 'CLIENT_LEFT') {
        settle('NEUTRAL', 'CLIENT_LEFT');
      } else {
        settle(breakerOutcomeOf(call), call.fault.kind);
        tell(line.agency, call);
      }
      throw call.fault;
    } finally {
      cancellation.dispose();
    }
  }

  function tell(agency: AgencyId, { fault, defect }: CallFault): void {
    const facts = { agency, kind: fault.kind, detail: fault.message };
    if (defect) options.log?.error(facts, 'an agency refused what the hub sent, or the hub failed to ask');
    else options.log?.warn(facts, 'an agency gave no answer');
  }

  function openHttpLine(name: string, { url, timeoutMs }: HttpAgencyConfig): Line {
    const agency = name as AgencyId;
    const http = createHttpAgency({
      url,
      connections: options.connections ?? 128,
      maxAnswerBytes: options.maxAnswerBytes ?? 5_000_000,
      random: options.random ?? Math.random,
      onRetry: () => options.metrics?.onRetry?.(agency),
    });
    return {
      agency,
      timeoutMs,
      breaker: createCircuitBreaker({ ...BREAKER, monotonicMs }),
      ask: (body, { kind }, cancellation) => http.ask(body, kind, cancellation),
      close: () => http.close(),
    };
  }

  function openInProcessLine(name: string, answer: InProcessAgency): Line {
    return {
      agency: name as AgencyId,
      timeoutMs: options.inProcessTimeoutMs ?? IN_PROCESS_TIMEOUT_MS,
      breaker: createCircuitBreaker({ ...BREAKER, monotonicMs }),
      ask: (body, sendOptions, cancellation) =>
        new Promise((resolve, reject) => {
          cancellation.onCancel(({ fault }) => reject(new CallFault(fault)));
          answer(body, sendOptions).then(resolve, reject);
        }),
      close: () => Promise.resolve(),
    };
  }
}

/** An agency that answers wrongly is there all the same; what the hub did wrong says nothing of it. */
function breakerOutcomeOf({ fault, defect }: CallFault): Outcome {
  if (defect) return 'NEUTRAL';
  return fault.kind === 'UNAVAILABLE' ? 'FAILURE' : 'SUCCESS';
}

/** An exception is the hub's own defect; the agency is not to blame for it, and its words stay here. */
function defectOf(error: unknown): CallFault {
  const name = error instanceof Error ? error.name : typeof error;
  return new CallFault(new AgencyFault('UNAVAILABLE', { detail: `exception ${name}`, cause: error }), { defect: true });
}
