import type { Departure } from '../../exchange.ts';
import { AgencyFault } from '../agencyPort.ts';

/** Ends one question to one agency early: its time is over, or the client left. One thing at a time can wait for it. */
export interface Cancellation {
  /** Why it ended; undefined while it goes on. */
  readonly reason: CancelReason | undefined;
  /** Replaces what is called when it ends; not called for an end that is past. */
  onCancel(listener: ((reason: CancelReason) => void) | undefined): void;
  /** To be called when the question has its answer. */
  dispose(): void;
}

export interface CancelReason {
  /** Only the time's end says something of the agency. */
  readonly cause: 'TIMEOUT' | 'CLIENT_LEFT';
  readonly fault: AgencyFault;
}

/** One timer and one listener for a whole question, all its attempts included; an AbortSignal of its own would cost 2 us more. */
export function createCancellation(signal: Departure, timeoutMs: number): Cancellation {
  let reason: CancelReason | undefined;
  let listener: ((reason: CancelReason) => void) | undefined;

  const cancel = (cause: CancelReason['cause']) => {
    if (reason !== undefined) return;
    const detail = cause === 'TIMEOUT' ? `no answer within ${timeoutMs} ms` : 'the client left';
    reason = { cause, fault: new AgencyFault('UNAVAILABLE', { detail }) };
    listener?.(reason);
  };
  const onAbort = () => cancel('CLIENT_LEFT');
  const timer = setTimeout(cancel, timeoutMs, 'TIMEOUT');
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();

  return {
    get reason() {
      return reason;
    },
    onCancel(next) {
      listener = next;
    },
    dispose() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
