import { describe, expect, test } from '@jest/globals';
import type { Socket } from 'node:net';
import { readPlainHead } from '../../../gateway/request/fetch/upstream/plainHead.ts';
import { openRawAgency } from './hostileAgency.ts';
import { ask, connectTo, faultOf, GOOD, useSetting } from './setting.ts';

useSetting();

const HEAD = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(GOOD)}\r\n\r\n`;
const ANSWER = HEAD + GOOD;

/** An agency that says `speeches[n]` to the nth question of each connection, in as many pieces as there are. */
const openTalker = (...speeches: readonly (readonly string[])[]) =>
  openRawAgency((socket: Socket) => {
    let nth = 0;
    const speak = async () => {
      for (const piece of speeches[Math.min(nth++, speeches.length - 1)]!) {
        socket.write(piece);
        await pause(15);
      }
    };
    socket.on('data', () => void speak());
    void speak();
  });

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a plain answer', () => {
  test('is read, question after question, on one connection', async () => {
    const agency = await openTalker([ANSWER]);
    const { agencies } = connectTo(agency);
    for (let nth = 0; nth < 5; nth += 1) {
      expect(await ask(agencies)).toBe(GOOD);
      await pause(5);
    }
    expect(agency.requests).toHaveLength(1);
    expect([agency.openSockets(), agency.closedSockets()]).toEqual([1, 0]);
  });

  test('may come in pieces, cut inside a character and inside the head', async () => {
    const bytes = Buffer.from(ANSWER).toString('latin1');
    for (const cut of [10, HEAD.length - 1, HEAD.length, HEAD.length + 3, bytes.indexOf('Zo') + 3]) {
      const agency = await openRawAgency((socket) => {
        socket.write(bytes.slice(0, cut), 'latin1');
        setTimeout(() => socket.write(bytes.slice(cut), 'latin1'), 15);
      });
      expect(await ask(connectTo(agency).agencies)).toBe(GOOD);
    }
  });

  test('that breaks off is no answer', async () => {
    const agency = await openRawAgency((socket) => socket.end(ANSWER.slice(0, -3)));
    expect((await faultOf(ask(connectTo(agency).agencies, 'mutation'))).kind).toBe('UNAVAILABLE');
  });

  test('is followed by nothing that the next question could take for its own', async () => {
    for (const surplus of [
      [ANSWER + ANSWER],
      [ANSWER, HEAD + '{"data":{"me":null}}'],
      [HEAD + GOOD.slice(0, 9), GOOD.slice(9) + ANSWER],
    ]) {
      const agency = await openTalker(surplus);
      const { agencies } = connectTo(agency);
      expect(await ask(agencies, 'mutation')).toBe(GOOD);
      for (let tries = 0; agency.openSockets() > 0 && tries < 100; tries += 1) await pause(10);
      expect(agency.openSockets()).toBe(0);
      expect(await ask(agencies, 'mutation')).toBe(GOOD);
    }
  });
});

describe('an answer that is not plain', () => {
  test('is read all the same, after plain ones and before them', async () => {
    const chunked = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`;
    const chunks = `${Buffer.byteLength(GOOD).toString(16)}\r\n${GOOD}\r\n0\r\n\r\n`;
    const agency = await openTalker([ANSWER], [chunked, chunks]);
    const { agencies, retries } = connectTo(agency);
    for (let nth = 0; nth < 5; nth += 1) {
      expect(await ask(agencies, 'mutation')).toBe(GOOD);
      await pause(5);
    }
    expect(retries()).toBe(0);
  });

  test('ends with the connection when it names no length', async () => {
    const agency = await openRawAgency((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n${GOOD.slice(0, 5)}`);
      setTimeout(() => socket.end(GOOD.slice(5)), 15);
    });
    expect(await ask(connectTo(agency).agencies)).toBe(GOOD);
  });
});

test.each([
  ['another version', 'HTTP/1.0 200 OK'],
  ['another status', 'HTTP/1.1 201 Created'],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2'],
  ['a length that is no number', 'HTTP/1.1 200 OK\r\ncontent-length: +2'],
  ['a transfer coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked'],
  ['a transfer coding beside a length', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked'],
  ['an encoding', 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip'],
  ['a header over two lines', 'HTTP/1.1 200 OK\r\nx: y\r\n z'],
  ['a line feed alone', 'HTTP/1.1 200 OK\r\nx: y\ntransfer-encoding: chunked'],
  ['a closing connection', 'HTTP/1.1 200 OK\r\nconnection: close'],
  ['a byte that no header holds', 'HTTP/1.1 200 OK\r\nx: \0'],
  ['two content types', 'HTTP/1.1 200 OK\r\ncontent-type: application/json'],
])('a head with %s is not plain', (_what, start) => {
  const rest = 'content-length: 5\r\ncontent-type: application/json\r\n\r\n{"a"}';
  const bytes = Buffer.from(`${start}\r\n${rest}`, 'latin1');
  expect(readPlainHead(bytes, bytes.length)).toBeUndefined();
  const plain = Buffer.from(`HTTP/1.1 200 OK\r\n${rest}`, 'latin1');
  expect(readPlainHead(plain, plain.length)).toEqual({
    end: plain.length - 5,
    bodyBytes: 5,
    keepAliveSeconds: undefined,
  });
});
