import { afterEach, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import type { Received } from '../../../gateway/request/exchange.ts';
import { OK, openFrontDoor, refusalOf, speakRaw, type FrontDoor } from './frontDoor.ts';

const QUERY = JSON.stringify({ query: '{ me { id } }' });
const HEAD = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${QUERY.length}\r\n`;

const doors: FrontDoor[] = [];
async function open(...options: Parameters<typeof openFrontDoor>): Promise<FrontDoor> {
  const door = await openFrontDoor(...options);
  doors.push(door);
  return door;
}
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.server.close()));
});

describe('addresses', () => {
  const health = () => ({ ...OK, body: '{"status":"ok"}' });

  test('other than /graphql and the routes given are unknown', async () => {
    const { port } = await open({}, { routes: new Map([['/health', health]]) });
    const at = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });
    expect(await (await at('/health')).text()).toBe('{"status":"ok"}');
    expect(await (await at('/health', 'HEAD')).text()).toBe('');
    expect(await refusalOf(await at('/health', 'POST'))).toBe('405 HUB_REQUEST_METHOD_NOT_ALLOWED');
    for (const path of ['/', '/graphql/', '/GraphQL', '/health/x', '/../etc/passwd']) {
      expect(await refusalOf(await at(path))).toBe('404 HUB_REQUEST_NOT_FOUND');
    }
  });

  test('take GET and POST alone at /graphql, and say so', async () => {
    const { url } = await open();
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await fetch(url, { method });
      expect(response.headers.get('allow')).toBe('GET, POST');
      expect(await refusalOf(response)).toBe('405 HUB_REQUEST_METHOD_NOT_ALLOWED');
    }
  });

  test('offer every request to the pages first, and go on where they leave it alone', async () => {
    const { url } = await open(
      {},
      {
        pages: (request, response) => {
          if (!request.headers.accept?.includes('text/html')) return false;
          response.end('<html>');
          return true;
        },
      },
    );
    const asBrowser = await fetch(url, { headers: { accept: 'text/html,application/xml;q=0.9,*/*;q=0.8' } });
    expect(await asBrowser.text()).toBe('<html>');
    expect(await refusalOf(await fetch(url))).toBe('403 HUB_REQUEST_CSRF_REFUSED');
  });
});

test('every answer forbids caches, framing and guessing at its type', async () => {
  const door = await open();
  for (const response of [
    await door.post(QUERY),
    await door.post('x'),
    await fetch(`http://127.0.0.1:${door.port}/x`),
  ]) {
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(response.headers.get('hub-request-id')).toMatch(/^req_/);
    expect(response.headers.get('x-powered-by')).toBeNull();
  }
});

