import type { ServerResponse } from 'node:http';
import type { EventStream, ReplyContext } from '../exchange.ts';
import { withDefaults } from './writeAnswer.ts';

/** A client that does not take the end of its stream is not waited for. */
const END_GRACE_MS = 2000;

/** Writes the head of an answer that goes on, and hands over the wire. A client that has left gets a stream that ends at once. */
export function writeEvents(
  response: ServerResponse,
  stream: EventStream,
  { requestId }: Pick<ReplyContext, 'requestId'>,
): void {
  const isOpen = () => !response.destroyed && !response.writableEnded;
  if (isOpen()) {
    response.writeHead(200, [...withDefaults(stream.headers), 'Hub-Request-Id', requestId]);
    response.flushHeaders();
  }
  stream.begin({
    write: (text, encoding) => !isOpen() || response.write(text, encoding),
    onDrain: (listener) => void response.on('drain', listener),
    end() {
      if (!isOpen()) return;
      response.end();
      const cut = setTimeout(() => response.destroy(), END_GRACE_MS).unref();
      response.on('close', () => clearTimeout(cut));
    },
    cut: () => void response.destroy(),
  });
}
