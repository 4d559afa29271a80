import { afterEach, describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { AgencyId } from '../../../gateway/platform/ids.ts';
import { AgencyFault } from '../../../gateway/request/fetch/agencyPort.ts';
import {
  createAgencies,
  type Agencies,
  type AgenciesOptions,
  type AskOutcome,
} from '../../../gateway/request/fetch/upstream/agencies.ts';
import { json, openAgency, openRawAgency, type HostileAgency } from './hostileAgency.ts';

const FAMILY = 'family' as AgencyId;
const GOOD = '{"data":{"me":{"name":"Zoé"}}}';
const BODY = '{"query":"{ me { name } }","variables":{}}';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((entry) => entry.close()));
});

interface Setting {
  readonly agencies: Agencies;
  readonly outcomes: AskOutcome[];
  readonly retries: () => number;
  readonly logged: object[];
}

function connectTo(agency: HostileAgency, options: Partial<AgenciesOptions> = {}, timeoutMs = 1000): Setting {
  const outcomes: AskOutcome[] = [];
  const logged: object[] = [];
  let retries = 0;
  const agencies = createAgencies({
    http: { [FAMILY]: { url: agency.url, timeoutMs } },
    random: () => 0,
    log: { warn: (facts) => logged.push(facts), error: (facts) => logged.push({ ...facts, level: 'error' }) },
    metrics: { onAsked: (_agency, outcome) => outcomes.push(outcome), onRetry: () => (retries += 1) },
    ...options,
  });
  opened.push(agency, agencies);
  return { agencies, outcomes, retries: () => retries, logged };
}

const ask = (agencies: Agencies, kind: 'query' | 'mutation' = 'query', signal = new AbortController().signal) =>
  agencies.send(FAMILY, BODY, { kind, signal });

