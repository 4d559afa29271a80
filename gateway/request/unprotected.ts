import { HubError } from '../platform/errors.ts';
import { allowAll } from './decide/allowAll.ts';
import type { Graph, HttpAnswer, Received, ReplyContext, ReplyError, ReplyFault } from './exchange.ts';
import type { AgencySend } from './fetch/agencyPort.ts';
import type { Engine, RunResult } from './fetch/engine.ts';
import type { ReferenceEngine } from './fetch/reference.ts';
import type { RunInput } from './fetch/run.ts';
import { answerData } from './reply/reply.ts';
import { toReplyError } from './mask/mask.ts';
import type { Understand } from './understand/understand.ts';

export interface UnprotectedPowers {
  readonly graph: Graph;
  readonly understand: Understand;
  /** The reference stands in for the compiled engine with HUB_ENGINE=reference. */
  readonly engine: Engine | ReferenceEngine;
  readonly send: AgencySend;
}

/**
 * The way of a request on a graph without rules, for conformance suites (`npm run gateway -- --unprotected`): nobody is identified,
 * nothing is decided or recorded. It has its own function, so that no step of the protected way has a switch.
 */
export function createUnprotectedWay(powers: UnprotectedPowers): (received: Received) => Promise<HttpAnswer> {
  return async (received) => {
    if (received.eventStream === 'REQUIRED') throw new HubError('HUB_REQUEST_NOT_ACCEPTABLE');
    const { graph, operation, coercedVariables } = powers.understand(received);
    const judgement = allowAll(graph, operation);
    const input: RunInput = { variables: coercedVariables, signal: received.signal, send: powers.send };
    const { data, faults } = await run(powers.engine, graph, judgement, input);
    return answerData({ ...received, data, errors: faults.map((fault) => toError(fault, received)) });
  };
}

async function run(
  engine: Engine | ReferenceEngine,
  graph: Graph,
  judgement: ReturnType<typeof allowAll>,
  input: RunInput,
): Promise<RunResult> {
  if (!('prepare' in engine)) return engine.run(judgement, input);
  return engine.run(await engine.prepare(graph, judgement), input);
}

function toError(fault: ReplyFault, context: ReplyContext): ReplyError {
  return toReplyError(fault, context, undefined);
}
