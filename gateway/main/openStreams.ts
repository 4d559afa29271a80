import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';
import { entryOf } from '../registers/consent/face.ts';
import { createEventWay } from '../request/eventWay.ts';
import { createPipeline, type Steps } from '../request/pipeline.ts';
import { createReplyFault } from '../request/reply/replyFault.ts';
import type { StreamSource } from '../request/stream/source.ts';
import { createStreams, type Streams } from '../request/stream/streams.ts';
import type { Registers } from './openRegisters.ts';

export interface OpenStreamsOptions {
  readonly steps: Steps;
  readonly registers: Pick<Registers, 'ledger'>;
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
}

/** Both ways of a request, once or event by event, by the same steps. */
export function openStreams({ steps, registers, config, clock, log }: OpenStreamsOptions): Streams {
  return createStreams({
    ...createEventWay(steps),
    once: createPipeline(steps),
    sources: streamSources(registers),
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

/** Which register tells of which root field. */
function streamSources({ ledger }: Pick<Registers, 'ledger'>): ReadonlyMap<string, StreamSource> {
  return new Map<string, StreamSource>([
    [
      'consentChanged',
      {
        watch: ({ caller }, tell) => ledger.watch(caller.subject, (change) => tell(change && entryOf(change))),
      },
    ],
    [
      'subjectChanged',
      {
        restsOnConsent: true,
        watch: ({ caller: { subject, service, purpose } }, tell) =>
          ledger.watch(subject, (change) => {
            const isOurs = change?.clientId === service.clientId && change.purpose === purpose.name;
            if (change === undefined || isOurs) tell(change && CONSENT);
          }),
      },
    ],
  ]);
}

/** No agency is called so: the consent itself has changed, and what it opens is told at each event. */
const CONSENT = 'consent';
