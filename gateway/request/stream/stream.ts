import type { Clock } from '../../platform/clock.ts';
import { HubError } from '../../platform/errors.ts';
import { createRequestId } from '../../platform/ids.ts';
import type { RunningConsentLedger } from '../../registers/consent/consentLedger.ts';
import type { Decided, EventStream, EventWire, HttpAnswer, Received, ReplyContext } from '../exchange.ts';
import { COMMENT, COMPLETE, nextFrame, STREAM_HEADERS } from './frames.ts';
import { judgedOf, requireNothingLost } from './lostRights.ts';
import { withChange, type Changes, type Subscription } from './source.ts';

export interface StreamLimits {
  /** A comment keeps the connection, and the caller's rights are asked again. */
  readonly heartbeatMs: number;
  /** Without an event for so long it ends. */
  readonly idleMs: number;
  /** So old it ends, with its token if that is sooner. */
  readonly lifeMs: number;
  /** From one event to the next: what happens meanwhile is told in one. */
  readonly minIntervalMs: number;
  /** A client that takes nothing for so long is hung up on. */
  readonly slowReaderMs: number;
}

export interface StreamPowers {
  readonly judge: (received: Received) => Promise<Decided | undefined>;
  readonly answer: (decided: Decided) => Promise<HttpAnswer>;
  /** Whatever ends a stream, in the hub's words. */
  readonly onFault: (fault: unknown, context: ReplyContext) => HttpAnswer;
  readonly ledger: Pick<RunningConsentLedger, 'version' | 'holdsLease' | 'watch'>;
  readonly limits: StreamLimits;
  readonly clock: Clock;
}

export interface Opening {
  readonly received: Received;
  readonly decided: Decided;
  readonly subscription: Subscription;
  /** Called once, however it ends. */
  readonly onOver: () => void;
}

export interface Stream extends EventStream {
  /** Tells the client why, and ends. */
  end(fault: HubError): void;
}

/**
 * One subscription. Its events are requests of their own: each is identified, judged, read, recorded and replied as if it were a query. The first
 * tells the present state. It ends, saying why, when anything that was open to the caller is not any more; when its root is null; with its token.
 */
export function createStream(opening: Opening, powers: StreamPowers): Stream {
  const { received, subscription } = opening;
  const { caller, root, source } = subscription;
  const { ledger, limits, clock } = powers;
  const responseType = 'application/json';
  let wire: EventWire | undefined;
  let before = judgedOf(opening.decided);
  let pending: Changes | undefined = 'EVERYTHING';
  let isRunning = false;
  let isOver = false;
  let lastEventAtMs = clock();
  let pace: NodeJS.Timeout | undefined;
  let patience: NodeJS.Timeout | undefined;
  const stops: (() => void)[] = [];

  function begin(opened: EventWire): void {
    wire = opened;
    if (isOver || received.signal.aborted) return close();
    received.signal.addEventListener('abort', close);
    wire.onDrain(() => {
      clearTimeout(patience);
      patience = undefined;
      void pump();
    });
    stops.push(
      () => received.signal.removeEventListener('abort', close),
      source.watch(subscription, (about) => {
        pending = withChange(pending, about);
        void pump();
      }),
      ledger.watch(caller.subject, (change) => {
        const isOurs = change?.clientId === caller.service.clientId && change.purpose === caller.purpose.name;
        if (change === undefined || isOurs) void recheck();
      }),
      every(limits.heartbeatMs, beat),
      after(Math.min(limits.lifeMs, caller.tokenExpiresAtMs - clock()), () => finish(lifeOver())),
    );
    write(COMMENT, 'utf8');
    void pump();
  }

  /** Tells what has happened, one event at a time, none while the client has much to take yet. */
  async function pump(): Promise<void> {
    if (isOver || isRunning || pending === undefined || patience !== undefined || pace !== undefined) return;
    const changes = pending;
    pending = undefined;
    isRunning = true;
    try {
      await deliver(changes);
    } catch (fault) {
      finish(fault);
    }
    isRunning = false;
    if (isOver) return;
    pace = setTimeout(() => {
      pace = undefined;
      void pump();
    }, limits.minIntervalMs);
  }

  async function deliver(changes: Changes): Promise<void> {
    const answer = await powers.answer(await judge(changes));
    await untilNothingChanges(changes);
    if (isOver) return;
    lastEventAtMs = clock();
    write(nextFrame(answer), answer.encoding);
    if (isLast(answer)) finish();
  }

  async function judge(changes: Changes): Promise<Decided> {
    const decided = await powers.judge(anEvent(changes));
    if (decided === undefined) throw new TypeError('stream: expected the subscription that it was opened for');
    const now = judgedOf(decided);
    requireNothingLost(before, now, source.restsOnConsent === true);
    before = now;
    return decided;
  }

  /**
   * Resolves at a moment at which all that was read is still open; nothing may come between it and the write. A withdrawal on any node returns only
   * when this one has heard of it, and its version grown, or holds no lease.
   */
  async function untilNothingChanges(changes: Changes): Promise<void> {
    for (;;) {
      const version = ledger.version();
      await judge(changes);
      if (!ledger.holdsLease()) throw new HubError('HUB_LEDGER_UNAVAILABLE', { detail: 'this node has no lease' });
      if (ledger.version() === version) return;
    }
  }

  async function recheck(): Promise<void> {
    if (isOver) return;
    try {
      await judge('EVERYTHING');
    } catch (fault) {
      finish(fault);
    }
  }

  function beat(): void {
    if (clock() - lastEventAtMs >= limits.idleMs) return finish(over('idleSeconds', limits.idleMs));
    if (patience === undefined) write(COMMENT, 'utf8');
    void recheck();
  }

  function anEvent(changes: Changes): Received {
    return { ...received, responseType, requestId: createRequestId(), receivedAtMs: clock(), event: { changes } };
  }

  function write(text: string, encoding: HttpAnswer['encoding']): void {
    if (wire!.write(text, encoding) || patience !== undefined) return;
    patience = setTimeout(() => {
      close();
      wire!.cut();
    }, limits.slowReaderMs);
  }

  function lifeOver(): HubError {
    return clock() >= caller.tokenExpiresAtMs ? new HubError('HUB_TOKEN_EXPIRED') : over('lifeSeconds', limits.lifeMs);
  }

  /** An event whose root is null leaves nothing to follow: absent, refused, or failed. */
  function isLast({ body }: HttpAnswer): boolean {
    return body.startsWith('{"data":null') || body.startsWith(`{"data":{"${root.responseKey}":null}`);
  }

  function finish(fault?: unknown): void {
    if (isOver) return;
    close();
    const context = { requestId: received.requestId, language: received.language, responseType } as const;
    if (fault !== undefined) wire?.write(nextFrame(powers.onFault(fault, context)), 'utf8');
    wire?.write(COMPLETE, 'utf8');
    wire?.end();
  }

  function close(): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(pace);
    clearTimeout(patience);
    for (const stop of stops.splice(0)) stop();
    opening.onOver();
  }

  return { headers: STREAM_HEADERS, begin, end: finish };
}

function over(limit: string, ms: number): HubError {
  return new HubError('HUB_STREAM_OVER', { extensions: { limit, limitValue: ms / 1000 } });
}

function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms).unref();
  return () => clearInterval(timer);
}

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, Math.max(0, ms)).unref();
  return () => clearTimeout(timer);
}