describe('time', () => {
  test('a body that comes too slowly is answered 408 and hung up on', async () => {
    const door = await open({ requestTimeoutMs: 200, headersTimeoutMs: 200 });
    const answer = await speakRaw(door.port, [`${HEAD}\r\n`, ...QUERY], 40);
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*Connection: close[\s\S]*HUB_REQUEST_TIMEOUT/);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(door.received).toEqual([]);
  });

  test('headers that come too slowly are answered 408', async () => {
    const door = await open({ requestTimeoutMs: 200, headersTimeoutMs: 200 });
    const answer = await speakRaw(door.port, ['POST /graphql HTTP/1.1\r\n', ...'X-Slow: aaaaaaaaaaaa'], 40);
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*HUB_REQUEST_TIMEOUT/);
  });

  test('a connection with nothing asked is closed', async () => {
    const door = await open({ keepAliveTimeoutMs: 100 });
    const answer = await speakRaw(door.port, [`${HEAD}\r\n${QUERY}`]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('the wire', () => {
  test.each([
    [
      'a flood of headers',
      `GET /graphql HTTP/1.1\r\nHost: x\r\n${'X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(2000)}\r\n`,
      413,
    ],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['two lengths', 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd', 400],
    [
      'length and chunks',
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['no host', 'GET /graphql HTTP/1.1\r\n\r\n', 400],
  ])('with %s is refused', async (_name, bytes, status) => {
    const door = await open();
    expect(await speakRaw(door.port, [bytes])).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await door.post(QUERY)).status).toBe(200);
  });

  test('gives no second answer to garbage behind a request under way', async () => {
    let finish = () => {};
    const door = await open({}, { onGraphql: () => new Promise((resolve) => (finish = () => resolve(OK))) });
    const answer = speakRaw(door.port, [`${HEAD}\r\n${QUERY}`, 'garbage\r\n\r\n'], 20);
    setTimeout(() => finish(), 100);
    expect(await answer).toBe('');
  });

  test('holds at most as many connections as configured', async () => {
    const door = await open({ maxConnections: 1 });
    const first = connect(door.port, '127.0.0.1');
    await new Promise((resolve) => first.once('connect', resolve));
    expect(await speakRaw(door.port, [`${HEAD}\r\n${QUERY}`])).toBe('');
    first.destroy();
  });
});

test('a client that leaves aborts its request, and leaves no fault in the log', async () => {
  let aborted: Promise<void> | undefined;
  const door = await open(
    {},
    {
      onGraphql: (received: Received) => {
        aborted = new Promise((resolve) => received.signal.addEventListener('abort', () => resolve()));
        client.abort();
        return aborted.then(() => Promise.reject(new Error('broken off')));
      },
    },
  );
  const client = new AbortController();
  const request = fetch(door.url, {
    method: 'POST',
    body: QUERY,
    headers: { 'content-type': 'application/json' },
    signal: client.signal,
  });
  await expect(request).rejects.toThrow();
  await aborted;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(door.logged).toEqual([]);
});

test('a request that is answered is not aborted', async () => {
  const door = await open();
  await (await door.post(QUERY)).text();
  expect(door.received[0]!.signal.aborted).toBe(false);
});

test('a defect is answered in our words, without its own', async () => {
  const door = await open({}, { onGraphql: () => Promise.reject(new Error('Dupont lives at 3 rue des Lilas')) });
  const response = await door.post(QUERY);
  const text = await response.text();
  expect([response.status, text.includes('HUB_INTERNAL'), text.includes('Dupont')]).toEqual([500, true, false]);
});

test.each([
  [
    'a page',
    {
      pages: () => {
        throw new Error('page');
      },
    },
  ],
  [
    'the words for a fault',
    {
      onGraphql: () => {
        throw new Error('step');
      },
      onFault: () => {
        throw new Error('words');
      },
    },
  ],
  ['an answer that is no HTTP', { onGraphql: () => ({ ...OK, headers: { 'X-A': 'a\r\nX-B: b' } }) }],
])('a defect in %s ends that request, not the process', async (_name, parts) => {
  const door = await open({}, parts);
  const outcome = await door.post(QUERY).then(
    (response) => response.status,
    () => 'hung up',
  );
  expect([500, 'hung up']).toContain(outcome);
  expect(await speakRaw(door.port, ['GET // HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'])).not.toMatch(
    /^HTTP\/1\.1 200/,
  );
});

describe('closing', () => {
  test('lets an answer under way leave, takes no other on that connection, and ends', async () => {
    let asked = 0;
    let finish = () => {};
    const onGraphql = () => {
      asked += 1;
      return new Promise<typeof OK>((resolve) => (finish = () => resolve(OK)));
    };
    const door = await open({}, { onGraphql });
    const answer = speakRaw(door.port, [`${HEAD}\r\n${QUERY}`, `${HEAD}\r\n${QUERY}`], 100);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = door.server.close();
    setTimeout(() => finish(), 150);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*Connection: close[\s\S]*"ok":true\}\}$/);
    expect(asked).toBe(1);
    await closed;
    await expect(door.post(QUERY)).rejects.toThrow();
  });

  test('answers 503 to a request that was still arriving', async () => {
    const door = await open();
    const answer = speakRaw(door.port, [HEAD, `\r\n${QUERY}`], 100);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = door.server.close();
    expect(await answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*Retry-After: 2[\s\S]*Connection: close[\s\S]*HUB_NOT_READY/);
    expect(door.received).toEqual([]);
    await closed;
  });

  test('cuts what does not end within the grace', async () => {
    const door = await open({ closeGraceMs: 100 }, { onGraphql: () => new Promise(() => {}) });
    const answer = speakRaw(door.port, [`${HEAD}\r\n${QUERY}`]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const startedAt = performance.now();
    await door.server.close();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(await answer).toBe('');
  });
});
