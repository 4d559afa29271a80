import { HubError } from '../../platform/errors.ts';
import type { Caller, Decided, EventStream, HttpAnswer, Received } from '../exchange.ts';
import { COMMENT, COMPLETE, nextFrame, STREAM_HEADERS } from './frames.ts';
import { readSubscription, type StreamSources } from './source.ts';
import { createStream, type Stream, type StreamPowers } from './stream.ts';
import { createTurns } from './turns.ts';

export interface StreamsOptions extends StreamPowers {
  /** The way of every other request. */
  readonly once: (received: Received) => Promise<HttpAnswer>;
  readonly sources: StreamSources;
  /** Open at a time, of one caller by one service. */
  readonly maxPerCaller: number;
  /** Open at a time on this node. */
  readonly maxStreams: number;
}

export interface Streams {
  /** A subscription is followed, anything else answered once. Throws what the steps throw, and HUB_STREAM_TOO_MANY. */
  answer(received: Received): Promise<HttpAnswer | EventStream>;
  openCount(): number;
  /** Ends all, saying that the hub stops; no more are opened. */
  close(): void;
}

/** Events that are judged, and read, at a time: when a lost connection makes every stream tell everything anew, other requests still have their turn. */
const MAX_READS = 32;

export function createStreams(options: StreamsOptions): Streams {
  const { sources, maxPerCaller, maxStreams, once, judge, onFault } = options;
  const [readInTurn, judgeInTurn] = [createTurns(MAX_READS), createTurns(MAX_READS)];
  const powers: StreamPowers = {
    ...options,
    judge: (received) => judgeInTurn(() => judge(received)),
    answer: (decided) => readInTurn(() => options.answer(decided)),
  };
  const open = new Set<Stream>();
  const openOf = new Map<string, number>();
  let isStopping = false;

  function follow(received: Received, decided: Decided): EventStream {
    if (isStopping) throw new HubError('HUB_NOT_READY');
    const subscription = readSubscription(decided, sources);
    const key = keyOf(decided.caller);
    const ofCaller = openOf.get(key) ?? 0;
    if (ofCaller >= maxPerCaller) throw tooMany('streamsPerCaller', maxPerCaller);
    if (open.size >= maxStreams) throw tooMany('streams', maxStreams);
    const stream = createStream({ received, decided, subscription, onOver }, powers);
    open.add(stream);
    openOf.set(key, ofCaller + 1);
    return stream;

    function onOver(): void {
      open.delete(stream);
      const left = openOf.get(key)! - 1;
      if (left > 0) openOf.set(key, left);
      else openOf.delete(key);
    }
  }

  async function answerEvents(received: Received): Promise<HttpAnswer | EventStream> {
    const decided = await judge({ ...received, event: { changes: 'EVERYTHING', opens: true } });
    if (decided !== undefined) return follow(received, decided);
    const answer = await once(received);
    return received.eventStream === 'REQUIRED' ? oneEvent(answer) : answer;
  }

  return {
    async answer(received) {
      if (received.eventStream === undefined) return once(received);
      try {
        return await answerEvents(received);
      } catch (fault) {
        // What is wrong with the operation is told in the stream: a browser's EventSource reads no refusal (the protocol, "Distinct connections mode").
        const isToldInside = fault instanceof HubError && fault.code.startsWith('HUB_OPERATION_');
        if (!isToldInside || received.eventStream !== 'REQUIRED') throw fault;
        return oneEvent(onFault(fault, received));
      }
    },
    openCount: () => open.size,
    close() {
      isStopping = true;
      for (const stream of open) stream.end(new HubError('HUB_NOT_READY'));
    },
  };
}

/** What is answered once, to a client that takes nothing but events. */
function oneEvent(answer: HttpAnswer): EventStream {
  return {
    headers: STREAM_HEADERS,
    begin(wire) {
      wire.write(COMMENT, 'utf8');
      wire.write(nextFrame(answer), answer.encoding);
      wire.write(COMPLETE, 'utf8');
      wire.end();
    },
  };
}

function keyOf({ subject, service }: Caller): string {
  return `${subject} ${service.clientId}`;
}

function tooMany(limit: string, limitValue: number): HubError {
  return new HubError('HUB_STREAM_TOO_MANY', { extensions: { limit, limitValue } });
}
