import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { openFrontDoor, OPERATOR_CREDENTIAL, refusalOf, speakRaw, type FrontDoor } from './frontDoor.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
beforeEach(() => {
  door.received.length = 0;
});
afterAll(() => door.server.close());

const QUERY = JSON.stringify({ query: '{ me { id } }' });
const get = (search: string, headers: Record<string, string> = {}) => fetch(`${door.url}${search}`, { headers });
const lastReceived = () => door.received.at(-1)!;

describe('a POST', () => {
  test('is received with its parameters, token, purpose, mode and language', async () => {
    const body = JSON.stringify({ query: 'query Q($a: Int) { a(a: $a) }', operationName: 'Q', variables: { a: 1 } });
    const response = await door.post(body, {
      authorization: 'Bearer abc.def.ghi',
      'hub-purpose': 'canteen-pricing',
      'hub-mode': 'reject',
      'accept-language': 'en-GB,en;q=0.9,fr;q=0.8',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('hub-request-id')).toBe(lastReceived().requestId);
    expect(lastReceived()).toMatchObject({
      method: 'POST',
      query: 'query Q($a: Int) { a(a: $a) }',
      operationName: 'Q',
      token: 'abc.def.ghi',
      purposeHeader: 'canteen-pricing',
      mode: 'reject',
      language: 'en',
      operator: false,
    });
    expect(lastReceived().variables).toEqual({ a: 1 });
    expect(lastReceived().requestId).toMatch(/^req_[\w-]{22}$/);
  });

  test('takes null for what may be left out', async () => {
    const body = JSON.stringify({ query: '{a}', operationName: null, variables: null, extensions: null });
    expect((await door.post(body)).status).toBe(200);
    expect(lastReceived()).toMatchObject({
      operationName: undefined,
      language: 'fr',
      mode: 'partial',
      token: undefined,
    });
  });

  test.each([
    ['no JSON', '{ "query', '400 HUB_REQUEST_MALFORMED'],
    ['nothing', '', '400 HUB_REQUEST_MALFORMED'],
    ['a string', '"{ me }"', '400 HUB_REQUEST_MALFORMED'],
    ['null', 'null', '400 HUB_REQUEST_MALFORMED'],
    ['a batch', `[${QUERY},${QUERY}]`, '400 HUB_REQUEST_BATCH_REFUSED'],
    ['an empty batch', '[]', '400 HUB_REQUEST_BATCH_REFUSED'],
    ['no query', '{"qeury":"{a}"}', '400 HUB_REQUEST_MALFORMED'],
    ['a query that is an array', '{"query":["{a}"]}', '400 HUB_REQUEST_MALFORMED'],
    ['a query that is a number', '{"query":1}', '400 HUB_REQUEST_MALFORMED'],
    ['variables that are an array', '{"query":"{a}","variables":[1]}', '400 HUB_REQUEST_MALFORMED'],
    ['variables that are text', '{"query":"{a}","variables":"{}"}', '400 HUB_REQUEST_MALFORMED'],
    ['an operationName that is no text', '{"query":"{a}","operationName":1}', '400 HUB_REQUEST_MALFORMED'],
    ['extensions that are no object', '{"query":"{a}","extensions":0}', '400 HUB_REQUEST_MALFORMED'],
    ['the same key twice', '{"query":"{a}","query":"{b}"}', '400 HUB_REQUEST_MALFORMED'],
    ['a key twice, once escaped', '{"query":"{a}","quer\\u0079":"{b}"}', '400 HUB_REQUEST_MALFORMED'],
    ['a key twice deep inside', '{"query":"{a}","variables":{"a":[{"b":1,"b":2}]}}', '400 HUB_REQUEST_MALFORMED'],
    [
      'nesting beyond the limit',
      `{"query":"{a}","variables":{"a":${'['.repeat(19)}${']'.repeat(19)}}}`,
      '400 HUB_REQUEST_MALFORMED',
    ],
    ['a byte order mark', '\ufeff{"query":"{a}"}', '400 HUB_REQUEST_MALFORMED'],
  ])('holding %s is refused', async (_name, body, refusal) => {
    expect(await refusalOf(await door.post(body))).toBe(refusal);
    expect(door.received).toEqual([]);
  });

  test('may hold colons, braces and escaped quotes in its texts', async () => {
    const variables = { a: 'x: {"y": [1]} \\', b: '\\"', 'c:d': '"' };
    expect((await door.post(JSON.stringify({ query: '{a}', variables }))).status).toBe(200);
    expect(lastReceived().variables).toEqual(variables);
  });

  test('that is not UTF-8 is refused, not mended', async () => {
    const body = Buffer.concat([
      Buffer.from('{"query":"{a}","operationName":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    expect(await refusalOf(await door.post(body))).toBe('400 HUB_REQUEST_MALFORMED');
  });

  test('cannot reach a prototype through a variable named __proto__ or constructor', async () => {
    const body = '{"query":"{a}","variables":{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}}';
    expect((await door.post(body)).status).toBe(200);
    const { variables } = lastReceived();
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect((variables as { admin?: boolean }).admin).toBeUndefined();
    expect(Object.keys(variables)).toEqual(['__proto__', 'constructor']);
  });

  test.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/json; charset=utf-32'],
    ['application/json; charset=utf-16le'],
    ['application/json; charset=unknown'],
    ['application/json, text/plain'],
    ['application/jsonx'],
  ])('of content type %s is refused', async (type) => {
    expect(await refusalOf(await door.post(QUERY, { 'content-type': type }))).toBe(
      '415 HUB_REQUEST_MEDIA_TYPE_UNSUPPORTED',
    );
  });

  test.each(['application/json; charset=UTF-8', 'Application/JSON;charset="utf-8"', 'application/json'])(
    'of content type %s is received',
    async (type) => {
      expect((await door.post(QUERY, { 'content-type': type })).status).toBe(200);
    },
  );

  test('that is compressed is refused before it is opened', async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000, 0x20));
    expect(await refusalOf(await door.post(bomb, { 'content-encoding': 'gzip' }))).toBe(
      '415 HUB_REQUEST_MEDIA_TYPE_UNSUPPORTED',
    );
  });

  test('of 60 MB gets its refusal instead of a broken pipe, and the hub lives', async () => {
    const response = await door.post(Buffer.alloc(60_000_000, 0x20));
    expect(await refusalOf(response)).toBe('413 HUB_REQUEST_TOO_LARGE');
    expect((await door.post(QUERY)).status).toBe(200);
  });

  test('that declares no length is counted', async () => {
    const chunk = `${(5000).toString(16)}\r\n${' '.repeat(5000)}\r\n`;
    const head =
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n';
    const answer = await speakRaw(door.port, [head, chunk, chunk, chunk, '0\r\n\r\n']);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(door.received).toEqual([]);
  });
});

