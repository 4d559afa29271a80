import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';
import { createEventWay } from '../request/eventWay.ts';
import { createPipeline, type Steps } from '../request/pipeline.ts';
import { createReplyFault } from '../request/reply/replyFault.ts';
import { createStreams, type Streams } from '../request/stream/streams.ts';
import { createStreamSources, type StreamRegisters } from './streamSources.ts';

export interface OpenStreamsOptions {
  readonly steps: Steps;
  readonly registers: StreamRegisters;
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
}

/** Both ways of a request, once or event by event, by the same steps. */
export function openStreams({ steps, registers, config, clock, log }: OpenStreamsOptions): Streams {
  return createStreams({
    ...createEventWay(steps),
    once: createPipeline(steps),
    sources: createStreamSources(registers),
    onFault: createReplyFault(log),
    ledger: registers.ledger,
    maxPerCaller: config.maxStreamsPerCaller,
    maxStreams: config.maxStreams,
    limits: {
      heartbeatMs: config.streamHeartbeatMs,
      idleMs: config.streamIdleSeconds * 1000,
      lifeMs: config.streamLifeSeconds * 1000,
      minIntervalMs: config.streamIntervalMs,
      slowReaderMs: config.streamSlowReaderMs,
    },
    clock,
  });
}
