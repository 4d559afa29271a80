import { describe, expect, it } from '@jest/globals';
import { parseRequest } from '../../../scripts/bench/agencies/httpServer.ts';
import { createReplyReader, type LoadReply } from '../../../scripts/bench/load/connection.ts';

describe('the bare server of static agencies', () => {
  it('waits for a whole body, then takes exactly that much of a pipelined stream', () => {
    const first = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd';
    expect(parseRequest(first.slice(0, -1))).toBeUndefined();
    expect(parseRequest(`${first}GET /health HTTP/1.1\r\n\r\n`)).toEqual({
      method: 'POST',
      path: '/graphql',
      body: 'abcd',
      end: first.length,
    });
  });

  it('reads a chunked body', () => {
    const text = 'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
    expect(parseRequest(text.slice(0, -2))).toBeUndefined();
    expect(parseRequest(text)).toMatchObject({ body: 'abcde', end: text.length });
  });
});

describe('the load generator', () => {
  const readAll = (...reads: string[]): (LoadReply | undefined)[] => {
    const reader = createReplyReader(true);
    return reads.map((text) => reader.read(Buffer.from(text, 'latin1'), text.length));
  };

  it('reads a reply by its length, however it is cut', () => {
    expect(readAll('HTTP/1.1 200 OK\r\nContent-Le', 'ngth: 5\r\n\r\nab', 'cde')).toEqual([
      undefined,
      undefined,
      { status: 200, bodyBytes: 5, body: 'abcde' },
    ]);
  });

  it('reads a chunked reply, however it is cut', () => {
    expect(readAll('HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na', 'bc\r\n0\r\n', '\r\n')).toEqual([
      undefined,
      undefined,
      { status: 400, bodyBytes: 3, body: 'abc' },
    ]);
  });

  it('reads a reply without a body', () => {
    expect(readAll('HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n')).toEqual([
      { status: 204, bodyBytes: 0, body: '' },
    ]);
  });
});
