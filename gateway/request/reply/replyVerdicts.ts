import type { HttpAnswer, ReplyContext } from '../exchange.ts';
import { HEADERS } from './reply.ts';

/** The answer of a dry run: a verdict for every field in place of data, which nobody was asked for. */
export function replyVerdicts(verdicts: readonly object[], { requestId, responseType }: ReplyContext): HttpAnswer {
  const body = JSON.stringify({ data: null, extensions: { verdicts, requestId } });
  return { status: 200, headers: HEADERS[responseType], body, encoding: 'utf8' };
}
