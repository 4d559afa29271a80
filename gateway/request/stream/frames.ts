import type { HttpAnswer } from '../exchange.ts';

/*
 * The wire of GraphQL over Server-Sent Events, distinct connections mode
 * (https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md).
 */

export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // nginx would keep events until it has a buffer full of them.
  'X-Accel-Buffering': 'no',
};

/** A comment. Sent first, since some browsers take a stream for open at its first byte only; then as the heartbeat. */
export const COMMENT = ':\n\n';

/** `data` stands there although it is empty: without it a browser's EventSource drops the event. */
export const COMPLETE = 'event: complete\ndata: \n\n';

/** A GraphQL result as one `next` event. */
export function nextFrame({ body }: Pick<HttpAnswer, 'body'>): string {
  // Outside its strings, where JSON has none, a line break means nothing; here it would end the event and begin another.
  return `event: next\ndata: ${/[\r\n]/.test(body) ? body.replaceAll(/[\r\n]+/g, ' ') : body}\n\n`;
}
