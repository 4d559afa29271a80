import { describe, expect, test } from '@jest/globals';
import { ERROR_CODES, type HubErrorCode } from '../../../schema/errorCodes.ts';
import { HubError } from '../../../gateway/platform/errors.ts';
import type { Recorded, ReplyContext } from '../../../gateway/request/exchange.ts';
import { reply } from '../../../gateway/request/reply/reply.ts';
import { createReplyFault } from '../../../gateway/request/reply/replyFault.ts';

const REQUEST_ID = 'req_test' as ReplyContext['requestId'];
const recorded = (
  data: string,
  errors: Recorded['errors'] = [],
  responseType: Recorded['responseType'] = 'application/json',
) => ({ data, errors, responseType, requestId: REQUEST_ID }) as Recorded;

describe('reply', () => {
  test('passes the data’s text on as it stands', () => {
    const data = '{"me": {"a":1.0,"b":"\\u00e9é","a":2}}';
    expect(reply(recorded(data)).body).toBe(`{"data":${data}}`);
  });

  test('puts errors behind the data, with the request id', () => {
    const answer = reply(
      recorded('{"a":null}', [{ message: 'Champ refusé.', path: ['a', 0], extensions: { code: 'X' } }]),
    );
    expect(JSON.parse(answer.body)).toEqual({
      data: { a: null },
      errors: [{ message: 'Champ refusé.', path: ['a', 0], extensions: { code: 'X' } }],
      extensions: { requestId: REQUEST_ID },
    });
  });

  test.each(['application/json', 'application/graphql-response+json'] as const)(
    'is 200 in %s also when nothing but errors is left',
    (responseType) => {
      const answer = reply(recorded('null', [{ message: 'x', extensions: {} }], responseType));
      expect(answer.status).toBe(200);
      expect(answer.headers['Content-Type']).toBe(`${responseType}; charset=utf-8`);
    },
  );
});

interface Logged {
  readonly level: string;
  readonly facts: Record<string, unknown>;
}

function replyFaultWithLog() {
  const logged: Logged[] = [];
  const replyFault = createReplyFault({
    error: (facts) => logged.push({ level: 'error', facts: facts as Record<string, unknown> }),
    info: (facts) => logged.push({ level: 'info', facts: facts as Record<string, unknown> }),
  });
  return { replyFault, logged };
}

const context = (changes: Partial<ReplyContext> = {}): ReplyContext => ({
  requestId: REQUEST_ID,
  language: 'en',
  responseType: 'application/graphql-response+json',
  ...changes,
});

describe('a fault', () => {
  test.each(Object.keys(ERROR_CODES) as HubErrorCode[])(
    '%s is answered in both languages with text and remedy',
    (code) => {
      const { replyFault } = replyFaultWithLog();
      for (const language of ['fr', 'en'] as const) {
        const answer = replyFault(new HubError(code), context({ language }));
        const body = JSON.parse(answer.body) as { data?: null; errors: { message: string; extensions: object }[] };
        expect(answer.status).toBe(ERROR_CODES[code].status);
        expect(body.errors).toEqual([
          {
            message: ERROR_CODES[code].message[language],
            extensions: { code, remedy: ERROR_CODES[code].remedy[language], requestId: REQUEST_ID },
          },
        ]);
        // Without data the status must not be 200, with data it must be: GraphQL over HTTP.
        expect('data' in body).toBe(answer.status === 200);
      }
    },
  );

  test('of the operation is 200 in application/json, and any other keeps its status', () => {
    const { replyFault } = replyFaultWithLog();
    const statusOf = (code: HubErrorCode) =>
      replyFault(new HubError(code), context({ responseType: 'application/json' })).status;
    expect(statusOf('HUB_OPERATION_SYNTAX')).toBe(200);
    expect(statusOf('HUB_OPERATION_TOO_COMPLEX')).toBe(200);
    expect(statusOf('HUB_OPERATION_METHOD_NOT_ALLOWED')).toBe(405);
    expect(statusOf('HUB_REQUEST_MALFORMED')).toBe(400);
    expect(statusOf('HUB_TOKEN_EXPIRED')).toBe(401);
    expect(statusOf('HUB_AUDIT_UNAVAILABLE')).toBe(503);
  });

  test('shows the facts it was given, and its places where GraphQL puts them', () => {
    const { replyFault } = replyFaultWithLog();
    const locations = [{ line: 1, column: 3 }];
    const fault = new HubError('HUB_OPERATION_TOO_COMPLEX', {
      extensions: { limit: 'depth', limitValue: 12, locations },
    });
    const [error] = (JSON.parse(replyFault(fault, context()).body) as { errors: object[] }).errors;
    expect(error).toMatchObject({ locations, extensions: { limit: 'depth', limitValue: 12 } });
    expect(error).not.toHaveProperty('extensions.locations');
  });

  test('cannot be given another code or request id by its facts', () => {
    const { replyFault } = replyFaultWithLog();
    const fault = new HubError('HUB_OPERATION_SYNTAX', { extensions: { requestId: 'other' } });
    expect(JSON.parse(replyFault(fault, context()).body)).toHaveProperty('errors.0.extensions.requestId', REQUEST_ID);
  });

  test.each([
    ['HUB_TOKEN_MISSING', 'WWW-Authenticate', 'Bearer realm="trait-dunion"'],
    ['HUB_TOKEN_EXPIRED', 'WWW-Authenticate', 'Bearer realm="trait-dunion", error="invalid_token"'],
    ['HUB_LEDGER_UNAVAILABLE', 'Retry-After', '2'],
    ['HUB_REQUEST_METHOD_NOT_ALLOWED', 'Allow', 'GET, POST'],
    ['HUB_OPERATION_METHOD_NOT_ALLOWED', 'Allow', 'POST'],
  ] as const)('%s carries %s', (code, header, value) => {
    const { replyFault } = replyFaultWithLog();
    expect(replyFault(new HubError(code), context()).headers[header]).toBe(value);
  });

  test('that is a defect shows and logs nothing of its message, and logs where it was thrown', () => {
    const { replyFault, logged } = replyFaultWithLog();
    const answer = replyFault(new TypeError('cannot read DUPONT of 1850575123456'), context());
    expect(answer.status).toBe(500);
    expect(answer.body).toContain('HUB_INTERNAL');
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({
      level: 'error',
      facts: { requestId: REQUEST_ID, defect: { name: 'TypeError' } },
    });
    expect(JSON.stringify(logged)).toContain('reply.test.ts');
    expect(answer.body + JSON.stringify(logged)).not.toMatch(/DUPONT|1850575123456/);
  });

  test.each([undefined, null, 'text', 42])('that is %p is a defect like any other', (thrown) => {
    const { replyFault } = replyFaultWithLog();
    expect(replyFault(thrown, context()).status).toBe(500);
  });

  test('keeps its detail for the log', () => {
    const { replyFault, logged } = replyFaultWithLog();
    const answer = replyFault(new HubError('HUB_TOKEN_INVALID', { detail: 'alg' }), context());
    expect(answer.body).not.toContain('alg');
    expect(logged).toEqual([
      { level: 'info', facts: { requestId: REQUEST_ID, code: 'HUB_TOKEN_INVALID', detail: 'alg' } },
    ]);
  });
});
