import { describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { AgencyId } from '../../../gateway/platform/ids.ts';
import { json, openAgency, openRawAgency } from './hostileAgency.ts';
import { ask, BODY, connectTo, FAMILY, faultOf, GOOD, opened, useSetting } from './setting.ts';

useSetting();

const BOMB = gzipSync(Buffer.alloc(50_000_000));

describe('an agency that answers wrongly gives an invalid answer', () => {
  test.each<[string, Parameters<typeof openAgency>[0]]>([
    [
      'HTML with status 500',
      (response) => response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Traceback</h1>'),
    ],
    ['status 400', (response) => response.writeHead(400, { 'content-type': 'application/json' }).end('{"errors":[]}')],
    ['HTML with status 200', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    ['JSON without a type', (response) => response.writeHead(200).end(GOOD)],
    ['nothing', (response) => json(response, '')],
    ['gzip', (response) => json(response, gzipSync(GOOD), { 'content-encoding': 'gzip' })],
    ['an encoding that it says and does not use', (response) => json(response, GOOD, { 'content-encoding': 'gzip' })],
    ['a gzip bomb', (response) => json(response, BOMB, { 'content-encoding': 'gzip' })],
    ['bytes that are no UTF-8', (response) => json(response, Buffer.from([0x7b, 0xff, 0x7d]))],
    ['10 MB with their length', (response) => json(response, Buffer.alloc(10_000_000, 0x20))],
    [
      '10 MB in pieces',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        for (let piece = 0; piece < 10; piece += 1) response.write(Buffer.alloc(1_000_000, 0x20));
        response.end();
      },
    ],
  ])('with %s', async (_name, answer) => {
    const agency = await openAgency(answer);
    const { agencies, outcomes, retries } = connectTo(agency, {}, 10_000);
    const fault = await faultOf(ask(agencies));
    expect([fault.kind, outcomes, retries()]).toEqual(['INVALID_ANSWER', ['INVALID_ANSWER'], 0]);
    expect(fault.message).not.toMatch(/Traceback|html/);
  });

  test('with a redirect, which nobody follows', async () => {
    const elsewhere = await openAgency((response) => json(response, GOOD));
    opened.push(elsewhere);
    for (const status of [301, 302, 303, 307, 308]) {
      const agency = await openAgency((response) => response.writeHead(status, { location: elsewhere.url }).end());
      expect((await faultOf(ask(connectTo(agency).agencies))).kind).toBe('INVALID_ANSWER');
    }
    expect(elsewhere.requests).toEqual([]);
  });

  test('with bytes that are no HTTP', async () => {
    const agency = await openRawAgency((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    expect((await faultOf(ask(connectTo(agency).agencies))).kind).toBe('INVALID_ANSWER');
  });

  test('and closes itself to nobody by it', async () => {
    const agency = await openAgency((response, nth) => (nth <= 20 ? json(response, '') : json(response, GOOD)));
    const { agencies } = connectTo(agency);
    for (let nth = 0; nth < 20; nth += 1) await faultOf(ask(agencies));
    expect(await ask(agencies)).toBe(GOOD);
  });
});

describe('an agency that does not answer is unavailable', () => {
  test('when nobody listens', async () => {
    const agency = await openAgency((response) => json(response, GOOD));
    const { agencies } = connectTo(agency);
    await agency.close();
    expect((await faultOf(ask(agencies))).kind).toBe('UNAVAILABLE');
  });

  test('when it hangs, after its own time and not before', async () => {
    const agency = await openAgency(() => {});
    const { agencies, logged } = connectTo(agency, {}, 150);
    const startedAt = performance.now();
    expect((await faultOf(ask(agencies))).kind).toBe('UNAVAILABLE');
    expect(performance.now() - startedAt).toBeGreaterThan(140);
    expect(performance.now() - startedAt).toBeLessThan(900);
    expect(logged).toEqual([{ agency: FAMILY, kind: 'UNAVAILABLE', detail: 'no answer within 150 ms' }]);
  });

  test('when it drips: each byte resets no clock', async () => {
    const agency = await openAgency((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    const { agencies } = connectTo(agency, {}, 200);
    const startedAt = performance.now();
    expect((await faultOf(ask(agencies))).kind).toBe('UNAVAILABLE');
    expect(performance.now() - startedAt).toBeLessThan(900);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(agency.closedSockets()).toBe(1);
  });

  test('when it resets the connection, or breaks its answer off', async () => {
    for (const speak of [
      (socket: { resetAndDestroy(): void }) => socket.resetAndDestroy(),
      (socket: { end(bytes: string): void }) =>
        socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"data":{"m'),
    ]) {
      const agency = await openRawAgency(speak);
      const { agencies, retries } = connectTo(agency);
      expect((await faultOf(ask(agencies))).kind).toBe('UNAVAILABLE');
      expect(retries()).toBe(2);
    }
  });

  test('when it refuses the grant: a defect, logged as one, that closes it to nobody', async () => {
    for (const status of [401, 403]) {
      const agency = await openAgency((response) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end('{}'),
      );
      const { agencies, logged, retries } = connectTo(agency);
      for (let nth = 0; nth < 10; nth += 1) expect((await faultOf(ask(agencies))).message).toBe(`status ${status}`);
      expect(retries()).toBe(0);
      expect(logged[0]).toMatchObject({ level: 'error', agency: FAMILY });
    }
  });

  test('until the moment it names', async () => {
    const agency = await openAgency((response) => response.writeHead(503, { 'retry-after': '7' }).end());
    const { agencies, retries } = connectTo(agency);
    expect(await faultOf(ask(agencies))).toMatchObject({ kind: 'UNAVAILABLE', retryAfterSeconds: 7 });
    expect(retries()).toBe(0);
  });

  test('when no address is configured for it', async () => {
    const agency = await openAgency((response) => json(response, GOOD));
    const { agencies } = connectTo(agency);
    const signal = new AbortController().signal;
    const asked = agencies.send('constructor' as AgencyId, BODY, { kind: 'query', signal });
    expect((await faultOf(asked)).kind).toBe('UNAVAILABLE');
  });
});
