/**
 * The process of the load. Commands come over the IPC channel of the process that forked it (`LoadCommand`), one at a time; each
 * is answered with a `LoadAnswer`.
 */
import type { JsonWebKey } from 'node:crypto';
import { newOperation, OPERATIONS, type OperationName } from '../operations.ts';
import { createTokenMaker, KNOWN_CALLERS, type TokenMaker } from './callers.ts';
import { createRequestSource, requestBytes } from './requests.ts';
import { askOnce, quantile, runLoad, type LoadResult } from './run.ts';

export interface LoadTarget {
  readonly port: number;
  readonly path: string;
}

export type LoadCommand =
  | { readonly do: 'sign-with'; readonly privateJwk: JsonWebKey }
  /** One request; the reply's body is handed back. */
  | {
      readonly do: 'ask';
      readonly target: LoadTarget;
      readonly query: string;
      readonly caller: number;
      readonly patienceMs?: number;
    }
  /** New operations one after the other, on connections of their own: what the first use of an operation costs. */
  | {
      readonly do: 'first-use';
      readonly target: LoadTarget;
      readonly count: number;
      readonly firstSerial: number;
    }
  | LoadRun;

export interface LoadRun {
  readonly do: 'load';
  readonly target: LoadTarget;
  readonly operation: OperationName;
  readonly connections: number;
  readonly warmUpMs: number;
  readonly warmUpReplies: number;
  readonly measureMs: number;
  /** Undefined: 512 callers in turn. Else that many callers, each asked for once, from that number on. */
  readonly newCallers?: { readonly first: number; readonly count: number };
  readonly firstSerial: number;
  /** Of the mix's new operations so many, then again; undefined = no end. */
  readonly distinctOperations?: number;
  readonly expectedBytes?: number;
  /** New operations a second beside the load, on a connection each. */
  readonly newPerSecond?: number;
}

export type LoadAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'phase'; readonly phase: 'measuring' | 'done' }
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly body: string;
      readonly bodyBytes: number;
      readonly milliseconds: number;
    }
  | { readonly kind: 'first-use'; readonly p50Ms: number; readonly p99Ms: number; readonly failed: number }
  | { readonly kind: 'load'; readonly result: LoadResult; readonly newOperations: number; readonly wrapped: boolean };

let tokenOf: TokenMaker = () => '';
let knownTokens: readonly string[] = [];

process.on('message', (command: LoadCommand) => void obey(command).then((answer) => process.send!(answer)));
process.on('disconnect', () => process.exit(0));
process.send!({ kind: 'ready' } satisfies LoadAnswer);

async function obey(command: LoadCommand): Promise<LoadAnswer> {
  switch (command.do) {
    case 'sign-with':
      tokenOf = createTokenMaker(command.privateJwk, Date.now());
      knownTokens = Array.from({ length: KNOWN_CALLERS }, (_, caller) => tokenOf(caller));
      return { kind: 'ready' };
    case 'ask': {
      const { port, path } = command.target;
      const reply = await askOnce(port, requestBytes(path, command.query, tokenOf(command.caller)), command.patienceMs);
      return { kind: 'reply', ...reply, body: Buffer.from(reply.body, 'latin1').toString('utf8') };
    }
    case 'first-use':
      return firstUse(command);
    case 'load':
      return load(command);
  }
}

async function load(run: LoadRun): Promise<LoadAnswer> {
  const { first, count } = run.newCallers ?? { first: 0, count: 0 };
  const tokens = run.newCallers ? Array.from({ length: count }, (_, index) => tokenOf(first + index)) : knownTokens;
  const source = createRequestSource({
    path: run.target.path,
    operation: run.operation,
    tokens,
    firstSerial: run.firstSerial,
    distinctOperations: run.distinctOperations,
  });
  const beside = run.newPerSecond ? askBeside(run, run.newPerSecond) : undefined;
  const result = await runLoad({
    port: run.target.port,
    connections: run.connections,
    warmUpMs: run.warmUpMs,
    warmUpReplies: run.warmUpReplies,
    measureMs: run.measureMs,
    source,
    expectedBytes: run.expectedBytes,
    onPhase: (phase) => process.send!({ kind: 'phase', phase } satisfies LoadAnswer),
  });
  if (beside) clearInterval(beside);
  return {
    kind: 'load',
    result,
    newOperations: source.newOperations,
    wrapped: Boolean(run.newCallers) && source.wrapped,
  };
}

function askBeside(run: LoadRun, perSecond: number): NodeJS.Timeout {
  let serial = run.firstSerial;
  return setInterval(() => {
    const token = knownTokens[serial % knownTokens.length]!;
    void askOnce(run.target.port, requestBytes(run.target.path, newOperation(serial++), token)).catch(() => undefined);
  }, 1000 / perSecond);
}

async function firstUse(command: Extract<LoadCommand, { do: 'first-use' }>): Promise<LoadAnswer> {
  const { port, path } = command.target;
  const known = requestBytes(path, OPERATIONS['four-agencies'].query, knownTokens[0]!);
  for (let index = 0; index < 20; index++) await askOnce(port, known);
  const latencies: number[] = [];
  let failed = 0;
  for (let index = 0; index < command.count; index++) {
    const query = newOperation(command.firstSerial + index);
    const reply = await askOnce(port, requestBytes(path, query, knownTokens[index % knownTokens.length]!));
    latencies.push(reply.milliseconds);
    if (reply.status !== 200) failed++;
  }
  latencies.sort((a, b) => a - b);
  return { kind: 'first-use', p50Ms: quantile(latencies, 0.5)!, p99Ms: quantile(latencies, 0.99)!, failed };
}
