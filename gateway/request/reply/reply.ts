import type { Asker, HttpAnswer, Recorded, ReplyContext } from '../exchange.ts';

/**
 * The last step: a recorded result as an HTTP answer. The data's text goes out as the projector wrote it and is never parsed
 * again. The status is 200 also when some or all of the data is null beside `errors` (GraphQL over HTTP, "Status Codes").
 */
export function reply(recorded: Recorded<Asker>): HttpAnswer {
  return answerData(recorded);
}

/** The answer with data, also of the way without protection, which has no records. */
export function answerData({
  data,
  errors,
  requestId,
  responseType,
}: Pick<Recorded, 'data' | 'errors' | 'requestId' | 'responseType'>): HttpAnswer {
  const body =
    errors.length === 0
      ? `{"data":${data}}`
      : `{"data":${data},"errors":${JSON.stringify(errors)},"extensions":{"requestId":"${requestId}"}}`;
  return { status: 200, headers: HEADERS[responseType], body, encoding: 'utf8' };
}

/** By media type; the same objects for every answer. */
export const HEADERS: Readonly<Record<ReplyContext['responseType'], Readonly<Record<string, string>>>> = {
  'application/graphql-response+json': { 'Content-Type': 'application/graphql-response+json; charset=utf-8' },
  'application/json': { 'Content-Type': 'application/json; charset=utf-8' },
};