/** Kind and detail of the fault; a test fails when there is none, or when it is of another class. */
async function faultOf(asked: Promise<string>): Promise<AgencyFault> {
  const fault = await asked.then(
    () => new Error('answered'),
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(AgencyFault);
  return fault as AgencyFault;
}

describe('an agency that answers', () => {
  test('is asked in JSON, with nothing of the client and no encoding, and heard as text', async () => {
    const agency = await openAgency((response) => json(response, GOOD));
    const { agencies, outcomes } = connectTo(agency);
    expect(await ask(agencies)).toBe(GOOD);
    expect(agency.requests[0]!.body).toBe(BODY);
    expect(Object.keys(agency.requests[0]!.headers).sort()).toEqual([
      'accept',
      'connection',
      'content-length',
      'content-type',
      'host',
    ]);
    expect(outcomes).toEqual(['ANSWERED']);
  });

  test('is heard whole when it speaks in pieces that cut characters', async () => {
    const agency = await openAgency((response) => {
      response.writeHead(200, { 'content-type': 'application/graphql-response+json; charset=utf-8' });
      const bytes = Buffer.from(GOOD);
      const cut = bytes.indexOf(0xc3) + 1;
      response.write(bytes.subarray(0, cut));
      setTimeout(() => response.end(bytes.subarray(cut)), 20);
    });
    expect(await ask(connectTo(agency).agencies)).toBe(GOOD);
  });

  test('is asked many things at once over kept connections', async () => {
    const agency = await openAgency((response) => json(response, GOOD));
    const { agencies } = connectTo(agency, { connections: 4 });
    await Promise.all(Array.from({ length: 100 }, () => ask(agencies)));
    expect(agency.requests).toHaveLength(100);
    expect(agency.openSockets()).toBeLessThanOrEqual(4);
  });
});

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
    ['a gzip bomb', (response) => json(response, gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' })],
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
    const { agencies, outcomes, retries } = connectTo(agency);
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
    expect(performance.now() - startedAt).toBeLessThan(600);
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
    expect(performance.now() - startedAt).toBeLessThan(700);
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

describe('a read is asked again', () => {
  test.each([502, 503, 504])('after status %i, until it is answered', async (status) => {
    const agency = await openAgency((response, nth) =>
      nth < 3 ? response.writeHead(status).end() : json(response, GOOD),
    );
    const { agencies, outcomes, retries } = connectTo(agency);
    expect(await ask(agencies)).toBe(GOOD);
    expect([outcomes, retries()]).toEqual([['ANSWERED'], 2]);
  });

  test('but a mutation never is', async () => {
    const agency = await openAgency((response) => response.writeHead(503).end());
    const { agencies } = connectTo(agency);
    await faultOf(ask(agencies, 'mutation'));
    expect(agency.requests).toHaveLength(1);
    const broken = await openRawAgency((socket) => socket.destroy());
    await faultOf(ask(connectTo(broken).agencies, 'mutation'));
    expect(broken.requests).toHaveLength(1);
  });

  test('within its time, not beyond', async () => {
    const agency = await openAgency((response, nth) => {
      if (nth === 1) response.writeHead(503).end();
    });
    const { agencies } = connectTo(agency, {}, 150);
    const startedAt = performance.now();
    await faultOf(ask(agencies));
    expect(performance.now() - startedAt).toBeLessThan(600);
  });

  test('within a budget: an agency in trouble is not asked thrice for each question', async () => {
    // Success in between keeps the circuit closed.
    const agency = await openAgency((response, nth) =>
      nth % 2 === 0 ? response.writeHead(503).end() : json(response, GOOD),
    );
    const { agencies, retries } = connectTo(agency);
    for (let nth = 0; nth < 100; nth += 1) await ask(agencies).catch(() => undefined);
    expect(retries()).toBeLessThanOrEqual(20);
    expect(retries()).toBeGreaterThanOrEqual(10);
  });
});

describe('the circuit', () => {
  test('opens after failures in a row, sends nothing, probes with one, and closes on its success', async () => {
    let monotonicMs = 0;
    let isDown = true;
    const agency = await openAgency((response) => (isDown ? response.writeHead(429).end() : json(response, GOOD)));
    const { agencies, outcomes } = connectTo(agency, { monotonicMs: () => monotonicMs });
    for (let nth = 0; nth < 5; nth += 1) await faultOf(ask(agencies));
    expect(agency.requests).toHaveLength(5);

    expect(await faultOf(ask(agencies))).toMatchObject({ kind: 'UNAVAILABLE', retryAfterSeconds: 1 });
    expect(agency.requests).toHaveLength(5);
    expect(outcomes.at(-1)).toBe('CIRCUIT_OPEN');

    monotonicMs = 1000;
    await Promise.all([faultOf(ask(agencies)), faultOf(ask(agencies)), faultOf(ask(agencies))]);
    expect(agency.requests).toHaveLength(6);
    expect(await faultOf(ask(agencies))).toMatchObject({ retryAfterSeconds: 2 });

    monotonicMs = 3000;
    isDown = false;
    expect(await ask(agencies)).toBe(GOOD);
    expect(await ask(agencies)).toBe(GOOD);
  });

  test('of one agency is not that of another', async () => {
    const down = await openAgency((response) => response.writeHead(429).end());
    const up = await openAgency((response) => json(response, GOOD));
    opened.push(down);
    const { agencies } = connectTo(up, {
      http: { [FAMILY]: { url: up.url, timeoutMs: 1000 }, income: { url: down.url, timeoutMs: 1000 } },
    });
    const signal = new AbortController().signal;
    for (let nth = 0; nth < 6; nth += 1)
      await faultOf(agencies.send('income' as AgencyId, BODY, { kind: 'query', signal }));
    expect(await ask(agencies)).toBe(GOOD);
  });

  test('takes clients that leave for nothing', async () => {
    const agency = await openAgency((response, nth) => {
      if (nth > 10) json(response, GOOD);
    });
    const { agencies, outcomes } = connectTo(agency);
    for (let nth = 0; nth < 10; nth += 1) {
      const client = new AbortController();
      const asked = faultOf(ask(agencies, 'query', client.signal));
      setTimeout(() => client.abort(), 10);
      await asked;
    }
    expect(new Set(outcomes)).toEqual(new Set(['CLIENT_LEFT']));
    expect(await ask(agencies)).toBe(GOOD);
  });
});

describe('a client that leaves', () => {
  test('frees the agency at once', async () => {
    const agency = await openAgency(() => {});
    const { agencies, logged } = connectTo(agency, {}, 10_000);
    const client = new AbortController();
    const asked = faultOf(ask(agencies, 'query', client.signal));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(agency.closedSockets()).toBe(0);
    client.abort();
    await asked;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(agency.closedSockets()).toBe(1);
    expect(logged).toEqual([]);
  });

  test('before anything was sent, asks nothing', async () => {
    const agency = await openAgency((response) => json(response, GOOD));
    const { agencies } = connectTo(agency);
    await faultOf(ask(agencies, 'query', AbortSignal.abort()));
    expect(agency.requests).toEqual([]);
  });

  test('while its question waits for a connection, asks nothing', async () => {
    const agency = await openAgency((response, nth) => {
      setTimeout(() => json(response, GOOD), nth === 1 ? 100 : 0);
    });
    const { agencies } = connectTo(agency, { connections: 1 });
    const first = ask(agencies);
    const client = new AbortController();
    const waiting = faultOf(ask(agencies, 'query', client.signal));
    client.abort();
    await waiting;
    expect(await first).toBe(GOOD);
    expect(await ask(agencies)).toBe(GOOD);
    expect(agency.requests).toHaveLength(2);
  });
});

describe('an agency in this process', () => {
  const HUB = 'hub' as AgencyId;
  const inProcess = (answer: (body: string) => Promise<string>) => {
    const logged: object[] = [];
    const agencies = createAgencies({
      http: {},
      inProcess: { [HUB]: answer },
      log: { warn: (facts) => logged.push(facts), error: (facts) => logged.push({ ...facts, level: 'error' }) },
    });
    opened.push(agencies);
    const send = (signal = new AbortController().signal) => agencies.send(HUB, BODY, { kind: 'query', signal });
    return { send, logged };
  };

  test('is asked through the same port', async () => {
    expect(await inProcess((body) => Promise.resolve(`{"data":${JSON.stringify({ body })}}`)).send()).toContain(
      'me { name }',
    );
  });

  test('that throws is unavailable, and its words stay in the log’s own kind', async () => {
    const { send, logged } = inProcess(() => Promise.reject(new RangeError('DUPONT')));
    const fault = await faultOf(send());
    expect([fault.kind, fault.message]).toEqual(['UNAVAILABLE', 'exception RangeError']);
    expect(JSON.stringify(logged)).toBe(
      '[{"agency":"hub","kind":"UNAVAILABLE","detail":"exception RangeError","level":"error"}]',
    );
  });

  test('is not waited for when the client leaves', async () => {
    const client = new AbortController();
    const asked = faultOf(inProcess(() => new Promise(() => {})).send(client.signal));
    client.abort();
    await asked;
  });
});

test.each(['ftp://127.0.0.1/graphql', 'graphql', '//127.0.0.1', 'http://user:secret@127.0.0.1/', 'file:///etc/passwd'])(
  'an agency can’t be configured at %s',
  (url) => {
    expect(() => createAgencies({ http: { [FAMILY]: { url, timeoutMs: 1000 } } })).toThrow(TypeError);
  },
);
