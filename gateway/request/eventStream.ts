/** An answer that goes on: events until it ends or the client leaves. */
export interface EventStream {
  readonly headers: Readonly<Record<string, string>>;
  /** Called once, when the head has been written. */
  readonly begin: (wire: EventWire) => void;
}

/** The open end of an answer. After `end` or `cut`, and when the client has left, nothing of it does anything. */
export interface EventWire {
  /** `encoding` as an HttpAnswer's. Returns false when the client has much to take yet: `onDrain` tells when it has. */
  write(text: string, encoding: 'utf8' | 'latin1'): boolean;
  onDrain(listener: () => void): void;
  end(): void;
  /** Hangs up on a client that does not read. */
  cut(): void;
}
