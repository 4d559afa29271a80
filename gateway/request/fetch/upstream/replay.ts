import { Duplex } from 'node:stream';
import { Client } from 'undici';

/** An answer that has begun to arrive, read by undici from its first byte. */
export interface Replay {
  /** A dispatcher for one exchange: what it writes is dropped (the agency has the question), what it reads are the bytes given here. */
  readonly dispatcher: Client;
  push(bytes: Buffer): void;
  /** No more bytes will come; `error` when the connection broke. */
  end(error?: Error): void;
}

/** `onClosed` is called when undici is done with the connection, whatever came of it. */
export function createReplay(origin: string, onClosed: () => void): Replay {
  // Undici takes bytes that come before its question for an answer to nothing: they are held back until it has asked.
  const early: (Buffer | null)[] = [];
  let hasAsked = false;
  let hasEnded = false;
  const stream = new Duplex({
    read() {},
    write(_question, _encoding, done) {
      hasAsked = true;
      for (const bytes of early.splice(0)) stream.push(bytes);
      done();
    },
    destroy(error, done) {
      onClosed();
      done(error);
    },
  });
  stream.on('error', () => {});
  const push = (bytes: Buffer | null) => {
    if (stream.destroyed || hasEnded) return;
    hasEnded = bytes === null;
    if (hasAsked) stream.push(bytes);
    else early.push(bytes);
  };
  return {
    dispatcher: new Client(origin, {
      // Not at once: a client that is connected while it asks for a connection forgets to go on (7.30).
      connect: (_options, connected) => queueMicrotask(() => connected(null, stream as never)),
      headersTimeout: 0,
      bodyTimeout: 0,
    }),
    push,
    end: (error) => (error === undefined ? push(null) : stream.destroy(error)),
  };
}
