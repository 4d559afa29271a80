import type { Departure } from '../exchange.ts';

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