describe('a GET', () => {
  const PREFLIGHT = { 'hub-preflight': '1' };
  const SEARCH = `?${new URLSearchParams({ query: 'query Q { me { id } }', variables: '{"a":1}', operationName: 'Q' })}`;

  test('is received with its parameters', async () => {
    expect((await get(SEARCH, PREFLIGHT)).status).toBe(200);
    expect(lastReceived()).toMatchObject({ method: 'GET', query: 'query Q { me { id } }', operationName: 'Q' });
    expect(lastReceived().variables).toEqual({ a: 1 });
  });

  test.each([
    ['no header a foreign page could not send', {}],
    ['an empty preflight header', { 'hub-preflight': '' }],
    ['a form content type', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['an odd content type beside the preflight header', { ...PREFLIGHT, 'content-type': 'message/http' }],
    ['a content type that only begins like JSON', { 'content-type': 'application/json+x' }],
  ])('with %s is refused', async (_name, headers) => {
    expect(await refusalOf(await get(SEARCH, headers as Record<string, string>))).toBe('403 HUB_REQUEST_CSRF_REFUSED');
  });

  test.each([
    ['Apollo’s preflight header', { 'apollo-require-preflight': 'true' }],
    ['content type JSON', { 'content-type': 'application/json' }],
  ])('with %s is received', async (_name, headers) => {
    expect((await get(SEARCH, headers as Record<string, string>)).status).toBe(200);
  });

  test.each([
    ['no query', '?variables={}'],
    ['the query twice', '?query={a}&query={b}'],
    ['variables that are no JSON', '?query={a}&variables={'],
    ['variables that are an array', '?query={a}&variables=[1]'],
  ])('with %s is refused', async (_name, search) => {
    expect(await refusalOf(await get(search, PREFLIGHT))).toBe('400 HUB_REQUEST_MALFORMED');
  });
});

describe('negotiation', () => {
  test.each([
    ['application/json', 'application/json'],
    ['application/graphql-response+json', 'application/graphql-response+json'],
    ['*/*', 'application/graphql-response+json'],
    ['application/*;q=0.5', 'application/graphql-response+json'],
    ['application/json, application/graphql-response+json;q=0.9', 'application/json'],
    ['application/graphql-response+json;q=0, */*', 'application/json'],
    [
      'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
      'application/graphql-response+json',
    ],
    ['text/html, application/json;q=0.1', 'application/json'],
  ])('of Accept %s gives %s', async (accept, type) => {
    const response = await door.post(QUERY, { accept });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
  });

  test('without Accept gives what the specification asks since 2025', async () => {
    const answer = await speakRaw(door.port, [
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${QUERY.length}\r\nConnection: close\r\n\r\n${QUERY}`,
    ]);
    expect(answer).toMatch(/Content-Type: application\/graphql-response\+json/);
  });

  test.each(['text/html', 'application/xml', 'application/json;q=0', 'application/json;charset=utf-16', ''])(
    'of Accept "%s" is impossible',
    async (accept) => {
      expect(await refusalOf(await door.post(QUERY, { accept }))).toBe('406 HUB_REQUEST_NOT_ACCEPTABLE');
    },
  );

  test.each([
    ['fr', 'fr'],
    ['en', 'en'],
    ['de', 'fr'],
    ['en;q=0.5, fr;q=0.5', 'fr'],
    ['en-US, fr;q=0.9', 'en'],
    ['fr-CH, en;q=0.9', 'fr'],
  ])('of Accept-Language %s speaks %s', async (header, language) => {
    await door.post(QUERY, { 'accept-language': header });
    expect(lastReceived().language).toBe(language);
  });
});

describe('who asks', () => {
  test('is an operator only with the whole credential', async () => {
    for (const credential of [OPERATOR_CREDENTIAL.slice(0, -1), `${OPERATOR_CREDENTIAL}x`, 'x']) {
      await door.post(QUERY, { 'hub-operator': credential });
      expect(lastReceived().operator).toBe(false);
    }
    await door.post(QUERY, { 'hub-operator': OPERATOR_CREDENTIAL });
    expect(lastReceived().operator).toBe(true);
  });

  test('is never an operator of a hub that has no credential', async () => {
    const unconfigured = await openFrontDoor({ operatorCredential: undefined });
    await unconfigured.post(QUERY, { 'hub-operator': 'undefined' });
    expect(unconfigured.received[0]!.operator).toBe(false);
    await unconfigured.server.close();
  });

  test('may not run dry without being an operator', async () => {
    expect(await refusalOf(await door.post(QUERY, { 'hub-mode': 'dry-run' }))).toBe('400 HUB_REQUEST_MODE_UNKNOWN');
    const headers = { 'hub-mode': 'dry-run', 'hub-operator': OPERATOR_CREDENTIAL };
    expect((await door.post(QUERY, headers)).status).toBe(200);
    expect(lastReceived().mode).toBe('dry-run');
  });

  test('may not invent a mode', async () => {
    expect(await refusalOf(await door.post(QUERY, { 'hub-mode': 'everything' }))).toBe('400 HUB_REQUEST_MODE_UNKNOWN');
  });

  test('presents no token with another scheme, and a strange one with ours', async () => {
    await door.post(QUERY, { authorization: 'Basic YTpi' });
    expect(lastReceived().token).toBeUndefined();
    await door.post(QUERY, { authorization: 'bearer  a b' });
    expect(lastReceived().token).toBe('a b');
  });

  test.each(['Authorization: Bearer b', 'Hub-Operator: b', 'Content-Type: text/plain'])(
    'may not say twice: %s',
    async (line) => {
      const name = line.split(':')[0]!;
      const first = name === 'Content-Type' ? '' : `${name}: Bearer a\r\n`;
      const answer = await speakRaw(door.port, [
        `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${first}${line}\r\nContent-Length: ${QUERY.length}\r\nConnection: close\r\n\r\n${QUERY}`,
      ]);
      expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*HUB_REQUEST_MALFORMED/);
    },
  );
});

test('the words of a refusal hold nothing of what was sent', async () => {
  const response = await door.post('{"query":"{a}","variables":{"nir":"1850575123456"');
  const text = await response.text();
  expect(text).not.toContain('1850575123456');
  expect(JSON.stringify(door.logged)).not.toContain('1850575123456');
  expect(JSON.parse(text)).toEqual({
    errors: [
      {
        message: 'Requête illisible.',
        extensions: {
          code: 'HUB_REQUEST_MALFORMED',
          remedy: 'Envoyez un objet JSON { query, variables, operationName }.',
          requestId: response.headers.get('hub-request-id'),
        },
      },
    ],
    extensions: { requestId: response.headers.get('hub-request-id') },
  });
});
