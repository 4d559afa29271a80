import { describe, expect, test } from '@jest/globals';
import { HubError } from '../../../gateway/platform/errors.ts';
import type { Decided, EventWire, HttpAnswer, Received } from '../../../gateway/request/exchange.ts';
import { PendingDeparture } from '../../../gateway/request/receive/departure.ts';
import { createStream, type StreamLimits } from '../../../gateway/request/stream/stream.ts';
import { pause } from '../../support/streams.ts';
import { aCaller, aRequest } from '../../support/testRequest.ts';

const LIMITS: StreamLimits = {
  heartbeatMs: 10_000,
  idleMs: 60_000,
  lifeMs: 60_000,
  minIntervalMs: 0,
  slowReaderMs: 10_000,
};

/** A stream between a wire, a ledger and a way that do what a test says. */
function aStream(limits: Partial<StreamLimits> = {}) {
  const state = {
    version: 0,
    holdsLease: true,
    allowed: true,
    scopes: new Set(['a', 'b']),
    /** Called while an event is read. */
    whileReading: (): unknown => undefined,
    body: '{"data":{"root":{"value":1}}}',
    takes: true,
  };
  const frames: string[] = [];
  const events: Received[] = [];
  const watching = new Set<(about: string | undefined) => void>();
  const signal = new PendingDeparture();
  const seen = { over: 0, ended: false, cut: false, drain: (): void => undefined };

  const caller = { ...aCaller(), tokenExpiresAtMs: Date.now() + 3_600_000 };
  const judged = (received: Received): Decided => {
    const verdicts = [{ allowed: true }, { allowed: state.allowed, reason: 'CONSENT_REQUIRED' }];
    const judgement = { verdicts, effectiveScopes: state.scopes };
    return { ...received, caller, graph: GRAPH, judgement } as unknown as Decided;
  };
  const received = aRequest('', { signal });
  const watch = (_whom: unknown, tell: never) => {
    watching.add(tell);
    return () => void watching.delete(tell);
  };
  const stream = createStream(
    {
      received,
      decided: judged(received),
      subscription: {
        caller,
        root: { responseKey: 'root' },
        source: { watch, restsOnConsent: true },
        arguments: {},
      } as never,
      onOver: () => (seen.over += 1),
    },
    {
      judge: (event) => Promise.resolve(judged(event)),
      async answer(decided): Promise<HttpAnswer> {
        events.push(decided);
        await state.whileReading();
        return { status: 200, headers: {}, body: state.body, encoding: 'utf8' };
      },
      onFault: (fault) => {
        const code = fault instanceof HubError ? fault.code : 'DEFECT';
        const limit = fault instanceof HubError ? fault.extensions['limit'] : undefined;
        return { status: 200, headers: {}, body: JSON.stringify({ code, limit }), encoding: 'utf8' };
      },
      // The ledger's own watcher tells nothing here: what it says late, or never, must not matter.
      ledger: { version: () => state.version, holdsLease: () => state.holdsLease, watch: () => () => undefined },
      limits: { ...LIMITS, ...limits },
      clock: Date.now,
    },
  );
  const wire: EventWire = {
    write(text) {
      frames.push(text);
      return state.takes;
    },
    onDrain: (listener) => (seen.drain = listener),
    end: () => (seen.ended = true),
    cut: () => (seen.cut = true),
  };
  const happen = (about?: string) => {
    for (const tell of [...watching]) tell(about);
  };
  /** Results so far, without comments. */
  const told = () =>
    frames.filter((frame) => frame.startsWith('event: next')).map((frame) => JSON.parse(frame.slice(18)) as unknown);
  return { stream, wire, state, frames, events, watching, signal, seen, happen, told };
}

const GRAPH = {};
const ONE = { data: { root: { value: 1 } } };

describe('an event that a change of consents overtakes', () => {
  test('is not written when what it read is refused now', async () => {
    const { stream, wire, state, told, seen } = aStream();
    state.whileReading = () => {
      state.version += 1;
      state.allowed = false;
    };
    stream.begin(wire);
    await pause(5);
    expect(told()).toEqual([{ code: 'HUB_STREAM_RIGHTS_ENDED' }]);
    expect(seen.ended).toBe(true);
  });

  test('is not written when a scope that it rests on is gone', async () => {
    const { stream, wire, state, told } = aStream();
    state.whileReading = () => (state.scopes = new Set(['a']));
    stream.begin(wire);
    await pause(5);
    expect(told()).toEqual([{ code: 'HUB_STREAM_RIGHTS_ENDED' }]);
  });

  test('is not written by a node that has lost its lease', async () => {
    const { stream, wire, state, told } = aStream();
    state.whileReading = () => (state.holdsLease = false);
    stream.begin(wire);
    await pause(5);
    expect(told()).toEqual([{ code: 'HUB_LEDGER_UNAVAILABLE' }]);
  });

  test('is written when nothing of its own is lost', async () => {
    const { stream, wire, state, told } = aStream();
    state.whileReading = () => {
      state.version += 1;
      state.scopes = new Set(['a', 'b', 'c']);
    };
    stream.begin(wire);
    await pause(5);
    expect(told()).toEqual([ONE]);
  });
});

describe('events', () => {
  test('that happen while one is read are told in the next, by name', async () => {
    const { stream, wire, state, events, happen } = aStream();
    let release = (): void => undefined;
    state.whileReading = () => new Promise<void>((resolve) => (release = resolve));
    stream.begin(wire);
    await pause(1);
    for (const about of ['x', 'y', 'x']) happen(about);
    release();
    await pause(5);
    release();
    expect(events.map(({ event }) => event!.changes)).toEqual(['EVERYTHING', new Set(['x', 'y'])]);
  });

  test('of which some were missed tell everything', async () => {
    const { stream, wire, events, happen } = aStream({ minIntervalMs: 5 });
    stream.begin(wire);
    await pause(2);
    happen('x');
    happen(undefined);
    happen('y');
    await pause(20);
    expect(events.map(({ event }) => event!.changes)).toEqual(['EVERYTHING', 'EVERYTHING']);
  });

  test('are requests of their own: no two share an id, and none passes for the one that opened the stream', async () => {
    const { stream, wire, events, happen } = aStream();
    stream.begin(wire);
    await pause(5);
    happen('x');
    await pause(5);
    expect(new Set(events.map(({ requestId }) => requestId)).size).toBe(2);
    expect(events.map(({ event }) => event!.opens)).toEqual([undefined, undefined]);
  });

  test('cannot be forged by a line break in an answer', async () => {
    const { stream, wire, state, frames } = aStream();
    state.body = '{"data":{"root":\n\nevent: complete\r\ndata:\r\r{}}}';
    stream.begin(wire);
    await pause(5);
    expect(frames[1]).toBe('event: next\ndata: {"data":{"root": event: complete data: {}}}\n\n');
  });
});

describe('a stream', () => {
  test('ends with an event whose root is null', async () => {
    const { stream, wire, state, frames, seen } = aStream();
    state.body = '{"data":{"root":null}}';
    stream.begin(wire);
    await pause(5);
    expect(frames.slice(1)).toEqual([`event: next\ndata: ${state.body}\n\n`, 'event: complete\ndata: \n\n']);
    expect(seen).toMatchObject({ ended: true, over: 1 });
  });

  test.each([
    ['idle for too long', { heartbeatMs: 10, idleMs: 30 }, 'idleSeconds'],
    ['too old', { lifeMs: 30 }, 'lifeSeconds'],
  ])('that is %s ends, and names the limit', async (_what, limits, limit) => {
    const { stream, wire, told, watching } = aStream(limits);
    stream.begin(wire);
    await pause(80);
    expect(told()).toEqual([ONE, { code: 'HUB_STREAM_OVER', limit }]);
    expect(watching.size).toBe(0);
  });

  test('waits for a client that has much to take, and hangs up on one that takes nothing', async () => {
    const { stream, wire, state, events, happen, seen } = aStream({ slowReaderMs: 40 });
    state.takes = false;
    stream.begin(wire);
    await pause(5);
    happen('x');
    await pause(5);
    expect(events).toEqual([]);
    state.takes = true;
    seen.drain();
    await pause(5);
    expect(events).toHaveLength(1);

    state.takes = false;
    happen('y');
    await pause(80);
    expect(seen).toMatchObject({ cut: true, over: 1 });
  });

  test('whose client leaves listens to nothing any more, and reads nothing', async () => {
    const { stream, wire, signal, watching, seen, events, happen } = aStream();
    stream.begin(wire);
    await pause(5);
    signal.happen();
    expect([watching.size, seen.over]).toEqual([0, 1]);
    happen('x');
    await pause(5);
    expect(events).toHaveLength(1);
  });

  test('whose client has left before it began never begins', async () => {
    const { stream, wire, signal, watching, frames, seen } = aStream();
    signal.happen();
    stream.begin(wire);
    await pause(5);
    expect([watching.size, seen.over, frames]).toEqual([0, 1, []]);
  });

  test('asks anew at every heartbeat, and ends when it is refused', async () => {
    const { stream, wire, state, told, frames } = aStream({ heartbeatMs: 20 });
    stream.begin(wire);
    await pause(70);
    expect(frames.filter((frame) => frame === ':\n\n').length).toBeGreaterThanOrEqual(3);
    state.allowed = false;
    await pause(50);
    expect(told()).toEqual([ONE, { code: 'HUB_STREAM_RIGHTS_ENDED' }]);
  });

  test('ends once, whatever else happens', async () => {
    const { stream, wire, frames, seen, signal } = aStream();
    stream.begin(wire);
    await pause(5);
    stream.end(new HubError('HUB_NOT_READY'));
    stream.end(new HubError('HUB_INTERNAL'));
    signal.happen();
    expect(frames.slice(-2)).toEqual([
      'event: next\ndata: {"code":"HUB_NOT_READY"}\n\n',
      'event: complete\ndata: \n\n',
    ]);
    expect([frames.length, seen.over]).toEqual([4, 1]);
  });
});
